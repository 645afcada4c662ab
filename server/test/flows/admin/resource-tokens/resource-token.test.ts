import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installErrorHandler } from '#base/http/error-handler.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { createAuthenticate } from '../../../../src/flows/access/authenticate.ts';
import { engineRoutes } from '../../../../src/flows/admin/engine.ts';
import { api, openWorld, type World } from '../engine-world.ts';

let world: World;
let app: FastifyInstance;
/** What the keeper was asked, and what it answers. */
let asked: unknown[] = [];
let answer: () => { token: string; expires?: Date } = () => ({ token: 'upstream-canary' });

beforeAll(async () => {
  world = await openWorld();
  const { services } = world.foyer;
  app = Fastify();
  installErrorHandler(app);
  app.decorateRequest('domain', null as unknown as World['a']);
  app.addHook('onRequest', async (request) => {
    const domain = await services.domains.byHost(request.host);
    if (domain) request.domain = domain;
  });
  await engineRoutes(app, {
    ...services,
    keeper: {
      async getResourceToken(...args) {
        asked.push(args);
        return answer();
      },
      async forgetTokens(...args) {
        asked.push(['forget', ...args]);
      },
    },
    authenticate: createAuthenticate(services),
    validateSource: () => [],
  });
});
afterAll(async () => {
  await app.close();
  await world.foyer.close();
});
beforeEach(async () => {
  asked = [];
  answer = () => ({ token: 'upstream-canary', expires: new Date(1_900_000_000_900) });
  await world.foyer.services.db.kysely.deleteFrom('audit').execute();
});

const call = async (key: string, method: 'POST' | 'DELETE', path: string, host = 'a.test') => {
  const res = await app.inject({ method, url: `${api}/users/${path}`, headers: { host, 'x-api-key': key } });
  return { status: res.statusCode, headers: res.headers, text: res.body };
};
const keyOf = (user: keyof World['users'], scopes: string[]) =>
  world.makeKey(user === 'other' ? world.b : world.a, world.users[user], { scopes });
const audit = () =>
  world.foyer.services.db.kysely
    .selectFrom('audit')
    .select(['action', 'outcome', 'reason', 'target', 'actor_kind', 'source_id'])
    .execute();

describe('resource_token (contract 3.6)', () => {
  it('S-100 answers one’s own token, with one audit row', async () => {
    const res = await call(await keyOf('user', ['public']), 'POST', 'resource_token?source_id=oauth_strat-x');
    expect(JSON.parse(res.text)).toEqual({ token: 'upstream-canary', expires: 1_900_000_000 });
    expect(res.headers['cache-control']).toBe('no-store');
    expect(asked).toEqual([[world.a.id, world.users.user, { sourceId: 'oauth_strat-x' }]]);
    expect(await audit()).toEqual([
      {
        action: 'upstream_token.read',
        outcome: 'ok',
        reason: null,
        target: world.users.user,
        actor_kind: 'api_key',
        source_id: 'oauth_strat-x',
      },
    ]);
  });

  it('leaves `expires` out where there is none', async () => {
    answer = () => ({ token: 't' });
    const res = await call(await keyOf('user', ['public']), 'POST', 'resource_token');
    expect(JSON.parse(res.text)).toEqual({ token: 't' });
  });

  it.each([['not_found', 404] as const, ['needs_consent', 511] as const])(
    'S-100 audits a refusal: %s',
    async (code, status) => {
      answer = () => {
        throw new FoyerError(code);
      };
      expect((await call(await keyOf('user', ['public']), 'POST', 'resource_token')).status).toBe(status);
      expect(await audit()).toMatchObject([{ outcome: 'denied', reason: code, target: world.users.user }]);
    },
  );

  it.each([
    ['admin', ['users'], 200],
    ['admin', ['users.write'], 200],
    ['platform', ['users'], 200],
    ['admin', ['public'], 403],
    ['admin', ['users.read'], 403],
    ['support', ['users'], 403],
    ['user', ['users'], 403],
  ] as const)('S-47 another’s token as %s with scopes %j: %i', async (role, scopes, status) => {
    const key = await keyOf(role, [...scopes]);
    expect((await call(key, 'POST', `${world.users.user}/resource_token`)).status).toBe(status);
    expect(asked.length).toBe(status === 200 ? 1 : 0);
  });

  it('S-47 is for people of the present domain only, even for administrators of the installation', async () => {
    for (const role of ['admin', 'platform'] as const) {
      const key = await keyOf(role, ['users']);
      expect((await call(key, 'POST', `${world.users.other}/resource_token`)).status).toBe(404);
      expect((await call(key, 'DELETE', `${world.users.other}/resource_token`)).status).toBe(404);
    }
    expect(asked).toEqual([]);
  });

  it('S-31 hands out nothing of a disabled person, but forgets', async () => {
    const id = await world.foyer.seedUser(world.a, { disabled_at: new Date() });
    const key = await keyOf('admin', ['users']);
    expect((await call(key, 'POST', `${id}/resource_token`)).status).toBe(404);
    expect((await call(key, 'DELETE', `${id}/resource_token`)).status).toBe(202);
    expect(asked).toEqual([['forget', world.a.id, id]]);
    expect(await audit()).toMatchObject([{ action: 'upstream_token.forget', target: id }]);
  });

  it('forgets for administrators only', async () => {
    const key = await keyOf('support', ['public']);
    expect((await call(key, 'DELETE', `${world.users.user}/resource_token`)).status).toBe(403);
  });

  it('the real server answers 404 where no token is kept', async () => {
    const res = await world.as.user('POST', '/users/resource_token');
    expect(res.status).toBe(404);
  });
});
