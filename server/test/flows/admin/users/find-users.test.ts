import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, openWorld, type World } from '../engine-world.ts';

let world: World;
let ann: string;
let bob: string;
beforeAll(async () => {
  world = await openWorld();
  ann = await world.foyer.seedUser(world.a, {
    email: 'ann.lee@acme.test',
    name: 'Ann Lee',
    nickname: 'Annie',
    login_name: 'alee',
    staff_id: 'S-100',
    department: 'Research',
    building: 'North Tower',
    phone: '+44 20',
    groups: ['research', 'fire'],
  });
  bob = await world.foyer.seedUser(world.a, { email: 'bob@acme.test', name: 'Bob', deleted_at: new Date() });
});
afterAll(() => world.foyer.close());

const idsOf = (body: { id: string }[]): string[] => body.map(({ id }) => id);

describe('finding users (contract 3.1, 3.6)', () => {
  it.each(['ann.lee@acme.test', 'ANN.LEE@acme.test', 'alee', 'S-100'])('by %s', async (name) => {
    expect((await world.as.user('GET', `/users/${encodeURIComponent(name)}`)).body.id).toBe(ann);
  });

  it('by id, with and without its prefix', async () => {
    for (const name of [ann, ann.slice('user-'.length)]) {
      expect((await world.as.user('GET', `/users/${name}`)).body.id).toBe(ann);
    }
    const missing = await world.as.user('GET', '/users/user-none');
    expect(missing).toMatchObject({ status: 404, body: { error: 'Key not present: user-none' } });
  });

  it('a login name that is somebody else’s id does not stand in for it', async () => {
    const thief = await world.foyer.seedUser(world.a, { login_name: ann });
    expect((await world.as.admin('GET', `/users/${ann}`)).body.id).toBe(ann);
    await world.as.admin('DELETE', `/users/${thief}`);
  });

  it.each(['Annie', 'lee@acme.test ann.lee@acme.test', 'alee', 'S-100', 'resear', 'tower', 'acme', 'Le'])(
    'searches words, the last one unfinished: %s',
    async (q) => {
      const { body } = await world.as.user('GET', `/users?q=${encodeURIComponent(q)}`);
      expect(idsOf(body)).toContain(ann);
    },
  );

  it('pages in order of name and id, with exact headers', async () => {
    const all = await world.as.user('GET', '/users');
    const names = all.body.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...names].sort());
    expect(all.headers['x-total-count']).toBe(String(names.length));
    expect(all.headers['content-range']).toBe(`user 0-${names.length}/${names.length}`);
    expect(all.headers.link).toBeUndefined();
    const page = await world.as.user('GET', '/users?limit=2&q=&authority_id=a%20b&offset=0');
    expect(page.headers.link).toBe(`<${api}/users/?q=&authority_id=a%20b&offset=2&limit=2>; rel="next"`);
    const next = await world.as.user('GET', /<(.*)>/.exec(page.headers.link ?? '')?.[1] ?? '');
    expect(idsOf([...page.body, ...next.body])).toEqual(idsOf(all.body.slice(0, 4)));
    for (const bad of ['limit=-1', 'limit=x', 'offset=1.5']) {
      expect((await world.as.user('GET', `/users?${bad}`)).status).toBe(400);
    }
    expect((await world.as.user('GET', '/users?limit=99999999')).status).toBe(200);
  });

  it('leaves deleted people out unless asked', async () => {
    expect(idsOf((await world.as.admin('GET', '/users')).body)).not.toContain(bob);
    const { body } = await world.as.admin('GET', '/users?include_deleted=true');
    expect(body.find(({ id }: { id: string }) => id === bob).deleted).toBe(true);
  });

  it('S-45 lists other domains for administrators of the installation only', async () => {
    const domainsOf = (body: { authority_id: string }[]) =>
      [...new Set(body.map((u) => u.authority_id))].sort();
    expect(domainsOf((await world.as.platform('GET', '/users')).body)).toEqual(
      [world.a.id, world.b.id].sort(),
    );
    expect(domainsOf((await world.as.platform('GET', `/users?authority_id=${world.b.id}`)).body)).toEqual([
      world.b.id,
    ]);
    expect(domainsOf((await world.as.admin('GET', '/users')).body)).toEqual([world.a.id]);
    expect((await world.as.admin('GET', `/users?authority_id=${world.b.id}`)).status).toBe(404);
    const { body } = await world.as.user('GET', `/users?authority_id=${world.b.id}`);
    expect(domainsOf(body)).toEqual([world.a.id]);
  });

  it('answers groups by e-mail address, of the own domain', async () => {
    const { body } = await world.as.user(
      'GET',
      `/users/groups?emails=ANN.lee@acme.test,bob@acme.test,${world.users.other}@example.test`,
    );
    expect(body).toEqual([{ id: ann, groups: ['research', 'fire'] }]);
    for (const query of ['', '?emails=', '?emails=ann.lee@acme.test,nonsense']) {
      expect((await world.as.user('GET', `/users/groups${query}`)).status).toBe(422);
    }
  });

  it('answers without the slash that ts-client forgets', async () => {
    expect((await world.as.user('GET', `${api}users/groups?emails=ann.lee@acme.test`)).body[0].id).toBe(ann);
  });

  it('finds people by a JSON path over their metadata', async () => {
    const put = (id: string, name: string, details: unknown) =>
      world.as.support('PUT', `/metadata/${id}`, { json: { name, description: '', details } });
    await put(ann, 'desk', { floor: 2, tags: ['window'], note: 'why?' });
    await put(world.users.user, 'desk', { floor: 3, tags: [] });
    const search = (filter: string) =>
      world.as.user('GET', `/users/metadata/search?filter=${encodeURIComponent(filter)}`);
    for (const filter of [
      '$.floor ? (@ < 3)',
      '$.floor == 2',
      '$.note == "why?"',
      '$.tags[*] ? (@ == "window")',
      'exists($.note)',
      '!($.floor == 3)',
    ]) {
      const { status, body, headers } = await search(filter);
      expect({ filter, status, ids: idsOf(body) }).toEqual({ filter, status: 200, ids: [ann] });
      expect(headers['content-range']).toBe('user 0-1/1');
    }
    expect(idsOf((await search('$.floor')).body).sort()).toEqual([ann, world.users.user].sort());
    expect((await search('$.none')).body).toEqual([]);
    expect((await search('$[')).body).toMatchObject({ parameter: 'filter' });
    expect((await search("$'; drop table users; --")).status).toBe(400);
    const adminView = await world.as.admin(
      'GET',
      `/users/metadata/search?filter=${encodeURIComponent('$.floor == 2')}`,
    );
    expect(adminView.body[0].sys_admin).toBe(false);
  });

  it('S-130 refuses a JSON path that would hold the database', async () => {
    const details = Array.from({ length: 50_000 }, () => 1);
    const json = { name: 'many', description: '', details };
    expect((await world.as.user('PUT', `/metadata/${world.users.user}`, { json })).status).toBe(200);
    const everyPair = encodeURIComponent('$[*] ? ($[*] == -1)');
    const { status, body } = await world.as.user('GET', `/users/metadata/search?filter=${everyPair}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { parameter: 'filter' } });
    await world.as.user('DELETE', `/metadata/${world.users.user}?name=many`);
  });
});
