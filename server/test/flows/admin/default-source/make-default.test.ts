import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '#model/sources/source.ts';
import { digestOf } from '../../account/local-person.ts';
import { openWorld, type World } from '../engine-world.ts';

let world: World;
let source: Source;
beforeEach(async () => {
  world = await openWorld();
  source = await world.foyer.seedSource(world.a);
});
afterEach(() => world.foyer.close());

const kysely = () => world.foyer.services.db.kysely;
const markTested = async ({ domainId, id, version }: Source): Promise<void> => {
  await kysely().deleteFrom('source_revisions').where('source_id', '=', id).execute();
  await kysely()
    .insertInto('source_revisions')
    .values({
      domain_id: domainId,
      source_id: id,
      version,
      name: 'Microsoft',
      settings: '{}',
      cause: 'edit',
      tested_at: new Date(),
    })
    .execute();
};
const seedBreakGlass = async (): Promise<string> =>
  world.foyer.seedUser(world.a, {
    name: 'Glass',
    sys_admin: true,
    break_glass: true,
    password_digest: await digestOf(),
  });
const make = (json: unknown = {}, id: string = source.id) =>
  world.as.admin('POST', `/sources/${id}/default`, { json });
const loginUrl = async () =>
  (await kysely().selectFrom('domains').select('login_url').where('id', '=', world.a.id).executeTakeFirst())
    ?.login_url;
const audited = () =>
  kysely()
    .selectFrom('audit')
    .select(['action', 'source_id', 'fields', 'detail'])
    .where('domain_id', '=', world.a.id)
    .where('action', 'like', 'source.%')
    .orderBy('at')
    .execute();

describe('making a source the default', () => {
  it('sends people straight to it, on every node, and back to the page again', async () => {
    await markTested(source);
    await seedBreakGlass();
    const browser = world.foyer.browser('a.test');
    expect((await browser.get('/auth/login?continue=/app')).location).toContain('/login?continue=');
    const answer = await make();
    const url = `/auth/login?provider=oauth2&id=${source.id}&continue={{url}}`;
    expect(answer).toMatchObject({ status: 200, body: { login_url: url } });
    expect(answer.headers.etag).toBeDefined();
    expect((await browser.get('/auth/login?continue=/app')).location).toContain(`id=${source.id}`);
    expect((await world.as.admin('DELETE', `/sources/${source.id}/default`)).status).toBe(202);
    expect((await browser.get('/auth/login?continue=/app')).location).toContain('/login?continue=');
    expect(await audited()).toEqual([
      {
        action: 'source.make_default',
        source_id: source.id,
        fields: ['login_url'],
        detail: { overridden: [], replaced: null },
      },
      { action: 'source.end_default', source_id: source.id, fields: ['login_url'], detail: {} },
    ]);
  });

  it('asks for a dry run of the very revision', async () => {
    await seedBreakGlass();
    expect(await make()).toMatchObject({ status: 409, body: { code: 'not_tested' } });
    await markTested({ ...source, version: source.version + 1 });
    expect(await make()).toMatchObject({ status: 409, body: { code: 'not_tested' } });
    expect(await loginUrl()).toBe('/login?continue={{url}}');
    expect(await audited()).toEqual([]);
  });

  it('asks for a break-glass account', async () => {
    await markTested(source);
    expect(await make()).toMatchObject({ status: 409, body: { code: 'no_break_glass' } });
    await seedBreakGlass();
    expect((await make()).status).toBe(200);
  });

  it('is done in spite of both when it is asked for so, with the reason in the audit log', async () => {
    expect((await make({ override: true, reason: 'moving tonight' })).status).toBe(200);
    expect(await audited()).toMatchObject([
      { detail: { overridden: ['not_tested', 'no_break_glass'], reason: 'moving tonight' } },
    ]);
  });

  it('does not offer a disabled source, not even then', async () => {
    const disabled = await world.foyer.seedSource(world.a, { enabled: false });
    const answer = await make({ override: true }, disabled.id);
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(answer.body.error).toContain('disabled');
  });

  it('S-45 does not find a source of another domain', async () => {
    const foreign = await world.foyer.seedSource(world.b);
    expect((await make({ override: true }, foreign.id)).status).toBe(404);
    expect((await world.as.admin('DELETE', `/sources/${foreign.id}/default`)).status).toBe(404);
    expect((await world.as.support('POST', `/sources/${source.id}/default`, { json: {} })).status).toBe(403);
  });

  it('leaves another default alone when a source stops being it', async () => {
    const other = await world.foyer.seedSource(world.a);
    await make({ override: true });
    expect((await world.as.admin('DELETE', `/sources/${other.id}/default`)).status).toBe(202);
    expect(await loginUrl()).toContain(source.id);
  });
});

describe('GET /domains/:id/readiness', () => {
  it('tells who gets in by password, where, and which source is the default', async () => {
    const path = `/domains/${world.a.id}/readiness`;
    expect((await world.as.admin('GET', path)).body).toEqual({
      break_glass: [],
      sign_in_page: 'https://a.test/login',
    });
    const id = await seedBreakGlass();
    await kysely()
      .insertInto('sessions')
      .values({
        domain_id: world.a.id,
        id_hash: Buffer.from('x'),
        public_id: 'x',
        user_id: id,
        provider: 'internal',
        authenticated_at: new Date(1_700_000_000_000),
        idle_expires_at: new Date(),
        expires_at: new Date(),
      })
      .execute();
    await make({ override: true });
    await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { password_sign_in: false } });
    const { email } = await kysely()
      .selectFrom('users')
      .select('email')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect((await world.as.admin('GET', path)).body).toEqual({
      break_glass: [{ id, name: 'Glass', email, last_password_sign_in_at: 1_700_000_000 }],
      sign_in_page: 'https://a.test/login?local=1',
      default_source_id: source.id,
    });
  });
});

describe('GET /domains/:id/impact', () => {
  it('counts what goes with the domain, and nothing of others', async () => {
    await world.foyer.seedSource(world.b);
    expect((await world.as.admin('GET', `/domains/${world.a.id}/impact`)).body).toEqual({
      users: 4,
      sources: 1,
      applications: 0,
      api_keys: expect.any(Number),
      sessions: 0,
    });
  });
});
