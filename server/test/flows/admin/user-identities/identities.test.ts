import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Source } from '#model/sources/source.ts';
import { digestOf } from '../../account/local-person.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
let source: Source;
beforeEach(async () => {
  world = await openWorld();
  source = await world.foyer.seedSource(world.a, { name: 'Entra' });
});
afterEach(() => world.foyer.close());

const kysely = () => world.foyer.services.db.kysely;
const key = { issuer: 'https://idp.test', subject: 'a/b?c=d' };
const seed = async (userId: string): Promise<void> => {
  const columns = { domain_id: world.a.id, source_id: source.id, ...key };
  await kysely()
    .insertInto('identities')
    .values({
      ...columns,
      user_id: userId,
      email: 'u@idp.test',
      created_at: new Date(1_700_000_000_000),
      last_sign_in_at: new Date(1_700_000_100_000),
    })
    .execute();
  await kysely()
    .insertInto('upstream_grants')
    .values({
      ...columns,
      access_token_sealed: Buffer.from('sealed-canary'),
      state: 'needs_consent',
      expires_at: new Date(1_700_000_200_000),
    })
    .execute();
};
const path = (userId: string, query = ''): string => `/users/${userId}/identities${query}`;
const query = () => `?${new URLSearchParams({ source_id: source.id, ...key })}`;

it('tells administrators which sources know a person, and no token', async () => {
  await seed(world.users.user);
  const { status, body, text } = await world.as.admin('GET', path(world.users.user));
  expect(status).toBe(200);
  expect(body).toEqual([
    {
      source_id: source.id,
      source_name: 'Entra',
      ...key,
      email: 'u@idp.test',
      created_at: 1_700_000_000,
      last_sign_in_at: 1_700_000_100,
      token_state: 'needs_consent',
      token_expires_at: 1_700_000_200,
    },
  ]);
  expect(text).not.toContain('canary');
  expect((await world.as.support('GET', path(world.users.user))).status).toBe(403);
  expect((await world.as.user('GET', path(world.users.user))).status).toBe(403);
});

it('S-38 takes a source from a person, with its tokens, unless it is the last way in', async () => {
  const { user } = world.users;
  await seed(user);
  const refused = await world.as.admin('DELETE', path(user, query()));
  expect(refused).toMatchObject({ status: 409, body: { code: 'last_sign_in_method' } });
  await kysely()
    .updateTable('users')
    .set({ password_digest: await digestOf() })
    .where('id', '=', user)
    .execute();
  expect((await world.as.admin('DELETE', path(user, query()))).status).toBe(202);
  expect((await world.as.admin('GET', path(user))).body).toEqual([]);
  expect(await kysely().selectFrom('upstream_grants').selectAll().execute()).toEqual([]);
  const audited = await kysely().selectFrom('audit').select(['action', 'source_id', 'target']).execute();
  expect(audited).toEqual([{ action: 'identity.unlink', source_id: source.id, target: user }]);
  expect((await world.as.admin('DELETE', path(user, query()))).status).toBe(404);
});

it('wants to know which one', async () => {
  const { status, body } = await world.as.admin('DELETE', path(world.users.user));
  expect(status).toBe(422);
  expect(body.failures).toEqual([{ field: 'source_id', reason: 'is required' }]);
});

it('S-45 lets nobody take a source from those who rank above', async () => {
  await seed(world.users.platform);
  expect((await world.as.admin('DELETE', path(world.users.platform, query()))).status).toBe(403);
  expect((await world.as.other('GET', path(world.users.user))).status).toBe(404);
});
