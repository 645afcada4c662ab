/** What is the same for every kind of source: reserved ids, notes on secrets, versions, copies, and what hangs on it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { stampSource } from '#flows/admin/sources/save-source.ts';
import { openPass, passKey, sealPass } from '#model/sources/dry-run-pass.ts';
import { findRevision } from '#model/sources/revision-store.ts';
import { findSource, type StoredSource } from '#model/sources/source-store.ts';
import { type Answer, openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const plain = (more: object = {}) => ({
  name: 'Portal',
  authority_id: world.a.id,
  client_id: 'app',
  client_secret: 'canary-secret-0001',
  site: 'https://idp.test',
  scope: 'profile',
  raw_info_url: '/me',
  info_mappings: { uid: 'id' },
  ...more,
});

const add = async (more: object = {}): Promise<string> => {
  const answer = await world.as.admin('POST', '/oauth_auths', { json: plain(more) });
  expect(answer.status).toBe(201);
  return answer.body.id;
};
const change = (id: string, json: object): Promise<Answer> =>
  world.as.admin('PATCH', `/oauth_auths/${id}`, { json });
const revisions = async (id: string): Promise<Answer['body']> =>
  (await world.as.admin('GET', `/sources/${id}/revisions`)).body;

const digestOf = async (id: string): Promise<string> => {
  const row = await world.foyer.services.db.kysely
    .selectFrom('source_revisions')
    .select('digest')
    .where('source_id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return row.digest;
};
/** As a dry run would seal it. */
const passFor = async (
  digest: string,
  { userId = world.users.admin, domainId = world.a.id, agoMs = 0 } = {},
): Promise<string> => {
  const { keyring, clock } = world.foyer.services;
  const atMs = clock.nowMs() - agoMs;
  return sealPass(await passKey(keyring), { domainId: domainId as DomainId, digest, userId, atMs });
};

describe('a reserved id', () => {
  const reserve = (json: object, as: 'admin' | 'other' | 'support' = 'admin') =>
    world.as[as]('POST', '/sources/reservations', { json });

  it('is answered with the addresses that are registered at the provider', async () => {
    const { status, body } = await reserve({ authority_id: world.a.id, kind: 'oauth2' });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^oauth_strat-/),
      kind: 'oauth2',
      authority_id: world.a.id,
      reservation: expect.any(String),
      callback_url: `https://a.test/auth/oauth2/callback?id=${body.id}`,
      callback_url_path: `https://a.test/auth/oauth2/callback/${body.id}`,
      login_url: `/auth/login?provider=oauth2&id=${body.id}&continue={{url}}`,
      consent_state: expect.stringMatching(/^consent-[\w-]{43}$/),
    });
    const saml = await reserve({ authority_id: world.a.id, kind: 'saml' });
    expect(saml.body).not.toHaveProperty('consent_state');
    expect(saml.body).toMatchObject({
      entity_id: 'place.technology',
      acs_url: `https://a.test/auth/adfs/callback?id=${saml.body.id}`,
      login_url: `/auth/login?provider=adfs&id=${saml.body.id}&continue={{url}}`,
    });
  });

  it('becomes the id of the source, once', async () => {
    const { id, reservation } = (await reserve({ authority_id: world.a.id, kind: 'oauth2' })).body;
    const json = plain({ id, reservation });
    expect(await world.as.admin('POST', '/oauth_auths', { json })).toMatchObject({
      status: 201,
      body: { id },
    });
    expect((await world.as.admin('POST', '/oauth_auths', { json })).status).toBe(409);
  });

  it('serves every kind, and leaves no trace in the settings', async () => {
    const ldap = (await reserve({ authority_id: world.a.id, kind: 'ldap' })).body;
    const { id, reservation } = ldap;
    const json = { name: 'L', authority_id: world.a.id, host: 'l.test', base: 'dc=x', id, reservation };
    expect((await world.as.admin('POST', '/ldap_auths', { json })).body.id).toBe(id);
    const row = await world.foyer.services.db.kysely
      .selectFrom('sources')
      .select('settings')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.settings).toEqual({
      host: 'l.test',
      base: 'dc=x',
      port: 636,
      auth_method: 'ssl',
      uid: 'sAMAccountName',
    });
  });

  it('S-45 counts for its domain, its kind and its id alone', async () => {
    const { id, reservation } = (await reserve({ authority_id: world.a.id, kind: 'oauth2' })).body;
    const refused = { status: 422, body: { failures: [{ field: 'reservation' }] } };
    const other = plain({ authority_id: world.b.id, id, reservation });
    expect(await world.as.other('POST', '/oauth_auths', { json: other })).toMatchObject(refused);
    const another = plain({ id: 'oauth_strat-0123456789', reservation });
    expect(await world.as.admin('POST', '/oauth_auths', { json: another })).toMatchObject(refused);
    const forged = plain({ id, reservation: `${reservation.slice(0, -2)}AA` });
    expect(await world.as.admin('POST', '/oauth_auths', { json: forged })).toMatchObject(refused);
    const ldap = { name: 'L', authority_id: world.a.id, host: 'l.test', base: 'dc=x', id, reservation };
    expect(await world.as.admin('POST', '/ldap_auths', { json: ldap })).toMatchObject(refused);
    expect((await reserve({ authority_id: world.b.id, kind: 'oauth2' })).status).toBe(404);
    expect((await reserve({ authority_id: world.a.id, kind: 'oauth2' }, 'support')).status).toBe(403);
    expect((await reserve({})).status).toBe(422);
  });

  it('an id without a reservation is ignored, as it always was', async () => {
    expect(await add({ id: 'oauth_strat-0123456789' })).not.toBe('oauth_strat-0123456789');
  });
});

describe('routes for every kind', () => {
  it('S-45 ask for the scope of the kind', async () => {
    const id = await add();
    const path = `/sources/${id}/revisions`;
    const { a, users } = world;
    const right = await world.makeKey(a, users.admin, { scopes: ['o_auth_authentications.read'] });
    const wrong = await world.makeKey(a, users.admin, { scopes: ['ldap_authentications'] });
    expect((await world.withKey(a, right)('GET', path)).status).toBe(200);
    expect((await world.withKey(a, wrong)('GET', path)).status).toBe(403);
    expect((await world.withKey(a, right)('POST', `/sources/${id}/duplicate`, { json: {} })).status).toBe(
      403,
    );
    const json = { authority_id: a.id, kind: 'oauth2' };
    expect((await world.withKey(a, wrong)('POST', '/sources/reservations', { json })).status).toBe(403);
  });
});

describe('notes on secrets', () => {
  it('S-94 tell two secrets apart and show no secret', async () => {
    const id = await add({ client_secret_expires_at: 1_900_000_000 });
    const noted = (await change(id, { next_client_secret: 'short' })).body.secret_notes;
    expect(noted).toEqual({
      client_secret: {
        set: true,
        last_four: '0001',
        fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
        set_at: expect.any(Number),
        expires_at: 1_900_000_000,
      },
      next_client_secret: {
        set: true,
        fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
        set_at: expect.any(Number),
      },
      client_private_key: { set: false },
    });
    const twin = (await world.as.admin('GET', `/oauth_auths/${await add()}`)).body.secret_notes;
    expect(twin.client_secret.fingerprint).toBe(noted.client_secret.fingerprint);
    expect(twin.client_secret.fingerprint).not.toBe(noted.next_client_secret.fingerprint);
  });

  it('an expiry alone is an edit of the notes: the configuration stays the same', async () => {
    const id = await add();
    const before = await digestOf(id);
    const edited = await change(id, { client_secret_expires_at: 1_800_000_000 });
    expect(edited.body.secret_notes.client_secret).toMatchObject({ expires_at: 1_800_000_000 });
    expect(await digestOf(id)).toBe(before);
    expect((await revisions(id))[0].changes).toEqual([
      { field: 'client_secret_expires_at', after: 1_800_000_000 },
    ]);
    const cleared = await change(id, { client_secret_expires_at: null });
    expect(cleared.body.secret_notes.client_secret).not.toHaveProperty('expires_at');
    await change(id, { client_secret_expires_at: 1_800_000_000 });
    const replaced = await change(id, { client_secret: 'another-secret-2' });
    expect(replaced.body.secret_notes.client_secret).not.toHaveProperty('expires_at');
    expect(await digestOf(id)).not.toBe(before);
  });

  it('S-96 both secrets must be entered again when they would go elsewhere', async () => {
    const id = await add({ next_client_secret: 'the-next-secret' });
    const moved = await change(id, { site: 'https://evil.test' });
    expect(moved).toMatchObject({
      status: 422,
      body: { failures: [{ field: 'client_secret' }, { field: 'next_client_secret' }] },
    });
    const half = await change(id, { site: 'https://evil.test', client_secret: 'canary-secret-0001' });
    expect(half).toMatchObject({ status: 422, body: { failures: [{ field: 'next_client_secret' }] } });
    const cleared = { site: 'https://new.test', client_secret: 'x-secret', next_client_secret: null };
    expect((await change(id, cleared)).status).toBe(200);
  });

  it('promotes the second secret to the first, and its slot is empty', async () => {
    const id = await add({
      next_client_secret: 'the-next-secret',
      next_client_secret_expires_at: 1_999_999_999,
    });
    const before = (await world.as.admin('GET', `/oauth_auths/${id}`)).body;
    const { status, body } = await world.as.admin('POST', `/sources/${id}/promote_secret`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ client_secret_set: true, next_client_secret_set: false, revision: 2 });
    expect(body.secret_notes.client_secret).toEqual(before.secret_notes.next_client_secret);
    expect(body.secret_notes.next_client_secret).toEqual({ set: false });
    const opened = await world.foyer.services.sources.find(world.a.id, id as SourceId);
    expect(opened?.source.secretsSet).toEqual(['client_secret']);
    expect((await revisions(id))[0]).toMatchObject({ cause: 'promote_secret', current: true });
    expect((await world.as.admin('POST', `/sources/${id}/promote_secret`)).status).toBe(422);
  });
});

describe('versions of a source', () => {
  it('say who changed what, secrets as fingerprints', async () => {
    const id = await add();
    await change(id, {
      name: 'Portal 2',
      info_mappings: { uid: 'oid' },
      client_secret: 'canary-secret-0002',
    });
    await change(id, { enabled: false });
    const { body, text, headers } = await world.as.admin('GET', `/sources/${id}/revisions`);
    expect(headers['x-total-count']).toBe('3');
    expect(body.map((each: { version: number }) => each.version)).toEqual([3, 2, 1]);
    expect(body[0]).toMatchObject({
      cause: 'edit',
      current: true,
      changes: [{ field: 'enabled', before: true, after: false }],
      actor: { kind: 'api_key', name: expect.stringMatching(/^key /) },
    });
    const fingerprint = expect.stringMatching(/^[0-9a-f]{8}$/);
    expect(body[1]).toMatchObject({
      current: false,
      changes: [
        { field: 'name', before: 'Portal', after: 'Portal 2' },
        { field: 'info_mappings', before: { uid: 'id' }, after: { uid: 'oid' } },
        { field: 'client_secret', before: fingerprint, after: fingerprint },
      ],
    });
    expect(body[2]).toMatchObject({ cause: 'create', version: 1 });
    expect(body[2].changes).toContainEqual({ field: 'client_id', after: 'app' });
    expect(text).not.toContain('canary-secret');
    const page = await world.as.admin('GET', `/sources/${id}/revisions?limit=1&offset=1`);
    expect(page.body).toEqual([body[1]]);
  });

  it('names the person who changed it in a browser', async () => {
    const id = await add();
    const { token } = await world.makeToken(world.a, world.users.admin);
    await world.withToken(world.a, token)('PATCH', `/oauth_auths/${id}`, { json: { name: 'By hand' } });
    expect((await revisions(id))[0].actor).toEqual({
      kind: 'user',
      id: world.users.admin,
      name: 'Admin A',
    });
  });

  it('rolls back name, settings and secrets in one step, and says so', async () => {
    const id = await add({ next_client_secret: 'the-next-secret' });
    await change(id, {
      name: 'Elsewhere',
      site: 'https://other.test',
      client_secret: 'other-secret-here',
      next_client_secret: null,
      enabled: false,
    });
    const answer = await world.as.admin('POST', `/sources/${id}/roll_back`, { json: { version: 1 } });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        name: 'Portal',
        site: 'https://idp.test',
        next_client_secret_set: true,
        enabled: false,
        revision: 3,
      },
    });
    expect((await revisions(id))[0]).toMatchObject({
      cause: 'roll_back',
      restored_version: 1,
      current: true,
    });
    const audit = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'detail', 'fields'])
      .where('source_id', '=', id)
      .where('action', '=', 'source.roll_back')
      .execute();
    expect(audit).toMatchObject([{ detail: { restored_version: 1 } }]);
    expect(audit[0]?.fields).toEqual(expect.arrayContaining(['name', 'site', 'client_secret']));
  });

  it('refuses a version that is not there, and one that somebody else has left behind', async () => {
    const id = await add();
    const to = (json: object, headers = {}) =>
      world.as.admin('POST', `/sources/${id}/roll_back`, { json, headers });
    expect(await to({ version: 7 })).toMatchObject({
      status: 422,
      body: { failures: [{ field: 'version' }] },
    });
    expect((await to({})).status).toBe(422);
    await change(id, { name: 'Newer' });
    expect((await to({ version: 1 }, { 'if-match': '"1"' })).status).toBe(412);
    expect((await to({ version: 2 })).body.revision).toBe(2);
  });

  it('S-48 forgets the tokens of people when the roll-back moves the token endpoint', async () => {
    const id = await add();
    const { kysely } = world.foyer.services.db;
    await change(id, { site: 'https://second.test', client_secret: 'another-secret-2' });
    const key = { domain_id: world.a.id, source_id: id, issuer: 'i', subject: 's' };
    await kysely
      .insertInto('identities')
      .values({ ...key, user_id: world.users.user })
      .execute();
    await kysely
      .insertInto('upstream_grants')
      .values({ ...key, access_token_sealed: Buffer.from('x') })
      .execute();
    await world.as.admin('POST', `/sources/${id}/roll_back`, { json: { version: 1 } });
    const left = await kysely
      .selectFrom('upstream_grants')
      .select('issuer')
      .where('source_id', '=', id)
      .execute();
    expect(left).toEqual([]);
  });

  it('reads a source whose revisions are missing, and keeps the next one', async () => {
    const id = await add();
    await world.foyer.services.db.kysely.deleteFrom('source_revisions').where('source_id', '=', id).execute();
    expect(await revisions(id)).toEqual([]);
    expect((await change(id, { name: 'Again' })).status).toBe(200);
    expect(await revisions(id)).toMatchObject([{ version: 2, current: true }]);
  });
});

describe('the pass of a dry run', () => {
  const testedAt = async (id: string): Promise<number | undefined> => (await revisions(id))[0].tested_at;

  it('stamps the revision that it is for', async () => {
    const id = await add();
    const pass = await passFor(await digestOf(id), { agoMs: 60_000 });
    expect((await world.as.admin('POST', `/sources/${id}/passes`, { json: { pass } })).status).toBe(200);
    expect(await testedAt(id)).toBe(Math.floor((world.foyer.clock.nowMs() - 60_000) / 1000));
    const audit = world.foyer.services.db.kysely
      .selectFrom('audit')
      .select('action')
      .where('source_id', '=', id);
    expect((await audit.execute()).map(({ action }) => action)).toContain('source.test');
  });

  it('comes along when a source is added or changed, and counts for exactly what is saved', async () => {
    const twin = await add({ name: 'Twin' });
    const dry_run_pass = await passFor(await digestOf(twin));
    const id = await add({ name: 'Twin', dry_run_pass });
    expect(await testedAt(id)).toEqual(expect.any(Number));
    const other = await add({ name: 'Twin', scope: 'other', dry_run_pass });
    expect(await testedAt(other)).toBeUndefined();
    await change(other, { scope: 'profile', dry_run_pass });
    expect(await testedAt(other)).toEqual(expect.any(Number));
    const unchanged = await add({ name: 'Twin' });
    await change(unchanged, { dry_run_pass });
    expect(await testedAt(unchanged)).toEqual(expect.any(Number));
    expect(await revisions(unchanged)).toHaveLength(1);
  });

  it('is refused for another configuration, administrator or domain, and after a day', async () => {
    const id = await add();
    const digest = await digestOf(id);
    const accept = async (pass: string) =>
      (await world.as.admin('POST', `/sources/${id}/passes`, { json: { pass } })).status;
    expect(await accept(await passFor('0'.repeat(64)))).toBe(409);
    expect(await accept(await passFor(digest, { userId: world.users.platform }))).toBe(409);
    expect(await accept(await passFor(digest, { domainId: world.b.id }))).toBe(409);
    expect(await accept(await passFor(digest, { agoMs: 25 * 3_600_000 }))).toBe(409);
    expect(await accept('nonsense')).toBe(409);
    expect(await testedAt(id)).toBeUndefined();
    const { keyring, clock } = world.foyer.services;
    const sealed = await passFor(digest);
    expect(openPass(await passKey(keyring), world.a.id, sealed, clock.nowMs())?.digest).toBe(digest);
  });

  it('stamps the configuration that it was for when somebody saves at the same moment', async () => {
    const id = await add();
    const digest = await digestOf(id);
    const { db } = world.foyer.services;
    const source = (await findSource(db, world.a.id, 'oauth2', id)) as StoredSource;
    await change(id, { scope: 'other' });
    const test = { at: world.foyer.clock.now(), by: world.users.admin };
    await stampSource({ db }, { kind: 'system' }, source, digest, test);
    expect(await testedAt(id)).toBeUndefined();
  });

  it('is cleared by any edit, and comes back with the configuration that was tested', async () => {
    const id = await add();
    const pass = await passFor(await digestOf(id));
    await world.as.admin('POST', `/sources/${id}/passes`, { json: { pass } });
    await change(id, { scope: 'more' });
    expect(await testedAt(id)).toBeUndefined();
    await world.as.admin('POST', `/sources/${id}/roll_back`, { json: { version: 1 } });
    expect(await testedAt(id)).toEqual(expect.any(Number));
    await change(id, { enabled: false });
    expect(await testedAt(id)).toEqual(expect.any(Number));
  });
});

describe('a copy', () => {
  it('S-10 has the settings, no secret, its own user id, and is offered to nobody in the same domain', async () => {
    const id = await add({ next_client_secret: 'the-next-secret' });
    const { kysely } = world.foyer.services.db;
    const row = await kysely
      .selectFrom('sources')
      .select('settings')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await kysely
      .updateTable('sources')
      .set({ settings: JSON.stringify({ ...(row.settings as object), uid_key: 'id' }) })
      .where('id', '=', id)
      .execute();
    const { status, body } = await world.as.admin('POST', `/sources/${id}/duplicate`, { json: {} });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Portal (copy)',
      authority_id: world.a.id,
      enabled: false,
      client_id: 'app',
      client_secret_set: false,
      next_client_secret_set: false,
      revision: 1,
    });
    const copied = await findRevision(world.foyer.services.db, world.a.id, body.id, 1);
    expect(copied).toMatchObject({ settings: row.settings, secrets: {}, cause: 'create' });
    const named = await world.as.admin('POST', `/sources/${id}/duplicate`, { json: { name: 'Try' } });
    expect(named.body.name).toBe('Try');
    expect((await world.as.admin('POST', `/sources/${id}/duplicate`, { json: { name: ' ' } })).status).toBe(
      422,
    );
  });
});

describe('what hangs on a source', () => {
  const joins = async (sourceId: string, userId: string): Promise<void> => {
    await world.foyer.services.db.kysely
      .insertInto('identities')
      .values({ domain_id: world.a.id, source_id: sourceId, issuer: 'i', subject: userId, user_id: userId })
      .execute();
  };

  it('names those who have no other way in', async () => {
    const { foyer, a } = world;
    const [id, second, off] = [await add(), await add(), await add({ enabled: false })];
    const stranded = await foyer.seedUser(a, { name: 'Zoe Stranded' });
    const withDisabled = await foyer.seedUser(a, { name: 'Abe Stranded' });
    const withPassword = await foyer.seedUser(a, { password_digest: 'x' });
    const withOther = await foyer.seedUser(a);
    const gone = await foyer.seedUser(a, { disabled_at: new Date() });
    for (const user of [stranded, withDisabled, withPassword, withOther, gone]) await joins(id, user);
    await joins(second, withOther);
    await joins(off, withDisabled);
    const enabled = await foyer.services.db.kysely
      .selectFrom('sources')
      .select('id')
      .where('domain_id', '=', a.id)
      .where('enabled', '=', true)
      .execute();
    const { body } = await world.as.admin('GET', `/sources/${id}/impact`);
    expect(body).toEqual({
      is_default: false,
      users: 4,
      only_way_in: 2,
      people: [
        { id: withDisabled, name: 'Abe Stranded', email: `${withDisabled}@example.test` },
        { id: stranded, name: 'Zoe Stranded', email: `${stranded}@example.test` },
      ],
      other_sources: enabled.length - 1,
    });
    const domains = foyer.services.db.kysely.updateTable('domains').where('id', '=', a.id);
    await domains.set({ password_sign_in: false }).execute();
    expect((await world.as.admin('GET', `/sources/${id}/impact`)).body.only_way_in).toBe(3);
    await domains.set({ password_sign_in: true }).execute();
  });

  it('gives the choice back to the sign-in page when the default source is deleted', async () => {
    const id = await add();
    const login_url = `/auth/login?provider=oauth2&id=${id}&continue={{url}}`;
    await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { login_url } });
    expect((await world.as.admin('GET', `/sources/${id}/impact`)).body.is_default).toBe(true);
    expect((await world.as.admin('DELETE', `/oauth_auths/${await add()}`)).status).toBe(202);
    expect((await world.foyer.services.domains.byId(world.a.id))?.loginUrl).toBe(login_url);
    expect((await world.as.admin('DELETE', `/oauth_auths/${id}`)).status).toBe(202);
    expect((await world.foyer.services.domains.byId(world.a.id))?.loginUrl).toBe('/login?continue={{url}}');
    const audit = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'fields', 'detail'])
      .where('target', '=', world.a.id)
      .where('action', '=', 'domain.update')
      .execute();
    expect(audit).toContainEqual(
      expect.objectContaining({ fields: ['loginUrl'], detail: { deleted_default: id } }),
    );
  });

  it('gives the choice back to the sign-in page when the default source is switched off', async () => {
    const id = await add();
    const login_url = `/auth/login?provider=oauth2&id=${id}&continue={{url}}`;
    await world.as.admin('PATCH', `/domains/${world.a.id}`, { json: { login_url } });
    expect((await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { name: 'Other' } })).status).toBe(
      200,
    );
    expect((await world.foyer.services.domains.byId(world.a.id))?.loginUrl).toBe(login_url);
    expect((await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { enabled: false } })).status).toBe(
      200,
    );
    expect((await world.foyer.services.domains.byId(world.a.id))?.loginUrl).toBe('/login?continue={{url}}');
    const audit = await world.foyer.services.db.kysely
      .selectFrom('audit')
      .select(['fields', 'detail'])
      .where('target', '=', world.a.id)
      .where('action', '=', 'domain.update')
      .execute();
    expect(audit).toContainEqual({ fields: ['loginUrl'], detail: { disabled_default: id } });
  });
});
