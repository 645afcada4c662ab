import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteApplication } from '#model/applications/application-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import { endAllSessions, endSession } from '#model/sessions/session-store.ts';
import type { Browser } from '../../support/browser.ts';
import { expectRefusedToken } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import {
  codeFrom,
  exchange,
  isLive,
  queryOf,
  type RegisteredApp,
  refresh,
  registerApp,
  signIn,
  tokensFor,
} from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
let other: RegisteredApp;
let browser: Browser;
let userId: string;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'portal.example.test' });
  app = await registerApp(foyer, domain, { confidential: true, scopes: 'public openid profile email phone' });
  other = await registerApp(foyer, domain, { confidential: true });
  userId = await foyer.seedUser(domain, {
    name: 'Ada Lovelace',
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.test',
    phone: '',
  });
  ({ browser } = await signIn(foyer, domain, { userId }));
});
afterAll(() => foyer.close());

const credentials = (client: RegisteredApp) => ({ client_id: client.uid, client_secret: client.secret });

const tokens = async (scope = 'public') => {
  const code = await codeFrom(browser, app, { scope });
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: app.redirectUri,
    code_verifier: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
    ...credentials(app),
  };
  return (await browser.post('/auth/oauth/token', { form })).json<{
    access_token: string;
    refresh_token: string;
    id_token?: string;
  }>();
};

describe('revoke', () => {
  const revoke = (form: Record<string, string>) => browser.post('/auth/oauth/revoke', { form });

  it.each(['access_token', 'refresh_token'] as const)('ends the family of an %s', async (kind) => {
    const mine = await tokens();
    const answer = await revoke({ token: mine[kind], ...credentials(app) });
    expect({ status: answer.status, body: answer.json() }).toEqual({ status: 200, body: {} });
    expect(await isLive(browser, mine.access_token)).toBe(false);
    expectRefusedToken(await refresh(browser, app, mine.refresh_token, credentials(app)), 'invalid_grant');
  });

  it('S-71 leaves tokens of other applications alone, and says nothing about them', async () => {
    const mine = await tokens();
    for (const token of [mine.access_token, mine.refresh_token, 'nonsense', 'a.b.c']) {
      const answer = await revoke({ token, ...credentials(other) });
      expect({ status: answer.status, body: answer.json() }).toEqual({ status: 200, body: {} });
    }
    expect(await isLive(browser, mine.access_token)).toBe(true);
  });

  it('S-69 wants client authentication', async () => {
    const mine = await tokens();
    for (const form of [
      { token: mine.access_token },
      { token: mine.access_token, client_id: app.uid },
      { token: mine.access_token, client_id: app.uid, client_secret: 'wrong' },
      { token: mine.access_token, client_id: 'unknown' },
    ]) {
      const answer = await revoke(form as Record<string, string>);
      expectRefusedToken(answer, 'unauthorized_client');
      expect(answer.status).toBe(403);
    }
    expect(await isLive(browser, mine.access_token)).toBe(true);
    expectRefusedToken(await revoke({ ...credentials(app) }), 'invalid_request');
  });
});

describe('introspect', () => {
  const introspect = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    browser.post('/auth/oauth/introspect', { form, headers });

  it('describes an access token of the caller', async () => {
    const mine = await tokens();
    const answer = await introspect({ token: mine.access_token, ...credentials(app) });
    const { iat, exp } = decodeJwt(mine.access_token);
    expect(answer.json()).toMatchObject({
      active: true,
      scope: 'public',
      client_id: app.uid,
      token_type: 'Bearer',
      iat,
      exp,
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const inactive = await introspect({ token: mine.refresh_token, ...credentials(other) });
    expect(inactive.json()).toEqual({ active: false });
    expect((await introspect({ token: mine.refresh_token, ...credentials(app) })).json()).toMatchObject({
      active: true,
    });
  });

  it('takes another bearer of the same application instead of a secret', async () => {
    const [mine, witness] = [await tokens(), await tokens()];
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const answer = await introspect({ token: mine.access_token }, bearer(witness.access_token));
    expect(answer.json()).toMatchObject({ active: true });
    expectRefusedToken(
      await introspect({ token: mine.access_token }, bearer(mine.access_token)),
      'invalid_token',
    );
    expectRefusedToken(await introspect({ token: mine.access_token }, bearer('nonsense')), 'invalid_token');
  });

  it('S-71 calls unknown, foreign and dead tokens inactive, alike', async () => {
    const mine = await tokens();
    await browser.post('/auth/oauth/revoke', { form: { token: mine.access_token, ...credentials(app) } });
    const foreign = await tokensFor(browser, await registerApp(foyer, domain));
    for (const token of [mine.access_token, foreign.access_token, 'nonsense', 'a.b.c', 'x'.repeat(20_000)]) {
      expect((await introspect({ token, ...credentials(app) })).json()).toEqual({ active: false });
    }
  });

  it('S-69 wants authentication, and S-70 nothing in the query', async () => {
    const mine = await tokens();
    expectRefusedToken(await introspect({ token: mine.access_token }), 'invalid_request');
    expectRefusedToken(
      await introspect({ token: mine.access_token, client_id: app.uid, client_secret: 'wrong' }),
      'invalid_client',
    );
    const open = await registerApp(foyer, domain);
    expectRefusedToken(await introspect({ token: mine.access_token, client_id: open.uid }), 'invalid_client');
    const inQuery = `/auth/oauth/introspect?${queryOf({ token: mine.access_token })}`;
    expectRefusedToken(await browser.post(inQuery, { form: credentials(app) }), 'invalid_request');
    expect((await browser.get('/auth/oauth/introspect')).status).toBeGreaterThanOrEqual(404);
  });
});

describe('token/info', () => {
  it('describes the bearer itself', async () => {
    const mine = await tokens();
    const answer = await browser.get('/auth/oauth/token/info', {
      headers: { authorization: `Bearer ${mine.access_token}` },
    });
    expect(answer.json()).toEqual({
      resource_owner_id: userId,
      scope: ['public'],
      expires_in: expect.any(Number),
      application: { uid: app.uid },
      created_at: decodeJwt(mine.access_token).iat,
    });
  });

  it('S-85 looks at no token outside the header', async () => {
    const { access_token } = await tokens();
    for (const headers of [
      {},
      { authorization: '' },
      { authorization: 'Bearer ' },
      { cookie: `bearer_token=${access_token}` },
    ]) {
      const path = `/auth/oauth/token/info?access_token=${access_token}&bearer_token=${access_token}`;
      const answer = await browser.get(path, { headers: headers as Record<string, string> });
      expectRefusedToken(answer, 'invalid_token');
      expect(answer.headers['www-authenticate']).toContain('invalid_token');
    }
  });
});

describe('userinfo', () => {
  const ask = (token: string, method = 'GET') =>
    browser.request(method, '/auth/oauth/userinfo', { headers: { authorization: `Bearer ${token}` } });

  it.each(['GET', 'POST'])(
    'D-34 answers %s with the claims of the scopes, blank ones left out',
    async (method) => {
      const all = await tokens('openid profile email phone');
      expect((await ask(all.access_token, method)).json()).toEqual({
        sub: userId,
        email: 'ada@example.test',
        email_verified: false,
        name: 'Ada Lovelace',
        full_name: 'Ada Lovelace',
        given_name: 'Ada',
        family_name: 'Lovelace',
        preferred_username: 'ada@example.test',
      });
      expect((await ask((await tokens('openid')).access_token, method)).json()).toEqual({ sub: userId });
    },
  );

  it('wants scope openid, and a token', async () => {
    const answer = await ask((await tokens('public')).access_token);
    expect({ status: answer.status, error: answer.json().error }).toEqual({
      status: 403,
      error: 'insufficient_scope',
    });
    expectRefusedToken(await ask('nonsense'), 'invalid_token');
    const { id_token } = await tokens('openid');
    expectRefusedToken(await ask(id_token as string), 'invalid_token');
  });
});

describe('S-61 what ends a token', () => {
  const open = async () => {
    const client = await registerApp(foyer, domain);
    const person = await signIn(foyer, domain);
    return { client, ...person, mine: await tokensFor(person.browser, client) };
  };

  it('sign-out of its browser session', async () => {
    const { browser: theirs, sessionCookie, mine, client } = await open();
    await endSession(foyer.services.db, domain.id, sessionCookie);
    expect(await isLive(theirs, mine.access_token)).toBe(false);
    expectRefusedToken(await refresh(theirs, client, mine.refresh_token), 'invalid_grant');
  });

  it('sign-out everywhere', async () => {
    const { browser: theirs, userId: person, mine, client } = await open();
    await endAllSessions(foyer.services.db, domain.id, person as never);
    expect(await isLive(theirs, mine.access_token)).toBe(false);
    expectRefusedToken(await refresh(theirs, client, mine.refresh_token), 'invalid_grant');
  });

  it('deletion of its application, on every node', async () => {
    const second = await startFoyer({ sameStoreAs: foyer });
    const there = second.browser(domain.host);
    const { client, mine } = await open();
    expect(await isLive(there, mine.access_token)).toBe(true);
    await deleteApplication(foyer.services.db, domain.id, client.id);
    await foyer.services.changes.announce({
      kind: 'application',
      domainId: domain.id,
      id: String(client.id),
    });
    expect(await isLive(there, mine.access_token)).toBe(false);
    expectRefusedToken(await refresh(browser, client, mine.refresh_token), 'invalid_client');
    await second.app.close();
  });
});

describe('metadata', () => {
  it.each([
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/auth/.well-known/openid-configuration',
    '/auth/.well-known/oauth-authorization-server',
  ])('S-63 %s names its own issuer and only what is on', async (path) => {
    const document = (await browser.get(path)).json();
    expect(document).toMatchObject({
      issuer: 'https://portal.example.test',
      authorization_endpoint: 'https://portal.example.test/auth/oauth/authorize',
      jwks_uri: 'https://portal.example.test/auth/oauth/discovery/keys',
      end_session_endpoint: 'https://portal.example.test/auth/oauth/logout',
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'form_post'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(document.grant_types_supported).not.toContain('password');
    expect(document.scopes_supported).toEqual(
      expect.arrayContaining(['public', 'openid', 'profile', 'systems.read']),
    );
    const elsewhere = await foyer.seedDomain();
    expect((await foyer.browser(elsewhere.host).get(path)).json().issuer).toBe(foyer.url(elsewhere.host));
  });

  it('S-63 names endpoints that exist', async () => {
    const document = (await browser.get('/.well-known/openid-configuration')).json<Record<string, string>>();
    for (const [name, url] of Object.entries(document)) {
      if (!/_(endpoint|uri)$/.test(name)) continue;
      const get = await browser.get(url);
      const post = await browser.post(url, { form: {} });
      expect(
        [get.status, post.status].some((status) => status !== 404 && status !== 405),
        name,
      ).toBe(true);
    }
  });
});

describe('S-77 CORS', () => {
  const withOrigin = (origin: string, method = 'GET', path = '/auth/oauth/discovery/keys') =>
    browser.request(method, path, { headers: { origin, 'sec-fetch-site': 'cross-site' } });

  it('lets exactly the origins of registered applications read', async () => {
    const { origin } = new URL(app.redirectUri);
    for (const path of ['/auth/oauth/discovery/keys', '/auth/oauth/userinfo', '/auth/oauth/token/info']) {
      const answer = await withOrigin(origin, 'GET', path);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(answer.headers.vary).toContain('Origin');
    }
    const preflight = await withOrigin(origin, 'OPTIONS', '/auth/oauth/token');
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-methods']).toBe('GET, POST');
    const failed = await browser.post('/auth/oauth/token', { form: { client_id: 'x' }, headers: { origin } });
    expect(failed.headers['access-control-allow-origin']).toBe(origin);
  });

  it.each([
    'null',
    'https://evil.test',
    'http://app-1.test',
    'https://app-1.test.evil.test',
    'https://app-1.test:8443',
  ])('refuses %s', async (origin) => {
    for (const [method, path] of [
      ['GET', '/auth/oauth/discovery/keys'],
      ['OPTIONS', '/auth/oauth/token'],
    ] as const) {
      const { headers } = await withOrigin(origin, method, path);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-methods']).toBeUndefined();
    }
  });

  it('never opens the authorization endpoint', async () => {
    const answer = await withOrigin(new URL(app.redirectUri).origin, 'GET', '/auth/oauth/authorize');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(await exchange(browser, app, 'x')).toMatchObject({ status: 401 });
  });
});
