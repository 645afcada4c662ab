import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, openWorld, type World } from '../engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const rowOf = (id: string) =>
  world.foyer.services.db.kysely
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
const auditOf = (target: string) =>
  world.foyer.services.db.kysely
    .selectFrom('audit')
    .selectAll()
    .where('target', '=', target)
    .orderBy('at')
    .execute();
const post = (call: Call, json: object) => call('POST', '/users', { json });
let n = 0;
const email = (): string => `new-${++n}@example.test`;

describe('creating users (contract 3.6)', () => {
  it('takes any attribute and answers the admin view, with one audit row of names only (S-137)', async () => {
    const { status, body } = await post(world.as.admin, {
      email: 'First.Last@Example.test',
      first_name: 'First',
      last_name: 'Last <img src=x onerror=alert(1)>',
      password: 'a long enough password',
      sys_admin: true,
      login_name: 'first',
      staff_id: '17',
      card_number: '4711',
      groups: ['a', 'b'],
      department: 'D',
      phone: '',
      work_preferences: [{ day_of_week: 1, blocks: [{ start_time: 9, end_time: 17.5, location: 'wfo' }] }],
      type: 'user',
      version: 0,
      id: 'user-mine',
      deleted: true,
      password_digest: '$2a$10$mine',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      email: 'First.Last@Example.test',
      name: 'First Last',
      authority_id: world.a.id,
      sys_admin: true,
      login_name: 'first',
      staff_id: '17',
      card_number: '4711',
      groups: ['a', 'b'],
      department: 'D',
      deleted: false,
      work_preferences: [{ day_of_week: 1, blocks: [{ start_time: 9, end_time: 17.5, location: 'wfo' }] }],
    });
    expect(body).not.toHaveProperty('phone');
    expect(body.id).toMatch(/^user-[0-9A-Za-z_~-]{10}$/);
    const row = await rowOf(body.id);
    expect(row.email_canonical).toBe('first.last@example.test');
    expect(row.password_digest).toMatch(/^\$argon2id\$/);
    const [audit] = await auditOf(body.id);
    expect(audit).toMatchObject({ action: 'user.create', domain_id: world.a.id, actor_kind: 'api_key' });
    expect(audit?.fields).toEqual(expect.arrayContaining(['sysAdmin', 'password', 'email']));
    expect(JSON.stringify(audit)).not.toContain('long enough');
  });

  it.each([
    [{}, 'email', 'should not be nil'],
    [{ email: null }, 'email', 'should not be nil'],
    [{ email: ' ' }, 'email', 'is required'],
    [{ email: 'no address' }, 'email', 'is an invalid email'],
    [
      { email: 'x@y.test', preferred_language: 'english please' },
      'preferred_language',
      'is an invalid preferred language',
    ],
    [{ email: 'x@y.test', password: 'short' }, 'password', 'must have at least 8 characters'],
    [{ email: 'x@y.test', password: 'password' }, 'password', 'is one of the most common passwords'],
    [{ email: 'x@y.test', groups: 'a' }, 'groups', 'must be an array'],
    [{ email: 'x@y.test', login_name: 'l'.repeat(5000) }, 'login_name', 'has the wrong type'],
  ])('S-86 S-131 refuses %j', async (json, field, reason) => {
    const { status, body } = await post(world.as.admin, json);
    expect({ status, failures: body.failures }).toEqual({ status: 422, failures: [{ field, reason }] });
  });

  it('S-36 takes one address once, in canonical form, under parallel tries', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        post(world.as.admin, { email: i % 2 ? 'Same@Example.test' : 'same@example.test ' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(422)]);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body.failures).toEqual([{ field: 'email', reason: 'should be unique' }]);
    // No Unicode folding: these are other people.
    for (const other of ['ｓame@example.test', 'samé@example.test']) {
      expect((await post(world.as.admin, { email: other })).status).toBe(201);
    }
  });

  it('keeps login name and staff id unique, but not blank ones', async () => {
    const first = await post(world.as.admin, { email: email(), login_name: 'uniq', staff_id: 'uniq' });
    expect(first.status).toBe(201);
    for (const field of ['login_name', 'staff_id']) {
      const taken = await post(world.as.admin, { email: email(), [field]: 'uniq' });
      expect(taken.body.failures).toEqual([{ field, reason: 'should be unique' }]);
      for (const _ of [1, 2]) {
        expect((await post(world.as.admin, { email: email(), [field]: '' })).status).toBe(201);
      }
    }
  });

  it('D-40 ignores admin attributes from support people, and refuses everybody below', async () => {
    const { status, body } = await post(world.as.support, {
      email: email(),
      sys_admin: true,
      support: true,
      login_name: 'hijack',
      groups: ['admins'],
      disabled: true,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ sys_admin: false, support: false, groups: [], disabled: false });
    expect(body).not.toHaveProperty('login_name');
    expect((await post(world.as.user, { email: email() })).status).toBe(403);
  });

  it('S-45 creates in the own domain only, unless by an administrator of the installation', async () => {
    const there = { email: email(), authority_id: world.b.id };
    expect((await post(world.as.admin, there)).status).toBe(404);
    expect((await post(world.as.support, there)).status).toBe(404);
    const made = await post(world.as.platform, there);
    expect({ status: made.status, home: made.body.authority_id }).toEqual({ status: 201, home: world.b.id });
    expect((await post(world.as.platform, { email: email(), authority_id: 'authority-none' })).status).toBe(
      404,
    );
  });

  it('S-67 needs write access', async () => {
    const reader = world.withKey(
      world.a,
      await world.makeKey(world.a, world.users.admin, { scopes: ['users.read', 'public.read'] }),
    );
    expect((await post(reader, { email: email() })).status).toBe(403);
    expect((await reader('GET', '/users')).status).toBe(200);
  });

  it('S-132 is not impressed by __proto__ and constructor', async () => {
    const raw = `{"email":"${email()}","__proto__":{"sys_admin":true},"constructor":{"prototype":{"support":true}}}`;
    const { status, body } = await world.as.admin('POST', '/users', { raw });
    expect({ status, admin: body.sys_admin, support: body.support }).toEqual({
      status: 201,
      admin: false,
      support: false,
    });
    expect(({} as { sys_admin?: boolean }).sys_admin).toBeUndefined();
  });
});

describe('changing users', () => {
  it('PUT and PATCH assign what is there; e-mail and domain stay, null and blank clear', async () => {
    const { body: made } = await post(world.as.admin, {
      email: 'keep@example.test',
      phone: '1',
      building: 'b',
      nickname: 'Nick',
      name: 'Keep',
    });
    for (const method of ['PUT', 'PATCH']) {
      const { status, body } = await world.as.admin(method, `/users/${made.id}?version=0`, {
        json: {
          ...made,
          email: 'other@example.test',
          authority_id: world.b.id,
          phone: null,
          building: '',
          locatable: true,
          created_at: 0,
        },
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ email: 'keep@example.test', authority_id: world.a.id, locatable: true });
      expect(body).not.toHaveProperty('phone');
      expect(body).not.toHaveProperty('building');
      expect(body.nickname).toBe('Nick');
    }
    const rows = await auditOf(made.id);
    expect(rows.map(({ action }) => action)).toEqual(['user.create', 'user.update']);
    expect(rows[1]?.fields.sort()).toEqual(['building', 'locatable', 'phone']);
  });

  it('builds the name from the first name on every save', async () => {
    const { body } = await post(world.as.admin, { email: email(), name: 'Free Choice' });
    const patch = (json: object) => world.as.admin('PATCH', `/users/${body.id}`, { json });
    expect((await patch({ first_name: 'Eve' })).body.name).toBe('Eve');
    expect((await patch({ last_name: 'Moor' })).body.name).toBe('Eve Moor');
    expect((await patch({ name: 'Ignored' })).body.name).toBe('Eve Moor');
    expect((await patch({ first_name: '', name: 'Chosen' })).body.name).toBe('Chosen');
    expect((await patch({ name: '' })).body.name).toBe('Chosen');
    expect((await patch({ name: null })).body.failures).toEqual([
      { field: 'name', reason: 'should not be nil' },
    ]);
  });

  it('lets people change themselves, without the attributes of administrators', async () => {
    const own = `/users/${world.users.user}`;
    const { status, body } = await world.as.user('PATCH', own, {
      json: {
        phone: '555',
        sys_admin: true,
        support: true,
        groups: ['g'],
        login_name: 'l',
        staff_id: 's',
        card_number: 'c',
        disabled: true,
      },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      phone: '555',
      sys_admin: false,
      support: false,
      groups: [],
      disabled: false,
    });
    for (const field of ['login_name', 'staff_id', 'card_number']) expect(body).not.toHaveProperty(field);
    expect(
      (await world.as.user('PATCH', `/users/${world.users.support}`, { json: { phone: '1' } })).status,
    ).toBe(403);
    expect((await world.as.support('PATCH', own, { json: { phone: '2' } })).body.phone).toBe('2');
  });

  it('R-14 answers 412 to a change of what somebody else has changed', async () => {
    const id = await world.foyer.seedUser(world.a);
    const seen = await world.as.admin('GET', `/users/${id}`);
    const headers = { 'if-match': seen.headers.etag ?? '' };
    const change = (phone: string) => world.as.admin('PATCH', `/users/${id}`, { json: { phone }, headers });
    expect((await change('1')).status).toBe(200);
    expect((await change('2')).status).toBe(412);
    expect((await rowOf(id)).phone).toBe('1');
  });

  it('S-46 does not know users of other domains, under any of their names', async () => {
    const id = await world.foyer.seedUser(world.b, {
      email: 'there@b.test',
      login_name: 'there',
      staff_id: 'there-1',
    });
    const before = await rowOf(id);
    for (const name of [id, id.replace('user-', ''), 'there@b.test', 'there', 'there-1']) {
      for (const role of ['admin', 'support', 'user'] as const) {
        expect((await world.as[role]('GET', `/users/${name}`)).status).toBe(404);
        expect((await world.as[role]('PATCH', `/users/${name}`, { json: { phone: '1' } })).status).toBe(404);
        expect((await world.as[role]('GET', `/users/${name}/metadata`)).status).toBe(404);
        expect((await world.as[role]('GET', `/users/${name}/sessions`)).status).toBe(404);
      }
      for (const role of ['admin', 'support'] as const) {
        expect((await world.as[role]('DELETE', `/users/${name}`)).status).toBe(404);
        expect((await world.as[role]('POST', `/users/${name}/revive`)).status).toBe(404);
      }
    }
    expect(await rowOf(id)).toEqual(before);
    expect((await world.as.platform('GET', `/users/${id}`)).status).toBe(200);
    expect((await world.as.platform('GET', '/users/there@b.test')).status).toBe(404);
  });
});
