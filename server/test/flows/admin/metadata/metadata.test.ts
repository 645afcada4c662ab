import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const write = (call: Call, parent: string, json: object, method = 'PUT') =>
  call(method, `/metadata/${parent}`, { json });
const doc = (name: string, details: unknown, more: object = {}) => ({
  name,
  description: '',
  details,
  ...more,
});

describe('metadata (contract 3.9, 6.8)', () => {
  it('answers what Backoffice asks for at its start', async () => {
    const me = world.users.admin;
    const read = () => world.as.admin('GET', `/metadata/${me}?name=settings`);
    expect(await read()).toMatchObject({ status: 200, body: {} });
    expect((await read()).text).toBe('{}');
    const put = await world.as.admin('PUT', `/metadata/${me}?version=0`, {
      json: { name: 'settings', description: '', details: { theme: '' } },
    });
    expect({ status: put.status, body: put.body }).toEqual({
      status: 200,
      body: {
        name: 'settings',
        description: '',
        details: { theme: '' },
        parent_id: me,
        modified_by_id: me,
        editors: [],
        created_at: expect.any(Number),
        updated_at: expect.any(Number),
      },
    });
    expect((await read()).body).toEqual({ settings: put.body });
  });

  it('PUT replaces details, PATCH merges them (RFC 7396)', async () => {
    const id = world.users.user;
    await write(world.as.user, id, doc('m', { a: 1, b: { c: 2, d: [1] } }));
    const merged = await write(world.as.user, id, doc('m', { a: null, b: { c: 3 }, e: 4 }), 'PATCH');
    expect(merged.body.details).toEqual({ b: { c: 3, d: [1] }, e: 4 });
    const replaced = await write(world.as.user, id, doc('m', { only: true }));
    expect(replaced.body.details).toEqual({ only: true });
    const created = await write(world.as.user, id, doc('fresh', { a: 1, gone: null }), 'PATCH');
    expect(created.body.details).toEqual({ a: 1 });
    for (const details of [[1, 'two'], 'text', 3.5, false]) {
      expect((await write(world.as.user, id, doc('any', details))).body.details).toEqual(details);
    }
  });

  it('loses nothing of twenty merges at once', async () => {
    const id = world.users.user;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => write(world.as.user, id, doc('busy', { [`k${i}`]: i }), 'PATCH')),
    );
    const { body } = await world.as.user('GET', `/metadata/${id}?name=busy`);
    expect(Object.keys(body.busy.details)).toHaveLength(20);
  });

  it.each([
    [{}, ['name', 'description', 'details']],
    [{ name: 'x', description: '' }, ['details']],
    [{ name: 'x', description: '', details: null }, ['details']],
    [{ name: ' ', description: '', details: {} }, ['name']],
    [{ name: 'x\u0007', description: '', details: {} }, ['name']],
    [{ name: 'x', description: 1, details: {} }, ['description']],
  ])('refuses %j', async (json, fields) => {
    const { status, body } = await write(world.as.user, world.users.user, json);
    expect({ status, fields: body.failures.map(({ field }: { field: string }) => field) }).toEqual({
      status: 422,
      fields,
    });
  });

  it('is written by the owner, support people and members of its editors', async () => {
    const owner = world.users.user;
    const editor = await world.foyer.seedUser(world.a, { groups: ['fire'] });
    const asEditor = world.withKey(world.a, await world.makeKey(world.a, editor));
    expect((await write(asEditor, owner, doc('warden', {}))).status).toBe(403);
    const made = await write(
      world.as.support,
      owner,
      doc('warden', { a: 1 }, { editors: ['fire'], schema_id: 's' }),
    );
    expect(made.body).toMatchObject({
      editors: ['fire'],
      schema_id: 's',
      modified_by_id: world.users.support,
    });
    // Editors write, but do not choose who may.
    const edited = await write(
      asEditor,
      owner,
      doc('warden', { a: 2 }, { editors: ['me'], schema_id: null }),
    );
    expect(edited.body).toMatchObject({ details: { a: 2 }, editors: ['fire'], schema_id: 's' });
    const own = await write(world.as.user, owner, doc('warden', { a: 3 }, { editors: [] }));
    expect(own.body.editors).toEqual(['fire']);
    expect((await asEditor('DELETE', `/metadata/${owner}?name=warden`)).status).toBe(403);
    expect((await asEditor('GET', `/metadata/${owner}?name=warden`)).status).toBe(200);
    const cleared = await write(world.as.support, owner, doc('warden', { a: 3 }, { editors: [] }));
    expect(cleared.body.editors).toEqual([]);
    expect((await write(asEditor, owner, doc('warden', { a: 4 }))).status).toBe(403);
  });

  it('renames with its history; a taken name is 422, a missing one 404', async () => {
    const id = world.users.user;
    await write(world.as.user, id, doc('one', { v: 1 }));
    await write(world.as.user, id, doc('one', { v: 2 }));
    await write(world.as.user, id, doc('two', {}));
    const rename = (json: object) => world.as.user('PATCH', `/metadata/${id}/name`, { json });
    expect((await rename({ current_name: 'one', new_name: 'two' })).body.failures).toEqual([
      { field: 'new_name', reason: 'should be unique' },
    ]);
    expect((await rename({ current_name: 'none', new_name: 'x' })).status).toBe(404);
    expect((await rename({ current_name: 'one' })).status).toBe(422);
    const renamed = await rename({ current_name: 'one', new_name: 'three' });
    expect(renamed.body).toMatchObject({ name: 'three', details: { v: 2 } });
    const { body } = await world.as.user('GET', `/metadata/${id}/history?name=three`);
    expect(body.three.map((each: { details: unknown }) => each.details)).toEqual([{ v: 2 }, { v: 1 }]);
    expect((await write(world.as.user, id, doc('three', { v: 3 }))).status).toBe(200);
  });

  it('keeps the newest twenty states of a name, and pages within it', async () => {
    const id = world.users.support;
    for (let v = 1; v <= 23; v++) await write(world.as.support, id, doc('log', { v }));
    // The same again is no change.
    await write(world.as.support, id, doc('log', { v: 23 }));
    const versions = async (query: string): Promise<number[]> => {
      const { body } = await world.as.support('GET', `/metadata/${id}/history?name=log${query}`);
      return (body.log ?? []).map((each: { details: { v: number } }) => each.details.v);
    };
    expect(await versions('')).toEqual(Array.from({ length: 20 }, (_, i) => 23 - i));
    expect(await versions('&limit=2&offset=3')).toEqual([20, 19]);
    expect(await versions('&offset=20')).toEqual([]);
  });

  it('deletes by name', async () => {
    const id = world.users.user;
    await write(world.as.user, id, doc('gone', {}));
    expect((await world.as.user('DELETE', `/metadata/${id}`)).status).toBe(422);
    const answer = await world.as.user('DELETE', `/metadata/${id}?name=gone`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 202, text: '' });
    expect((await world.as.user('DELETE', `/metadata/${id}?name=gone`)).status).toBe(404);
    expect((await world.as.user('GET', `/metadata/${id}?name=gone`)).body).toEqual({});
  });

  it('reads one name of several parents at once', async () => {
    const { user, support, other } = world.users;
    await write(world.as.user, user, doc('map', { u: 1 }));
    await write(world.as.support, support, doc('map', { s: 1 }));
    await write(world.as.other, other, doc('map', { secret: 1 }));
    const { body } = await world.as.user(
      'GET',
      `/metadata/map/bulk?parent_ids=${user},${support},${other},user-none`,
    );
    expect(Object.keys(body).sort()).toEqual([user, support].sort());
    expect(body[user]).toMatchObject({ parent_id: user, details: { u: 1 } });
    expect((await world.as.user('GET', '/metadata/map/bulk')).status).toBe(422);
  });

  it('S-46 has people of the own domain as parents, nothing else', async () => {
    const parents = ['zone-123', 'sys-123', 'user-none', world.users.other, 'x'];
    for (const parent of parents) {
      for (const role of ['admin', 'user'] as const) {
        expect((await world.as[role]('GET', `/metadata/${parent}`)).status).toBe(404);
        expect((await write(world.as[role], parent, doc('x', {}))).status).toBe(404);
        expect((await write(world.as[role], parent, doc('x', {}), 'PATCH')).status).toBe(404);
        expect((await world.as[role]('GET', `/metadata/${parent}/history`)).status).toBe(404);
        expect((await world.as[role]('DELETE', `/metadata/${parent}?name=map`)).status).toBe(404);
        const rename = { json: { current_name: 'map', new_name: 'mine' } };
        expect((await world.as[role]('PATCH', `/metadata/${parent}/name`, rename)).status).toBe(404);
      }
    }
    expect((await world.as.user('GET', '/metadata/zone-123/children')).status).toBe(404);
    expect((await world.as.other('GET', `/metadata/${world.users.other}`)).body.map.details).toEqual({
      secret: 1,
    });
  });

  it('S-137 writes a row for each change, with names of fields', async () => {
    const id = await world.foyer.seedUser(world.a);
    await write(world.as.support, id, doc('audited', { canary: 1 }));
    await write(world.as.support, id, doc('audited', { canary: 2 }, { description: 'd' }));
    await world.as.support('DELETE', `/metadata/${id}?name=audited`);
    const rows = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'fields', 'detail', 'actor_id'])
      .where('target', '=', id)
      .orderBy('at')
      .execute();
    expect(rows.map(({ action }) => action)).toEqual([
      'metadata.create',
      'metadata.update',
      'metadata.delete',
    ]);
    expect(rows[1]).toMatchObject({ fields: ['description', 'details'], detail: { name: 'audited' } });
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  it('S-67 needs the scope', async () => {
    const withScopes = async (scopes: string[]) =>
      world.withKey(world.a, await world.makeKey(world.a, world.users.user, { scopes }));
    const reader = await withScopes(['metadata.read']);
    expect((await reader('GET', `/metadata/${world.users.user}`)).status).toBe(200);
    expect((await write(reader, world.users.user, doc('x', {}))).status).toBe(403);
    const stranger = await withScopes(['users']);
    expect((await stranger('GET', `/metadata/${world.users.user}`)).status).toBe(403);
  });
});
