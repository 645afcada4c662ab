/**
 * What a preset of the console fills from the few typed values is what its vendor takes: the checklist's callback is
 * registered, the draft is checked and tried, saved with its pass, and a person signs in. The vendors are played under
 * their real hosts by npm `oidc-provider` and `emulate`; their addresses are those of their documentation.
 */

import type { DryRunResult, DryRunStarted } from '@foyer/contract/dry-runs.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { testCa } from '@foyer/testkit/tls/tls.ts';
import { playEmulated } from '@foyer/testkit/vendors/emulated-vendor.ts';
import { type OidcVendor, playOidcVendor, type RegisteredApp } from '@foyer/testkit/vendors/oidc-vendor.ts';
import { signInAtVendor } from '@foyer/testkit/vendors/sign-in-at-vendor.ts';
import { startVendors, type Vendors } from '@foyer/testkit/vendors/start-vendors.ts';
import { createEmulator } from 'emulate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEgress } from '#base/lib/egress/egress.ts';
import { bodyOf } from '../../../../backoffice/src/features/sources/draft.ts';
import {
  type Answers,
  draftFrom,
  type PresetName,
} from '../../../../backoffice/src/features/sources/presets/preset.ts';
import { presetOf } from '../../../../backoffice/src/features/sources/presets/presets.ts';
import { vendorSteps } from '../../../../backoffice/src/features/sources/vendor/vendor-steps.ts';
import { expectSignedIn } from '../../support/expectations.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { messageOf } from './dry-run-world.ts';
import { openWorld, type World } from './engine-world.ts';

const hosts = [
  'accounts.google.com',
  'oauth2.googleapis.com',
  'openidconnect.googleapis.com',
  'www.googleapis.com',
  'contoso.b2clogin.com',
  'contoso.okta.com',
  'contoso.eu.auth0.com',
  'id.example.test',
  'github.com',
  'api.github.com',
];

let vendors: Vendors;
let world: World;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  vendors = await startVendors(hosts);
  const clock = createTestClock();
  const egress = createEgress({ clock, allow: [], ca: testCa, hostMap: vendors.hostMap });
  closing.push(() => egress.close());
  world = await openWorld({ overrides: { egress } });
});
afterEach(async () => {
  // The checks of hosts are limited by the minute.
  world.foyer.clock.advance(7_000);
  // Nobody is known from the story before.
  await world.foyer.services.db.kysely.deleteFrom('users').where('email', 'like', 'ada@%').execute();
});
afterAll(async () => {
  await world?.foyer.close();
  await vendors?.close();
  for (const close of closing) await close();
});

const client = { client_id: 'foyer-at-the-vendor', client_secret: 'a-secret-of-at-least-32-characters' };

interface Story {
  preset: PresetName;
  answers: Answers;
  /** Plays the vendor, with this application registered. */
  play(app: RegisteredApp): void | Promise<void>;
  /** As the vendor's page names them. */
  person?: string;
}

/** From the typed values to a person who is signed in; answers what the dry run saw and the user's row. */
const tell = async ({ preset: name, answers, play, person = 'Ada' }: Story) => {
  const { foyer, a } = world;
  const { admin } = world.as;
  const preset = presetOf(name);
  if (!preset) throw new Error(`no preset ${name}`);
  const reserved = await admin('POST', '/sources/reservations', {
    json: { authority_id: a.id, kind: 'oauth2' },
  });
  const { id, reservation } = reserved.body;
  const typed = { ...client, ...answers };
  const { discover } = preset.fill(typed);
  const steps = vendorSteps(name, {
    draft: draftFrom(preset.fill(typed).fields, {}),
    addresses: reserved.body,
  });
  const redirect_uris = steps
    .filter(({ code }) => code === 'redirect_uri')
    .flatMap(({ copies }) => copies.map(({ value }) => value));
  await play({ ...client, redirect_uris });

  let found: Parameters<typeof preset.fill>[1];
  if (discover !== undefined) {
    const answer = await admin('POST', '/source_checks/discover', { json: { issuer: discover } });
    expect(answer).toMatchObject({ status: 200 });
    found = answer.body;
  }
  const { fields, problems } = preset.fill(typed, found);
  expect(problems).toEqual({});
  const draft = bodyOf(draftFrom(fields, {}));
  const about = { authority_id: a.id, kind: 'oauth2', source_id: id, reservation, draft };
  const checks = await admin('POST', '/source_checks', { json: { ...about, network: true } });
  expect(checks.status).toBe(200);
  expect(checks.body.filter(({ level }: { level: string }) => level === 'error')).toEqual([]);

  const started = (await admin('POST', '/dry_runs', { json: about })).body as DryRunStarted;
  expect(started.result).toBeUndefined();
  const landed = new URL(await signInAtVendor(started.authorize_url, person, vendors));
  const page = await foyer.inject({
    method: 'GET',
    url: landed.pathname + landed.search,
    headers: { host: landed.host },
  });
  const { params } = messageOf(page.body);
  const finished = await admin('POST', '/dry_runs/finish', { json: { ticket: started.ticket, params } });
  const result = finished.body as DryRunResult;
  const failed = result.steps?.find(({ outcome }) => outcome === 'failed');
  expect(result, `${result.code} ${JSON.stringify(failed)}`).toMatchObject({ outcome: 'passed' });

  const saved = await admin('POST', '/oauth_auths', {
    json: { ...draft, authority_id: a.id, id, reservation, dry_run_pass: result.pass, enabled: true },
  });
  expect(saved).toMatchObject({ status: 201, body: { id } });
  expect((await admin('GET', `/sources/${id}`)).body).toMatchObject({ tested_at: expect.any(Number) });

  const browser = foyer.browser(a.host);
  const start = await browser.get(`/auth/oauth2?id=${id}`);
  expectSignedIn(await browser.get(await signInAtVendor(start.location, person, vendors)));
  const user = await foyer.services.db.kysely
    .selectFrom('identities as i')
    .innerJoin('users as u', (join) =>
      join.onRef('u.id', '=', 'i.user_id').onRef('u.domain_id', '=', 'i.domain_id'),
    )
    .select(['u.name', 'u.email', 'u.email_verified', 'u.first_name', 'i.issuer', 'i.subject'])
    .where('i.source_id', '=', id)
    .executeTakeFirstOrThrow();
  return { draft, result, user };
};

const playOidc = (vendor: OidcVendor, on: readonly string[], app: RegisteredApp): void => {
  const handle = playOidcVendor(vendor, app);
  for (const host of on) vendors.set(host, handle);
};
const asksForRefresh = (query: URLSearchParams): boolean =>
  (query.get('scope') ?? '').split(' ').includes('offline_access');
const oidcScopes = ['openid', 'profile', 'email', 'offline_access'];

describe('the Google Workspace preset', () => {
  // https://accounts.google.com/.well-known/openid-configuration,
  // https://developers.google.com/identity/protocols/oauth2/web-server (access_type, prompt)
  const google: OidcVendor = {
    issuer: 'https://accounts.google.com',
    routes: {
      authorization: '/o/oauth2/v2/auth',
      token: '/token',
      userinfo: '/v1/userinfo',
      jwks: '/oauth2/v3/certs',
    },
    // Google does not know offline_access.
    scopes: ['openid', 'profile', 'email'],
    claims: { hd: 'contoso.test', picture: 'https://lh3.googleusercontent.com/a/ada' },
    claimsInIdToken: true,
    givesRefreshToken: (query) => query.get('access_type') === 'offline' && query.get('prompt') === 'consent',
  };
  const play = (app: RegisteredApp, more: Partial<OidcVendor> = {}) =>
    playOidc({ ...google, ...more }, hosts.slice(0, 4), app);

  it('signs in a person of the Workspace, with a refresh token', async () => {
    const { result, user } = await tell({
      preset: 'google',
      answers: { hosted_domain: 'contoso.test' },
      play,
    });
    expect(result.refresh_token).toBe(true);
    expect(user).toEqual({
      name: 'Ada Adams',
      first_name: 'Ada',
      email: 'ada@contoso.test',
      email_verified: true,
      issuer: 'https://accounts.google.com',
      subject: 'Ada',
    });
  });

  it('lets nobody in from elsewhere', async () => {
    const story = tell({
      preset: 'google',
      answers: { hosted_domain: 'contoso.test' },
      play: (app) => play(app, { claims: { hd: 'other.test' } }),
      person: 'Eve',
    });
    await expect(story).rejects.toThrow('not_permitted');
  });
});

describe('the Azure AD B2C preset', () => {
  // https://learn.microsoft.com/azure/active-directory-b2c/openid-connect and …/tokens-overview (no userinfo address; an
  // access token only for a scope of an application; the issuer is the tenant's id), …/add-sign-in-policy
  const policy = '/contoso.onmicrosoft.com/B2C_1_signin';
  it('signs in by the claims of the ID token, with the id in the callback’s path', async () => {
    const { draft, result, user } = await tell({
      preset: 'b2c',
      answers: { b2c_tenant: 'contoso', policy: 'B2C_1_signin' },
      play: (app) => {
        for (const uri of app.redirect_uris) expect(uri).not.toContain('?');
        playOidc(
          {
            issuer: 'https://contoso.b2clogin.com/6babcaad-604b-40ac-a9d7-9fd97c0b779f/v2.0/',
            documentPath: `${policy}/v2.0/.well-known/openid-configuration`,
            routes: {
              authorization: `${policy}/oauth2/v2.0/authorize`,
              token: `${policy}/oauth2/v2.0/token`,
              jwks: `${policy}/discovery/v2.0/keys`,
            },
            scopes: ['openid', 'offline_access', client.client_id],
            claims: { emails: ['ada@contoso.test'], email: undefined, email_verified: undefined },
            claimsInIdToken: true,
            givesRefreshToken: asksForRefresh,
            givesAccessToken: (query) => (query.get('scope') ?? '').split(' ').includes(client.client_id),
          },
          ['contoso.b2clogin.com'],
          app,
        );
      },
    });
    expect(draft.raw_info_url).toBe('');
    expect(result.refresh_token).toBe(true);
    expect(user).toMatchObject({ name: 'Ada Adams', email: 'ada@contoso.test', subject: 'Ada' });
  });
});

describe('the Okta preset', () => {
  // https://developer.okta.com/docs/concepts/auth-servers: the organisation's own server, and custom ones
  it.each([
    ['contoso-admin.okta.com', 'https://contoso.okta.com'],
    ['https://contoso.okta.com/oauth2/default', 'https://contoso.okta.com/oauth2/default'],
  ])('signs in at %s', async (okta_domain, issuer) => {
    const { result, user } = await tell({
      preset: 'okta',
      answers: { okta_domain },
      person: 'ada@contoso.test',
      play: async (app) => {
        const isCustom = issuer.endsWith('/default');
        const port = await freePort();
        const okta = await createEmulator({
          service: 'okta',
          port,
          baseUrl: 'https://contoso.okta.com',
          seed: {
            okta: {
              users: [
                {
                  login: 'ada@contoso.test',
                  email: 'ada@contoso.test',
                  first_name: 'Ada',
                  last_name: 'Adams',
                },
              ],
              authorization_servers: [{ id: 'default', name: 'default', audiences: ['api://default'] }],
              oauth_clients: [{ ...app, name: 'Foyer', auth_server_id: isCustom ? 'default' : 'org' }],
            },
          },
        });
        closing.push(() => okta.close());
        vendors.set('contoso.okta.com', playEmulated(port));
      },
    });
    expect(result.refresh_token).toBe(true);
    expect(user).toMatchObject({ name: 'Ada Adams', email: 'ada@contoso.test', issuer });
  });
});

describe('the Auth0 preset', () => {
  // https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery,
  // https://auth0.com/docs/secure/tokens/refresh-tokens/get-refresh-tokens (offline_access alone asks for it)
  it('signs in, with the slash at the issuer’s end', async () => {
    const { result, user } = await tell({
      preset: 'auth0',
      answers: { auth0_domain: 'contoso.eu.auth0.com' },
      play: (app) =>
        playOidc(
          {
            issuer: 'https://contoso.eu.auth0.com/',
            routes: {
              authorization: '/authorize',
              token: '/oauth/token',
              userinfo: '/userinfo',
              jwks: '/.well-known/jwks.json',
            },
            scopes: oidcScopes,
            claimsInIdToken: true,
            givesRefreshToken: asksForRefresh,
          },
          ['contoso.eu.auth0.com'],
          app,
        ),
    });
    expect(result.refresh_token).toBe(true);
    expect(user).toMatchObject({ email: 'ada@contoso.test', issuer: 'https://contoso.eu.auth0.com/' });
  });
});

describe('the Keycloak preset', () => {
  // https://www.keycloak.org/securing-apps/oidc-layers (the addresses of a realm), …/specifications (offline_access)
  it.each([
    ['https://id.example.test/realms/contoso', ''],
    ['https://id.example.test/auth/admin/master/console/#/contoso/clients', '/auth'],
  ])('signs in at the realm of %s', async (realm_url, prefix) => {
    const base = `${prefix}/realms/contoso`;
    const { result, user } = await tell({
      preset: 'keycloak',
      answers: { realm_url },
      play: (app) =>
        playOidc(
          {
            issuer: `https://id.example.test${base}`,
            documentPath: `${base}/.well-known/openid-configuration`,
            routes: {
              authorization: `${base}/protocol/openid-connect/auth`,
              token: `${base}/protocol/openid-connect/token`,
              userinfo: `${base}/protocol/openid-connect/userinfo`,
              jwks: `${base}/protocol/openid-connect/certs`,
            },
            scopes: oidcScopes,
            claimsInIdToken: true,
            givesRefreshToken: asksForRefresh,
          },
          ['id.example.test'],
          app,
        ),
    });
    expect(result.refresh_token).toBe(true);
    expect(user).toMatchObject({ email: 'ada@contoso.test', issuer: `https://id.example.test${base}` });
  });
});

describe('the preset of any OpenID Connect provider', () => {
  it.each([
    ['its issuer', 'https://id.example.test'],
    ['its document', 'https://id.example.test/.well-known/openid-configuration'],
  ])('signs in by %s alone', async (_what, issuer) => {
    const { draft, user } = await tell({
      preset: 'oidc',
      answers: { issuer },
      play: (app) =>
        playOidc(
          {
            issuer: 'https://id.example.test',
            routes: { authorization: '/auth', token: '/token', userinfo: '/me', jwks: '/jwks' },
            scopes: oidcScopes,
            // OpenID Connect Core 1.0 §11: offline access needs prompt=consent.
            givesRefreshToken: (query) => asksForRefresh(query) && query.get('prompt') === 'consent',
          },
          ['id.example.test'],
          app,
        ),
    });
    expect(draft.scope).toBe('openid profile email offline_access');
    expect(user).toMatchObject({ email: 'ada@contoso.test', issuer: 'https://id.example.test' });
  });
});

describe('the GitHub preset', () => {
  // https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
  // …/rest/users/emails: the profile has no address, or one that it does not call verified
  it.each([
    ['public', 'ada@contoso.test'],
    ['private', 'ada@users.noreply.localhost'],
  ])('signs in by the number of the account, with a %s address', async (kind, email) => {
    const { draft, result, user } = await tell({
      preset: 'github',
      answers: {},
      person: 'ada',
      play: async (app) => {
        const port = await freePort();
        const github = await createEmulator({
          service: 'github',
          port,
          baseUrl: 'https://api.github.com',
          seed: {
            github: {
              users: [{ login: 'ada', name: 'Ada Adams', ...(kind === 'public' && { email }) }],
              oauth_apps: [{ ...app, name: 'Foyer' }],
            },
          },
        });
        closing.push(() => github.close());
        for (const host of ['github.com', 'api.github.com']) vendors.set(host, playEmulated(port));
      },
    });
    expect(draft.scope).toBe('read:user user:email');
    expect(result.person?.email_verified).toBe(true);
    expect(user).toMatchObject({
      name: 'Ada Adams',
      email,
      subject: expect.stringMatching(/^\d+$/),
    });
  });
});
