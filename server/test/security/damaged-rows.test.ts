/**
 * rows that were written by nobody of this version. The item that cannot be read fails with a code of its own;
 * everything beside it is served as if nothing were.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { addSigningKey } from '#model/keys/signing-keys.ts';
import type { Source } from '#model/sources/source.ts';
import { type Call, openWorld, type World } from '../flows/admin/engine-world.ts';
import { authorize as askForCode, registerApp, signIn } from '../flows/provider/support.ts';
import type { Foyer } from '../support/start-foyer.ts';

let world: World;
let foyer: Foyer;
let platform: Call;
let damaged: Domain;
let whole: Domain;
let counter = 0;

beforeAll(async () => {
  world = await openWorld();
  foyer = world.foyer;
  platform = world.as.platform;
});
beforeEach(async () => {
  damaged = await foyer.seedDomain({ host: `damaged-${++counter}.test` });
  whole = await foyer.seedDomain({ host: `whole-${counter}.test` });
});
afterAll(() => foyer.close());

const settings = {
  client_id: 'client',
  client_secret: 'secret',
  site: 'https://provider.example.com',
  authorize_url: '/authorize',
  token_url: '/token',
  scope: 'profile',
  raw_info_url: '/me',
  info_mappings: { uid: 'id', email: 'mail' },
};

/** Writes past every check, as another version or a slip of an operator would. */
const write = async (text: string, domain: Domain): Promise<void> => {
  await sql.raw(text).execute(foyer.services.db.kysely);
  foyer.services.sources.forgetAll();
  foyer.services.keyring.forget(domain.id);
  await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
};

const start = (domain: Domain, source: Source) =>
  foyer.browser(domain.host).get(`/auth/oauth2?id=${source.id}`, { headers: { accept: 'application/json' } });

/** A code of ours, and not the one for what nobody thought of. */
const expectCode = (answer: { status: number; body: string }): void => {
  const { error } = JSON.parse(answer.body) as { error: string };
  expect({ status: answer.status, error }).not.toMatchObject({ error: 'internal' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(error).toMatch(/^[a-z_]+$/);
};

describe('R-18 a source', () => {
  it.each([
    `settings = '"text"'`,
    `settings = '[]'`,
    `settings = 'null'`,
    `settings = '{"client_id":5,"scope":["x"],"authorize_url":{},"token_url":true,"info_mappings":"none"}'`,
    `settings = settings || '{"info_mappings":{"email":5,"uid":["id"]}}'`,
    `settings = settings || '{"authorize_params":[1]}'`,
    `settings = settings || '{"ensure_matching":{"domain":5}}'`,
    `settings = settings || '{"authorize_url":"http://[","token_url":"::"}'`,
    `settings = settings || '{"allowed_algs":"x","tid_allow":{"a":1}}'`,
    `settings = settings || '{"token_method":"carrier","auth_scheme":"pigeon"}'`,
    `secrets = '[]'`,
    `secrets = '{"client_secret":5}'`,
    `secrets = '{"client_secret":"not base64"}'`,
    `secrets = '{"client_secret":null}'`,
    `secrets = '"text"'`,
  ])('R-18 with %s fails alone', async (change) => {
    const bad = await foyer.seedSource(damaged, { name: 'Bad', settings });
    const good = await foyer.seedSource(damaged, { name: 'Good', settings });
    await write(`update sources set ${change} where id = '${bad.id}'`, damaged);
    const answer = await start(damaged, bad);
    // Some of these are read as nothing at all, and the rest of the source still leads to its provider.
    if (answer.status !== 302) expectCode(answer);
    expect((await start(damaged, good)).status).toBe(302);
    const page = await foyer.browser(damaged.host).get('/login');
    expect({ status: page.status, good: page.body.includes('Good') }).toEqual({ status: 200, good: true });
    const list = await platform('GET', `/oauth_auths?authority_id=${damaged.id}`);
    expect({ status: list.status, text: list.text }).toMatchObject({ status: 200 });
    expect(list.body.map(({ name }: { name: string }) => name)).toContain('Good');
    const one = await platform('GET', `/oauth_auths/${bad.id}`);
    expect(one.status).toBe(200);
    // And it can be mended.
    const mended = await platform('PUT', `/oauth_auths/${bad.id}`, {
      json: {
        ...settings,
        name: 'Mended',
        authorize_params: {},
        ensure_matching: {},
        allowed_algs: [],
        tid_allow: [],
        token_method: 'post',
        auth_scheme: 'request_body',
      },
    });
    expect({ status: mended.status, text: mended.text }).toMatchObject({ status: 200 });
    expect((await start(damaged, bad)).status).toBe(302);
  });

  it('R-18 S-92 with a flipped secret is a 503 secret_unreadable, alone', async () => {
    const bad = await foyer.seedSource(damaged, { name: 'Bad', settings });
    const good = await foyer.seedSource(damaged, { name: 'Good', settings });
    const [row] = (
      await sql<{
        secret: string;
      }>`select secrets ->> 'client_secret' as secret from sources where id = ${bad.id}`.execute(
        foyer.services.db.kysely,
      )
    ).rows;
    const blob = Buffer.from(row?.secret ?? '', 'base64');
    blob[30] = (blob[30] as number) ^ 1;
    await write(
      `update sources set secrets = '{"client_secret":"${blob.toString('base64')}"}' where id = '${bad.id}'`,
      damaged,
    );
    const answer = await start(damaged, bad);
    expect({ status: answer.status, error: answer.json().error }).toEqual({
      status: 503,
      error: 'secret_unreadable',
    });
    expect((await start(damaged, good)).status).toBe(302);
    expect((await platform('GET', `/oauth_auths/${bad.id}`)).body.client_secret_set).toBe(true);
  });

  it('R-18 of a kind of a newer version is offered to nobody and breaks nothing', async () => {
    const bad = await foyer.seedSource(damaged, { name: 'Bad', settings });
    const good = await foyer.seedSource(damaged, { name: 'Good', settings });
    await write('alter table sources drop constraint sources_kind_check', damaged);
    await write(`update sources set kind = 'carrier_pigeon' where id = '${bad.id}'`, damaged);
    expectCode(await start(damaged, bad));
    expect((await start(damaged, good)).status).toBe(302);
    const page = await foyer.browser(damaged.host).get('/login');
    expect(page.status).toBe(200);
    expect(page.body).toContain('Good');
    expect(page.body).not.toContain('Bad');
    for (const path of ['/oauth_auths', '/saml_auths', '/ldap_auths']) {
      expect((await platform('GET', path)).status).toBe(200);
    }
  });
});

describe('R-18 a domain', () => {
  it.each([
    `config = '[]'`,
    `config = '"text"'`,
    `config = 'null'`,
    `internals = 'null'`,
    `internals = '"text"'`,
    `internals = '{"session_timeout":{"a":1},"default_callback_uri":5}'`,
    `legacy = 'null'`,
    `legacy = '"text"'`,
    `login_url = 'http://[', logout_url = ''`,
    'session_idle_seconds = -1, session_absolute_seconds = 0',
  ])('R-18 with %s is served, or fails alone', async (change) => {
    await write(`update domains set ${change} where id = '${damaged.id}'`, damaged);
    const source = await foyer.seedSource(damaged, { settings });
    for (const path of [
      '/login',
      '/auth/authority',
      `/auth/oauth2?id=${source.id}`,
      '/auth/login',
      '/account',
    ]) {
      const { status, body } = await foyer.browser(damaged.host).get(path);
      expect({ path, status, body: status === 500 ? body : '' }).not.toMatchObject({ status: 500 });
    }
    expect((await foyer.browser(whole.host).get('/auth/authority')).status).toBe(200);
    const list = await platform('GET', '/domains?limit=1000');
    expect({ status: list.status, text: list.status === 200 ? '' : list.text }).toMatchObject({
      status: 200,
    });
    expect(list.body.map(({ id }: { id: string }) => id)).toContain(whole.id);
  });

  it('R-18 S-92 whose data key was damaged cannot open its secrets; others can', async () => {
    const bad = await foyer.seedSource(damaged, { settings });
    const good = await foyer.seedSource(whole, { settings });
    await write(
      `update data_keys set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where domain_id = '${damaged.id}'`,
      damaged,
    );
    const answer = await start(damaged, bad);
    expect({ status: answer.status, error: answer.json().error }).toEqual({
      status: 503,
      error: 'secret_unreadable',
    });
    expect((await start(whole, good)).status).toBe(302);
    expect((await foyer.browser(damaged.host).get('/login')).status).toBe(200);
  });
});

describe('R-18 a person', () => {
  it.each([
    `work_preferences = '"text"', work_overrides = '[]'`,
    `work_preferences = 'null', work_overrides = 'null'`,
    `email = null, email_canonical = null`,
    `groups = array['', 'x', 'x']`,
    `password_digest = 'md5:nonsense'`,
    `ui_theme = '', login_count = -1`,
  ])('R-18 with %s is listed with the others', async (change) => {
    const id = await foyer.seedUser(damaged, { email: `odd-${counter}@example.test` });
    await foyer.seedUser(damaged, { name: 'Somebody else' });
    await write(`update users set ${change} where id = '${id}'`, damaged);
    const list = await platform('GET', `/users?authority_id=${damaged.id}`);
    expect({ status: list.status, text: list.status === 200 ? '' : list.text }).toMatchObject({
      status: 200,
    });
    expect(list.body).toHaveLength(2);
    expect((await platform('GET', `/users/${id}`)).status).toBe(200);
    const { browser } = await signIn(foyer, damaged, { userId: id });
    expect((await browser.get('/account')).status).toBe(200);
    const tried = await foyer
      .browser(damaged.host)
      .post('/auth/signin', { form: { email: `odd-${counter}@example.test`, password: 'a wrong password' } });
    expect(tried.status).toBe(401);
  });
});

describe('R-18 an application', () => {
  it.each([`legacy = 'null'`, `legacy = '"text"'`, `scopes = ''`, `redirect_uri = 'not a uri'`])(
    'R-18 with %s fails alone',
    async (change) => {
      const bad = await registerApp(foyer, damaged);
      const good = await registerApp(foyer, damaged);
      await write(
        `update applications set ${change} where domain_id = '${damaged.id}' and uid = '${bad.uid}'`,
        damaged,
      );
      const { browser } = await signIn(foyer, damaged);
      const answer = await askForCode(browser, bad);
      expect({ status: answer.status, body: answer.body }).not.toMatchObject({ status: 500 });
      expect((await askForCode(browser, good)).location).toContain('code=');
      const list = await platform('GET', `/oauth_apps?authority_id=${damaged.id}`);
      expect(list.status).toBe(200);
      expect(list.body).toHaveLength(2);
    },
  );
});

describe('R-18 a signing key', () => {
  it('R-18 that cannot be read signs nothing; the others sign and are published', async () => {
    const app = await registerApp(foyer, damaged);
    const kid = await addSigningKey(foyer.services.db, foyer.services.keyring, new Date(Date.now() - 1_000));
    await write(`update signing_keys set private_sealed = 'garbage' where kid = '${kid}'`, damaged);
    foyer.services.signingKeys.forget();
    const { browser } = await signIn(foyer, damaged);
    expect((await askForCode(browser, app)).location).toContain('code=');
    const keys = await browser.get('/auth/oauth/discovery/keys');
    const kids = keys.json<{ keys: { kid: string }[] }>().keys.map((key) => key.kid);
    expect(kids.length).toBeGreaterThan(0);
    expect(kids).not.toContain(kid);
    expect((await browser.get('/readyz')).status).toBe(200);
    await sql`delete from signing_keys where kid = ${kid}`.execute(foyer.services.db.kysely);
  });
});
