import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const nowSeconds = (): number => Math.floor(world.foyer.clock.nowMs() / 1000);

describe('API keys (contract 3.7, 6.7)', () => {
  it('shows the key once; it then opens the API', async () => {
    const { status, body } = await world.as.admin('POST', '/api_keys', {
      json: {
        name: '  Wall PANEL ',
        description: 'd',
        user_id: world.users.user,
        user: { id: 'nonsense', sys_admin: true },
        scopes: ['public.read'],
        permissions: null,
      },
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'wall panel',
        permissions: 'user',
        scopes: ['public.read'],
        user_id: world.users.user,
        authority_id: world.a.id,
        user: { id: world.users.user, email_digest: expect.stringMatching(/^[0-9a-f]{32}$/) },
        authority: { domain: 'a.test' },
        x_api_key: expect.stringMatching(/^[0-9a-f]{32}\.[A-Za-z0-9_-]{43}$/),
      },
    });
    expect(body.user).not.toHaveProperty('sys_admin');
    expect(body.authority).not.toHaveProperty('internals');
    const inspected = await world.withKey(world.a, body.x_api_key)('GET', '/api_keys/inspect');
    expect(inspected.body).toEqual({
      iss: 'https://a.test',
      iat: expect.any(Number),
      exp: expect.any(Number),
      aud: 'a.test',
      sub: world.users.user,
      scope: ['public.read'],
      u: { n: 'User A', e: `${world.users.user}@example.test`, p: 0, r: [] },
    });
    expect(inspected.body.exp - inspected.body.iat).toBe(3900);
    const read = await world.as.admin('GET', `/api_keys/${body.id}`);
    expect(read.status).toBe(200);
    const listed = await world.as.admin('GET', '/api_keys?q=panel');
    expect(listed.body.map((each: { id: string }) => each.id)).toEqual([body.id]);
    const secret = body.x_api_key.split('.')[1];
    const { kysely } = world.foyer.services.db;
    const stored = JSON.stringify([
      await kysely.selectFrom('api_keys').selectAll().execute(),
      await kysely.selectFrom('audit').selectAll().execute(),
    ]);
    for (const text of [read.text, listed.text, stored]) expect(text).not.toContain(secret);
    expect(stored).not.toContain('x_api_key');
  });

  it('answers 422 without an owner, with an unknown one, and for a taken name', async () => {
    const post = (json: object) => world.as.admin('POST', '/api_keys', { json });
    expect((await post({ name: 'x' })).body.failures).toEqual([
      { field: 'user_id', reason: 'should not be nil' },
    ]);
    expect((await post({ name: 'x', user_id: 'user-none' })).body.failures[0].field).toBe('user_id');
    const own = { name: 'Twice', user_id: world.users.user };
    expect((await post(own)).status).toBe(201);
    expect((await post(own)).body.failures).toEqual([{ field: 'name', reason: 'should be unique' }]);
  });

  it('takes the sooner of ttl and expires_at, both in the future', async () => {
    const post = (json: object) =>
      world.as.admin('POST', '/api_keys', { json: { user_id: world.users.user, ...json } });
    const both = await post({ name: 'k1', ttl: 60, expires_at: nowSeconds() + 3600 });
    expect(both.body.expires_at - nowSeconds()).toBeLessThanOrEqual(61);
    expect((await post({ name: 'k2', expires_at: nowSeconds() - 1 })).body.failures).toEqual([
      { field: 'expires_at', reason: 'must be in the future' },
    ]);
    expect((await post({ name: 'k3', ttl: 0 })).body.failures).toEqual([
      { field: 'ttl', reason: 'must be positive' },
    ]);
    expect((await post({ name: 'k4', permissions: 3 })).body.permissions).toBe('admin_support');
    expect((await post({ name: 'k5', permissions: 'root' })).status).toBe(422);
    expect((await post({ name: 'k6', scopes: ['a.b.c'] })).status).toBe(422);
  });

  it('S-45 gives no administrator a key that ranks above them, nor scopes that they do not hold', async () => {
    const forPlatform = await world.as.admin('POST', '/api_keys', {
      json: { name: 'climb', user_id: world.users.platform, permissions: 'admin' },
    });
    expect(forPlatform.status).toBe(403);
    const narrow = world.withKey(
      world.a,
      await world.makeKey(world.a, world.users.admin, { scopes: ['api_keys', 'users.read'] }),
    );
    const widen = await narrow('POST', '/api_keys', {
      json: { name: 'wider', user_id: world.users.admin, scopes: ['public'] },
    });
    expect(widen.status).toBe(403);
    const within = await narrow('POST', '/api_keys', {
      json: { name: 'within', user_id: world.users.admin, scopes: ['users.read'] },
    });
    expect(within.status).toBe(201);
    expect(
      (await narrow('PATCH', `/api_keys/${within.body.id}`, { json: { scopes: ['public'] } })).status,
    ).toBe(403);
  });

  it('PATCH changes neither secret nor owner; DELETE ends the key at once', async () => {
    const made = await world.as.admin('POST', '/api_keys', {
      json: { name: 'p', user_id: world.users.user },
    });
    const patched = await world.as.admin('PATCH', `/api_keys/${made.body.id}`, {
      json: { description: 'new', secret: 'x', user_id: world.users.admin, id: 'y' },
    });
    expect(patched.body).toMatchObject({ id: made.body.id, description: 'new', user_id: world.users.user });
    const key = world.withKey(world.a, made.body.x_api_key);
    expect((await key('GET', '/api_keys/inspect')).status).toBe(200);
    expect((await world.as.admin('DELETE', `/api_keys/${made.body.id}`)).status).toBe(202);
    expect(await key('GET', '/api_keys/inspect')).toMatchObject({
      status: 401,
      body: { error: 'unknown X-API-Key' },
    });
  });

  it('is for administrators', async () => {
    for (const role of ['support', 'user'] as const) {
      expect(await world.as[role]('GET', '/api_keys')).toMatchObject({ status: 403, text: '' });
    }
  });
});
