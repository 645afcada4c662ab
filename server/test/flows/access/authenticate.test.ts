import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserId } from '#base/lib/ids.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import { api, openWorld, type World } from '../admin/engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const inspect = async (headers: Record<string, string>, path = '/api_keys/inspect', host = 'a.test') => {
  const res = await world.foyer.inject({
    method: 'GET',
    url: `${api}${path}`,
    headers: { host, ...headers },
  });
  return { status: res.statusCode, error: (JSON.parse(res.body) as { error?: string }).error };
};

describe('credentials (contract 3.1)', () => {
  it('takes a bearer and an API key, and Token for Bearer', async () => {
    const { token } = await world.makeToken(world.a, world.users.user);
    const key = await world.makeKey(world.a, world.users.user);
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `bearer ${token}` },
      { authorization: `Token ${token}` },
      { 'x-api-key': key },
    ] as Record<string, string>[]) {
      expect((await inspect(headers)).status).toBe(200);
    }
  });

  it.each([
    [{}, ''],
    [{ authorization: 'Bearer' }, ''],
    [{ authorization: 'Bearer ' }, ''],
    [{ authorization: 'Basic YTpi' }, ''],
    [{ authorization: 'Bearer mock-token' }, 'malformed token'],
    [{ authorization: 'Bearer x-api-key' }, 'malformed token'],
    [{ 'x-api-key': '' }, 'unknown X-API-Key'],
    [{ 'x-api-key': 'nonsense' }, 'unknown X-API-Key'],
    [{ 'x-api-key': `${'0'.repeat(32)}.${'A'.repeat(43)}` }, 'unknown X-API-Key'],
  ] as [Record<string, string>, string][])('answers 401 to %j with the error %j', async (headers, error) => {
    expect(await inspect(headers)).toEqual({ status: 401, error });
  });

  it('S-85 looks neither into the query nor into cookies, S-84 nor at the session', async () => {
    const { token } = await world.makeToken(world.a, world.users.user);
    const key = await world.makeKey(world.a, world.users.user);
    for (const name of ['api-key', 'x-api-key', 'bearer_token', 'access_token']) {
      for (const value of [token, key]) {
        expect((await inspect({}, `/api_keys/inspect?${name}=${value}`)).status).toBe(401);
        expect((await inspect({ cookie: `${name}=${value}` })).status).toBe(401);
      }
    }
    expect((await inspect({ cookie: `__Host-foyer_session=${'A'.repeat(43)}` })).status).toBe(401);
  });

  it('says when a key has expired, only to who knows its secret', async () => {
    const key = await world.makeKey(world.a, world.users.user);
    const [id = ''] = key.split('.');
    await world.foyer.services.db.kysely
      .updateTable('api_keys')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where('id', '=', id)
      .execute();
    expect(await inspect({ 'x-api-key': key })).toEqual({ status: 401, error: 'API key has expired' });
    const guessed = `${id}.${'B'.repeat(43)}`;
    expect(await inspect({ 'x-api-key': guessed })).toEqual({ status: 401, error: 'unknown X-API-Key' });
  });

  it('S-42, D-37 refuses the token and the key of another domain', async () => {
    const { token } = await world.makeToken(world.a, world.users.admin);
    const key = await world.makeKey(world.a, world.users.admin);
    expect(await inspect({ authorization: `Bearer ${token}` }, '/api_keys/inspect', 'b.test')).toEqual({
      status: 401,
      error: "authority domain does not match token's",
    });
    expect((await inspect({ 'x-api-key': key }, '/api_keys/inspect', 'b.test')).status).toBe(401);
  });

  it('S-39 answers 404 on an unknown host, whatever the credential', async () => {
    const key = await world.makeKey(world.a, world.users.admin);
    expect((await inspect({ 'x-api-key': key }, '/api_keys/inspect', 'nobody.test')).status).toBe(404);
  });

  it('S-78 follows the owner: demoted, disabled, deleted', async () => {
    const { kysely } = world.foyer.services.db;
    const owner = await world.foyer.seedUser(world.a, { sys_admin: true });
    const key = world.withKey(world.a, await world.makeKey(world.a, owner));
    const set = (values: object) => kysely.updateTable('users').set(values).where('id', '=', owner).execute();
    expect((await key('GET', '/api_keys')).status).toBe(200);
    await set({ sys_admin: false });
    expect((await key('GET', '/api_keys')).status).toBe(403);
    expect((await key('GET', '/api_keys/inspect')).body.u.p).toBe(0);
    await set({ disabled_at: new Date() });
    expect((await key('GET', '/api_keys/inspect')).status).toBe(401);
    await set({ disabled_at: null, deleted_at: new Date() });
    expect((await key('GET', '/api_keys/inspect')).status).toBe(401);
  });

  it('takes roles from the database, not from the token', async () => {
    const owner = await world.foyer.seedUser(world.a);
    const { token } = await world.makeToken(world.a, owner);
    const call = world.withToken(world.a, token);
    expect((await call('GET', '/oauth_auths')).status).toBe(403);
    await world.foyer.services.db.kysely
      .updateTable('users')
      .set({ sys_admin: true })
      .where('id', '=', owner)
      .execute();
    expect((await call('GET', '/oauth_auths')).status).toBe(200);
  });

  it('S-61 ends a token with its family, its person and every sign-out, at the next request', async () => {
    const { db } = world.foyer.services;
    const { kysely } = db;
    const owner = await world.foyer.seedUser(world.a);
    const live = async () => {
      const { token, familyId } = await world.makeToken(world.a, owner);
      const call = world.withToken(world.a, token);
      expect((await call('GET', '/api_keys/inspect')).status).toBe(200);
      return { call, familyId };
    };
    const first = await live();
    await kysely
      .updateTable('token_families')
      .set({ revoked_at: new Date() })
      .where('id', '=', first.familyId)
      .execute();
    expect((await first.call('GET', '/api_keys/inspect')).status).toBe(401);

    const second = await live();
    await db.transaction((tx) => endAllSessions(tx, world.a.id, owner as UserId));
    expect((await second.call('GET', '/api_keys/inspect')).status).toBe(401);

    const third = await live();
    await kysely.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', owner).execute();
    expect(await third.call('GET', '/api_keys/inspect')).toMatchObject({
      status: 401,
      body: { error: 'token was revoked' },
    });
    await kysely.updateTable('users').set({ disabled_at: null }).where('id', '=', owner).execute();

    const fourth = await live();
    await kysely
      .updateTable('token_families')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where('id', '=', fourth.familyId)
      .execute();
    expect((await fourth.call('GET', '/api_keys/inspect')).status).toBe(401);
  });
});

describe('scopes (contract 3.1, S-67)', () => {
  it.each([
    [['public'], 200, 200],
    [['public.read'], 200, 403],
    [['public.write'], 403, 200],
    [['domains'], 200, 200],
    [['domains.read'], 200, 403],
    [['domains.write'], 403, 200],
    [['users', 'domainsx', 'openid'], 403, 403],
    [[], 403, 403],
  ] as [string[], number, number][])('%j reads %i, writes %i', async (scopes, read, write) => {
    const { token } = await world.makeToken(world.a, world.users.admin, { scopes });
    const call = world.withToken(world.a, token);
    expect((await call('GET', `/domains/${world.a.id}`)).status).toBe(read);
    expect((await call('PATCH', `/domains/${world.a.id}`, { json: {} })).status).toBe(write);
  });
});
