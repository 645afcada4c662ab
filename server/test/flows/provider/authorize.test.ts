import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionCookieName } from '#base/http/session-cookie.ts';
import { sha256 } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Answer, Browser } from '../../support/browser.ts';
import { expectRefusedBrowser } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import {
  answerOf,
  auditActions,
  authorize,
  authorizePath,
  codeFrom,
  exchange,
  isLive,
  type ParamMap,
  type RegisteredApp,
  registerApp,
  signIn,
  startSession,
  tokensFor,
} from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
let browser: Browser;
let issuer: string;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'portal.example.test', loginUrl: '/login?continue={{url}}' });
  issuer = foyer.url(domain.host);
  app = await registerApp(foyer, domain, {
    redirectUri: 'https://portal.example.test/backoffice/oauth-resp.html',
  });
  ({ browser } = await signIn(foyer, domain));
});
afterAll(() => foyer.close());

/** An error that the application is told, with its state and our issuer. */
const expectTold = (answer: Answer, error: string): void => {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 302 });
  const told = answerOf(answer);
  expect({ error: told.get('error'), state: told.get('state'), iss: told.get('iss') }).toEqual({
    error,
    state: 'st4te',
    iss: issuer,
  });
  expect(told.has('code')).toBe(false);
};

describe('authorization of a signed-in person with a trusted application', () => {
  it('is one redirect with code, exact state and iss, and no page', async () => {
    const state = `${'aB3'.repeat(13)}x;/#/a b?c=d&e+f%20`;
    const answer = await authorize(browser, app, { state });
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toMatch(
      /^https:\/\/portal\.example\.test\/backoffice\/oauth-resp\.html\?code=[A-Za-z0-9_-]{43}&state=[^&]*&iss=https%3A%2F%2Fportal\.example\.test$/,
    );
    expect(answer.headers.location).not.toContain('+');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(answer.headers['content-security-policy']).not.toContain("frame-ancestors 'none'");
    expect(answerOf(answer).get('state')).toBe(state);
  });

  it('keeps the query of a registered redirect URI', async () => {
    const withQuery = await registerApp(foyer, domain, { redirectUri: 'https://query.test/cb?tenant=1' });
    const answer = await authorize(browser, withQuery);
    expect(answer.location).toMatch(/^https:\/\/query\.test\/cb\?tenant=1&code=/);
  });

  it('S-62 says its issuer in errors, too, and S-74 echoes state byte by byte up to 2 KiB', async () => {
    expectTold(await authorize(browser, app, { scope: 'nonsense' }), 'invalid_scope');
    const state = 'é'.repeat(1024);
    expect(answerOf(await authorize(browser, app, { state })).get('state')).toBe(state);
    expectRefusedBrowser(await authorize(browser, app, { state: `${state}x` }), 'invalid_request');
  });
});

describe('redirect URI', () => {
  const base = 'https://portal.example.test/backoffice/oauth-resp.html';
  const variants = [
    `${base}?`,
    `${base}#`,
    `${base}#x`,
    `${base}/`,
    `${base}?x=1`,
    `${base}%20`,
    `${base} `,
    ` ${base}`,
    `${base}\n`,
    `${base}%0a`,
    `${base}%00`,
    base.slice(0, -1),
    base.replace('https', 'http'),
    base.replace('https:', 'HTTPS:'),
    base.replace('https://', '//'),
    base.replace('https://', 'https:/'),
    base.replace('https://', 'https:\\\\'),
    base.replace('portal.', 'Portal.'),
    base.replace('portal.', 'PORTAL.'),
    base.replace('portal.example.test', 'portal.example.test.'),
    base.replace('portal.example.test', 'portal.example.test:443'),
    base.replace('portal.example.test', 'portal.example.test:8443'),
    base.replace('portal.example.test', 'portal.example.test:'),
    base.replace('portal.example.test', 'portal.example.test@evil.test'),
    base.replace('portal.example.test', 'user@portal.example.test'),
    base.replace('portal.example.test', 'user:pw@portal.example.test'),
    base.replace('portal.example.test', 'evil.test'),
    base.replace('portal.example.test', 'portal.example.test.evil.test'),
    base.replace('portal.example.test', 'evilportal.example.test'),
    base.replace('portal.example.test', 'sub.portal.example.test'),
    base.replace('portal.example.test', 'example.test'),
    base.replace('portal.example.test', 'portal.example.test%2eevil.test'),
    base.replace('portal.example.test', 'portal。example。test'),
    base.replace('/backoffice', '/backoffice/'),
    base.replace('/backoffice', '//backoffice'),
    base.replace('/backoffice', '/Backoffice'),
    base.replace('/backoffice', '/./backoffice'),
    base.replace('/backoffice', '/x/../backoffice'),
    base.replace('/backoffice', '/%2e/backoffice'),
    base.replace('/backoffice', '/backoffice%2f'),
    base.replace('/backoffice', '\\backoffice'),
    base.replace('/backoffice', '/%62ackoffice'),
    base.replace('/backoffice', ''),
    base.replace('.html', '.HTML'),
    base.replace('.html', '.html;x'),
    base.replace('.html', ''),
    `${base},https://evil.test`,
    `${base} https://evil.test`,
    `${base}\thttps://evil.test`,
    'https://evil.test',
    `https://evil.test/${base}`,
    `https://evil.test?u=${base}`,
    `https://evil.test#${base}`,
    'javascript:alert(1)//https://portal.example.test',
    'data:text/html,x',
    'about:blank',
    'file:///etc/passwd',
    '/backoffice/oauth-resp.html',
    'backoffice/oauth-resp.html',
    '*',
    '.*',
    'null',
    'urn:ietf:wg:oauth:2.0:oob',
  ];

  it(`S-54 is compared as an exact string: ${variants.length} variants are refused with a page`, async () => {
    expect(variants.length).toBeGreaterThanOrEqual(60);
    const passed = [];
    for (const redirect_uri of variants) {
      const answer = await authorize(browser, app, { redirect_uri });
      if (answer.status !== 400 || answer.location !== '') passed.push([redirect_uri, answer.status]);
    }
    expect(passed).toEqual([]);
    expectRefusedBrowser(
      await authorize(browser, app, { redirect_uri: variants[0] }),
      'redirect_uri_mismatch',
    );
  });

  it('S-54 lets only the port of a loopback address vary', async () => {
    const native = await registerApp(foyer, domain, {
      redirectUri: 'http://127.0.0.1/cb http://[::1]:5000/cb http://localhost:4200/cb',
    });
    for (const redirect_uri of [
      'http://127.0.0.1/cb',
      'http://127.0.0.1:49152/cb',
      'http://[::1]:1/cb',
      'http://localhost:4200/cb',
    ]) {
      expect((await authorize(browser, native, { redirect_uri })).status, redirect_uri).toBe(302);
    }
    for (const redirect_uri of [
      'http://localhost:4201/cb',
      'https://127.0.0.1/cb',
      'http://127.0.0.2/cb',
      'http://127.0.0.1:0/cb',
      'http://127.0.0.1:65536/cb',
      'http://127.0.0.1:1/other',
      'http://127.0.0.1:1@evil.test/cb',
      'http://127.1/cb',
    ]) {
      expectRefusedBrowser(await authorize(browser, native, { redirect_uri }), 'redirect_uri_mismatch');
    }
  });

  it('S-55 is not trusted for an unknown client, and S-43 one of another domain is unknown', async () => {
    const elsewhere = await foyer.seedDomain();
    const foreign = await registerApp(foyer, elsewhere);
    expectRefusedBrowser(await authorize(browser, foreign), 'invalid_client');
    expectRefusedBrowser(await authorize(browser, app, { client_id: undefined }), 'invalid_client');
    expectRefusedBrowser(await authorize(browser, app, { redirect_uri: undefined }), 'invalid_request');
    expectRefusedBrowser(await authorize(browser, app, { client_id: [app.uid, app.uid] }), 'invalid_request');
    expectRefusedBrowser(await authorize(browser, app, { state: ['a', 'b'] }), 'invalid_request');
  });
});

describe('refusals that the application is told', () => {
  it.each<[string, ParamMap, string]>([
    ['S-56 no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['S-56 method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['S-56 no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['S-56 a short challenge', { code_challenge: 'abc' }, 'invalid_request'],
    ['S-56 a padded challenge', { code_challenge: `${'a'.repeat(42)}=` }, 'invalid_request'],
    ['S-67 an unregistered scope', { scope: 'public users' }, 'invalid_scope'],
    ['S-68 implicit', { response_type: 'token' }, 'unsupported_response_type'],
    ['S-68 hybrid', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['S-74 response_mode fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['S-74 an unknown response_mode', { response_mode: 'web_message' }, 'invalid_request'],
    ['S-70 a repeated parameter', { scope: ['public', 'public'] }, 'invalid_request'],
    ['a request object', { request: 'eyJ' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
  ])('%s', async (_name, params, error) => {
    expectTold(await authorize(browser, app, params), error);
  });

  it('S-74 come by form_post when asked so', async () => {
    const answer = await authorize(browser, app, { response_mode: 'form_post', scope: 'nonsense' });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('name="error" value="invalid_scope"');
  });
});

describe('S-74 form_post', () => {
  it('is a page that escapes everything and whose only script has a nonce', async () => {
    const answer = await authorize(browser, app, {
      response_mode: 'form_post',
      state: '"><script>alert(1)</script>',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('<script>alert');
    expect(answer.body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    const policy = answer.headers['content-security-policy'] as string;
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.body.match(/<script/g)).toHaveLength(1);
    expect(answer.body).toContain(`<script nonce="${nonce}">`);
    expect(answer.headers['cache-control']).toBe('no-store');
    const code = /name="code" value="([^"]+)"/.exec(answer.body)?.[1] as string;
    expect((await exchange(browser, app, code)).status).toBe(200);
  });
});

describe('sign-in', () => {
  it('sends a stranger to the login URL with this request, percent-encoded', async () => {
    const stranger = foyer.browser(domain.host);
    const path = authorizePath(app, { state: 'a b' });
    const answer = await stranger.get(path);
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${issuer}/login?continue=${encodeURIComponent(path)}`);
  });

  it('S-81, S-89 takes a dead, malformed, oversized or foreign cookie for none', async () => {
    const elsewhere = await foyer.seedDomain();
    const foreign = await signIn(foyer, elsewhere);
    const ended = await signIn(foyer, domain);
    await foyer.services.db.kysely
      .deleteFrom('sessions')
      .where('id_hash', '=', sha256(ended.sessionCookie))
      .execute();
    for (const value of [
      '',
      'x',
      'x'.repeat(5_000),
      "'; drop table sessions; --",
      foreign.sessionCookie,
      ended.sessionCookie,
    ]) {
      const answer = await foyer.browser(domain.host).get(authorizePath(app), {
        headers: { cookie: `${sessionCookieName(true)}=${encodeURIComponent(value)}` },
      });
      expect(answer.status, value.slice(0, 30)).toBe(302);
      expect(answer.location).toContain('/login?continue=');
    }
  });

  it('S-73 prompt=none without a session tells the application', async () => {
    expectTold(await authorize(foyer.browser(domain.host), app, { prompt: 'none' }), 'login_required');
    expect(answerOf(await authorize(browser, app, { prompt: 'none' })).get('code')).toBeTruthy();
  });

  const continueOf = (answer: Answer): string => {
    expect(answer.location).toContain('/login?continue=');
    return new URL(answer.location).searchParams.get('continue') as string;
  };

  it.each<[string, ParamMap]>([
    ['prompt=login', { prompt: 'login' }],
    ['a max_age that has passed', { max_age: '60' }],
    ['max_age=0', { max_age: '0' }],
  ])('S-73 %s wants a new sign-in, and is content with it', async (_name, params) => {
    const { browser: person, userId } = await signIn(foyer, domain, { ageSeconds: 600 });
    const back = continueOf(await authorize(person, app, params));
    // Not signed in again: still not good enough.
    expect((await person.get(back)).location).toContain('/login?continue=');
    person.cookies.set(sessionCookieName(true), await startSession(foyer, domain, userId));
    const answer = await person.get(back);
    expect(answerOf(answer).get('code')).toBeTruthy();
    expect(answer.location).not.toContain('signed_in_after');
  });

  it('S-73 the proof of a new sign-in holds for the very request it was made for', async () => {
    const { browser: person, userId } = await signIn(foyer, domain, { ageSeconds: 600 });
    const back = continueOf(await authorize(person, app, { prompt: 'login' }));
    person.cookies.set(sessionCookieName(true), await startSession(foyer, domain, userId));
    expect((await person.get(back.replace('st4te', 'other'))).location).toContain('/login?continue=');
    expect((await person.get(back.replace(/signed_in_after=\d+/, 'signed_in_after=1'))).location).toContain(
      '/login',
    );
    expectTold(await authorize(person, app, { prompt: 'none', max_age: '0' }), 'login_required');
  });

  it('S-73 a fresh enough session satisfies max_age, and auth_time is true', async () => {
    const openid = await registerApp(foyer, domain, { scopes: 'openid' });
    const { browser: person } = await signIn(foyer, domain, { ageSeconds: 100 });
    const tokens = await tokensFor(person, openid, { scope: 'openid', max_age: '3600' });
    const authTime = decodeJwt(tokens.id_token as string).auth_time as number;
    expect(Math.abs(Date.now() / 1_000 - 100 - authTime)).toBeLessThan(5);
  });

  it('OIDC Core §3.1.2.1 takes a POST and repeats it as a GET', async () => {
    const form = Object.fromEntries(new URL(authorizePath(app), issuer).searchParams);
    const answer = await browser.post('/auth/oauth/authorize', { form });
    expect(answer.status).toBe(303);
    expect(answerOf(await browser.get(answer.location)).get('code')).toBeTruthy();
  });

  it('S-131 a POST that could not be repeated as a GET is refused at once', async () => {
    const answer = await foyer.browser(domain.host).post('/auth/oauth/authorize', {
      form: { client_id: 'x', login_hint: 'é'.repeat(3_000) },
    });
    expectRefusedBrowser(answer, 'uri_too_long');
  });
});

describe('S-72 consent', () => {
  const fieldsOf = (page: Answer): Record<string, string> =>
    Object.fromEntries(
      [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name, value]) => [
          name as string,
          (value as string).replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'"),
        ],
      ),
    );

  let strangers = 0;
  const setUp = async () => {
    const host = `consent-${++strangers}.test`;
    const stranger = await registerApp(foyer, domain, {
      name: `<b>Bold & Co</b> ${strangers}`,
      redirectUri: `https://${host}/cb`,
      scopes: 'public openid',
      skipAuthorization: false,
    });
    return { stranger, ...(await signIn(foyer, domain)) };
  };

  it('is asked once, names application, domain and scopes, and is remembered', async () => {
    const { stranger, browser: person } = await setUp();
    const page = await authorize(person, stranger);
    expect(page.status).toBe(200);
    expect(page.body).toContain('&lt;b&gt;Bold &amp; Co&lt;/b&gt;');
    expect(page.body).toContain(`Domain ${domain.host}`);
    expect(page.body).toContain('(public)');
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${new URL(stranger.redirectUri).origin}`);
    const answer = await person.post('/auth/oauth/consent', {
      form: { ...fieldsOf(page), decision: 'allow' },
    });
    expect(answer.status).toBe(302);
    const code = answerOf(answer).get('code') as string;
    expect((await exchange(person, stranger, code)).status).toBe(200);
    expect(answerOf(await authorize(person, stranger)).get('code')).toBeTruthy();
    // More than was allowed, and an explicit wish, ask again.
    expect((await authorize(person, stranger, { scope: 'public openid' })).status).toBe(200);
    expect((await authorize(person, stranger, { prompt: 'consent' })).status).toBe(200);
    expectTold(
      await authorize(person, stranger, { scope: 'public openid', prompt: 'none' }),
      'consent_required',
    );
    expect(await auditActions(foyer, domain)).toContain('consent.grant ok');
  });

  it('can be denied, and the application is told', async () => {
    const { stranger, browser: person } = await setUp();
    const page = await authorize(person, stranger);
    const answer = await person.post('/auth/oauth/consent', {
      form: { ...fieldsOf(page), decision: 'deny' },
    });
    expectTold(answer, 'access_denied');
    expect((await authorize(person, stranger)).status).toBe(200);
  });

  it('S-84 is protected against forgery', async () => {
    const { stranger, browser: person } = await setUp();
    const fields: Record<string, string> = {
      ...fieldsOf(await authorize(person, stranger)),
      decision: 'allow',
    };
    const other = await signIn(foyer, domain);
    const theirs = fieldsOf(await authorize(other.browser, stranger)).csrf as string;
    for (const [form, headers] of [
      [{ ...fields, csrf: '' }, {}],
      [{ ...fields, csrf: theirs }, {}],
      [fields, { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
      [fields, { origin: 'null' }],
    ] as [Record<string, string>, Record<string, string>][]) {
      expectRefusedBrowser(await person.post('/auth/oauth/consent', { form, headers }), 'csrf_refused');
    }
    expectRefusedBrowser(
      await foyer.browser(domain.host).post('/auth/oauth/consent', { form: fields }),
      'unauthorized',
    );
  });

  it('S-54, S-73 checks the request anew with the answer', async () => {
    const { stranger, browser: person } = await setUp();
    const fields: Record<string, string> = {
      ...fieldsOf(await authorize(person, stranger)),
      decision: 'allow',
    };
    const changed = (fields.request as string).replace(
      /redirect_uri=[^&]*/,
      'redirect_uri=https%3A%2F%2Fevil.test',
    );
    expectRefusedBrowser(
      await person.post('/auth/oauth/consent', { form: { ...fields, request: changed } }),
      'redirect_uri_mismatch',
    );
    const anew = { ...fields, request: `${fields.request}&prompt=login` };
    expectTold(await person.post('/auth/oauth/consent', { form: anew }), 'login_required');
  });

  it('can be taken back: the application is listed, removed, and its tokens die', async () => {
    const { stranger, browser: person } = await setUp();
    const page = await authorize(person, stranger);
    const answer = await person.post('/auth/oauth/consent', {
      form: { ...fieldsOf(page), decision: 'allow' },
    });
    const tokens = (await exchange(person, stranger, answerOf(answer).get('code') as string)).json<{
      access_token: string;
    }>();
    const path = '/auth/oauth/authorized_applications';
    const list = await person.get(path, { headers: { accept: 'application/json' } });
    expect(list.json()).toEqual([
      { id: stranger.id, name: stranger.name, uid: stranger.uid, created_at: expect.any(Number) },
    ]);
    expect((await person.get(path)).body).toContain('&lt;b&gt;Bold');
    const foreign = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site', accept: 'text/html' };
    expectRefusedBrowser(
      await person.request('DELETE', `${path}/${stranger.id}`, { headers: foreign }),
      'csrf_refused',
    );
    expect(await isLive(person, tokens.access_token)).toBe(true);
    expect((await person.request('DELETE', `${path}/${stranger.id}`)).status).toBe(204);
    expect(await isLive(person, tokens.access_token)).toBe(false);
    expect((await authorize(person, stranger)).status).toBe(200);
    expect((await person.get(path, { headers: { accept: 'application/json' } })).json()).toEqual([]);
  });
});

describe('S-68 implicit behind the legacy switch', () => {
  it('answers in the fragment, with state and iss, and without a refresh token', async () => {
    const legacy = await registerApp(foyer, domain, { legacy: { implicit: true } });
    const answer = await authorize(browser, legacy, {
      response_type: 'token',
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    expect(answer.status).toBe(302);
    const url = new URL(answer.location);
    expect(url.search).toBe('');
    const told = new URLSearchParams(url.hash.slice(1));
    expect(Object.fromEntries(told)).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: '7200',
      state: 'st4te',
      iss: issuer,
    });
    expect(await isLive(browser, told.get('access_token') as string)).toBe(true);
  });
});

describe('R-10 two nodes', () => {
  it('finish what the other began', async () => {
    const second = await startFoyer({ sameStoreAs: foyer });
    const there = second.browser(domain.host);
    const code = await codeFrom(browser, app);
    const answer = await exchange(there, app, code);
    expect(answer.status).toBe(200);
    expect(await isLive(browser, answer.json().access_token as string)).toBe(true);
    await second.app.close();
  });
});
