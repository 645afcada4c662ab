import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256, sha256Base64Url } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Browser } from '../../support/browser.ts';
import { expectRefusedToken } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import {
  auditActions,
  challenge,
  codeFrom,
  exchange,
  isLive,
  pkcePair,
  queryOf,
  type RegisteredApp,
  refresh,
  registerApp,
  signIn,
  tokensFor,
  verifier,
} from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
let browser: Browser;
let userId: string;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'portal.example.test' });
  app = await registerApp(foyer, domain);
  ({ browser, userId } = await signIn(foyer, domain));
});
afterAll(() => foyer.close());

/** Moves everything that a token or code knows of time into the past. */
const age = async (
  table: 'authorization_codes' | 'refresh_tokens',
  column: string,
  text: string,
  seconds: number,
) => {
  const hashColumn = table === 'authorization_codes' ? 'code_hash' : 'token_hash';
  const past = new Date(Date.now() - seconds * 1_000);
  const result = await foyer.services.db.kysely
    .updateTable(table)
    .set({ [column]: past } as never)
    .where(hashColumn as never, '=', sha256(text) as never)
    .executeTakeFirst();
  expect(result.numUpdatedRows).toBe(1n);
};

describe('code exchange', () => {
  it('answers the exact fields that ts-client reads, from parameters in the query', async () => {
    const answer = await exchange(browser, app, await codeFrom(browser, app));
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers.pragma).toBe('no-cache');
    const tokens = answer.json();
    expect(tokens).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      scope: 'public',
      created_at: expect.any(Number),
    });
    const payload = decodeJwt(tokens.access_token as string);
    expect(payload).toMatchObject({
      iss: 'https://portal.example.test',
      aud: 'portal.example.test',
      sub: userId,
      scope: ['public'],
      client_id: app.uid,
      u: { n: 'Seeded Person', e: `${userId}@example.test`, p: 0, r: [] },
    });
    expect((payload.exp as number) - (payload.iat as number)).toBe(7200);
  });

  it.each([
    ['form', (params: Record<string, string>) => browser.post('/auth/oauth/token', { form: params })],
    ['JSON', (params: Record<string, string>) => browser.post('/auth/oauth/token', { json: params })],
    [
      'query and no body at all',
      (params: Record<string, string>) => browser.post(`/auth/oauth/token?${queryOf(params)}`),
    ],
  ])('takes its parameters from %s', async (_where, send) => {
    const answer = await send({
      grant_type: 'authorization_code',
      client_id: app.uid,
      redirect_uri: app.redirectUri,
      code: await codeFrom(browser, app),
      code_verifier: verifier,
    });
    expect(answer.status).toBe(200);
  });

  it('S-56 computes the challenge of the known vector', () => {
    expect(sha256Base64Url(verifier)).toBe(challenge);
  });

  it.each([
    ['missing', undefined],
    ['wrong', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPX'],
    ['too short', verifier.slice(0, 42)],
    ['too long', 'a'.repeat(129)],
    ['the challenge itself', challenge],
  ])('S-56 refuses a verifier that is %s', async (_what, code_verifier) => {
    const answer = await exchange(browser, app, await codeFrom(browser, app), { code_verifier });
    expectRefusedToken(answer, 'invalid_grant');
  });

  it('S-56 refuses a verifier when there was no challenge, and a legacy application needs none', async () => {
    const legacy = await registerApp(foyer, domain, { legacy: { noPkce: true } });
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    expectRefusedToken(
      await exchange(browser, legacy, await codeFrom(browser, legacy, none)),
      'invalid_grant',
    );
    const answer = await exchange(browser, legacy, await codeFrom(browser, legacy, none), {
      code_verifier: undefined,
    });
    expect(answer.status).toBe(200);
    const protectedCode = await codeFrom(browser, legacy);
    expectRefusedToken(
      await exchange(browser, legacy, protectedCode, { code_verifier: undefined }),
      'invalid_grant',
    );
  });

  it('S-57 binds a code to its client, redirect URI, challenge and domain', async () => {
    const other = await registerApp(foyer, domain);
    const pair = pkcePair();
    const elsewhere = await foyer.seedDomain();
    await registerApp(foyer, elsewhere, { redirectUri: app.redirectUri });
    const abroad = foyer.browser(elsewhere.host);
    const code = await codeFrom(browser, app);
    expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/);
    for (const answer of [
      await exchange(browser, app, code, { client_id: other.uid }),
      await exchange(browser, app, code, { redirect_uri: other.redirectUri }),
      await exchange(browser, app, code, { code_verifier: pair.verifier }),
      await exchange(abroad, app, code),
    ]) {
      expectRefusedToken(answer, 'invalid_grant');
    }
    expect((await exchange(browser, app, code)).status).toBe(200);
  });

  it('S-57 lets a code live for no more than 60 seconds', async () => {
    const code = await codeFrom(browser, app);
    const row = await foyer.services.db.kysely
      .selectFrom('authorization_codes')
      .selectAll()
      .where('code_hash', '=', sha256(code))
      .executeTakeFirstOrThrow();
    expect(row.expires_at.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    await age('authorization_codes', 'expires_at', code, 1);
    expectRefusedToken(await exchange(browser, app, code), 'invalid_grant');
  });

  it('S-57 lets one of 20 parallel redemptions succeed', async () => {
    const code = await codeFrom(browser, app);
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(browser, app, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectRefusedToken(answer, 'invalid_grant');
  });

  it('S-58 ends the tokens of the first redemption when a code is replayed', async () => {
    const code = await codeFrom(browser, app);
    const tokens = (await exchange(browser, app, code)).json<{
      access_token: string;
      refresh_token: string;
    }>();
    expect(await isLive(browser, tokens.access_token)).toBe(true);
    expectRefusedToken(await exchange(browser, app, code), 'invalid_grant');
    expect(await isLive(browser, tokens.access_token)).toBe(false);
    expectRefusedToken(await refresh(browser, app, tokens.refresh_token), 'invalid_grant');
    expect(await auditActions(foyer, domain)).toContain('code_replay denied');
  });

  it('S-44, S-61 a sign-out between authorization and exchange makes the code worthless', async () => {
    const { browser: leaving, sessionCookie } = await signIn(foyer, domain);
    const code = await codeFrom(leaving, app);
    // Not by endSession: as if the sign-out had just missed the new family.
    await foyer.services.db.kysely
      .deleteFrom('sessions')
      .where('id_hash', '=', sha256(sessionCookie))
      .execute();
    expectRefusedToken(await exchange(leaving, app, code), 'invalid_grant');
  });

  it.each([
    ['grant_type', { grant_type: undefined }],
    ['code', { code: undefined }],
    ['redirect_uri', { redirect_uri: undefined }],
  ])('names a missing %s', async (name, params) => {
    const answer = await exchange(browser, app, 'x', params);
    expectRefusedToken(answer, 'invalid_request');
    expect(answer.body).toContain(name);
  });

  it('S-70 refuses repeated parameters, within the query and across query and body', async () => {
    const code = await codeFrom(browser, app);
    expectRefusedToken(
      await exchange(browser, app, code, { code_verifier: [verifier, verifier] }),
      'invalid_request',
    );
    const both = await browser.post(`/auth/oauth/token?client_id=${app.uid}`, {
      form: { client_id: app.uid },
    });
    expectRefusedToken(both, 'invalid_request');
    expect((await exchange(browser, app, code)).status).toBe(200);
  });
});

describe('tokens', () => {
  it('S-64, S-76 verify with an independent library against the published keys', async () => {
    const tokens = await tokensFor(browser, app);
    const answer = await browser.get('/auth/oauth/discovery/keys');
    expect(answer.headers['cache-control']).toBe('public, max-age=3600');
    const { keys } = answer.json<{ keys: Record<string, string>[] }>();
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    }
    const header = decodeProtectedHeader(tokens.access_token);
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    const key = await importJWK(keys.find(({ kid }) => kid === header.kid) as never, 'RS256');
    const verified = await jwtVerify(tokens.access_token, key, {
      issuer: 'https://portal.example.test',
      audience: 'portal.example.test',
      typ: 'at+jwt',
      requiredClaims: ['sub', 'jti', 'client_id', 'scope', 'exp', 'iat'],
    });
    expect(verified.payload.sub).toBe(userId);
    expect(createRemoteJWKSet).toBeTypeOf('function');
  });

  it('S-53 are refused in another domain', async () => {
    const tokens = await tokensFor(browser, app);
    const elsewhere = await foyer.seedDomain();
    expect(await isLive(foyer.browser(elsewhere.host), tokens.access_token)).toBe(false);
  });

  it('answers an ID token with scope openid, on refresh, too', async () => {
    const openid = await registerApp(foyer, domain, { scopes: 'openid public' });
    const tokens = await tokensFor(browser, openid, { scope: 'openid public', nonce: 'n-0S6' });
    const claims = decodeJwt(tokens.id_token as string);
    expect(decodeProtectedHeader(tokens.id_token as string)).toMatchObject({ typ: 'JWT', alg: 'RS256' });
    expect(claims).toMatchObject({
      iss: 'https://portal.example.test',
      sub: userId,
      aud: openid.uid,
      nonce: 'n-0S6',
      auth_time: expect.any(Number),
    });
    expect((claims.exp as number) - (claims.iat as number)).toBe(120);
    const again = (await refresh(browser, openid, tokens.refresh_token)).json<{ id_token: string }>();
    expect(decodeJwt(again.id_token)).toMatchObject({ sub: userId, auth_time: claims.auth_time });
    expect(await isLive(browser, tokens.id_token as string)).toBe(false);
  });
});

describe('refresh', () => {
  it('S-59 rotates with each use, and every token of the chain is audited', async () => {
    const first = await tokensFor(browser, app);
    const second = (await refresh(browser, app, first.refresh_token)).json<
      typeof first & Record<string, unknown>
    >();
    expect(second).toMatchObject({ token_type: 'Bearer', expires_in: 7200, scope: 'public' });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await refresh(browser, app, second.refresh_token);
    expect(third.status).toBe(200);
    expect(await auditActions(foyer, domain)).toContain('token.refresh ok');
  });

  it('S-59 gives the same successor again within the grace: a lost answer, or two tabs', async () => {
    const { refresh_token } = await tokensFor(browser, app);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(browser, app, refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const successors = new Set(answers.map((answer) => answer.json().refresh_token));
    expect(successors.size).toBe(1);
    const accessTokens = answers.map((answer) => answer.json().access_token as string);
    for (const token of accessTokens) expect(await isLive(browser, token)).toBe(true);
    expect((await refresh(browser, app, [...successors][0] as string)).status).toBe(200);
  });

  it('S-59 revokes the whole family when a used token comes back after the grace', async () => {
    const first = await tokensFor(browser, app);
    const second = (await refresh(browser, app, first.refresh_token)).json<{
      access_token: string;
      refresh_token: string;
    }>();
    await age('refresh_tokens', 'used_at', first.refresh_token, 11);
    expectRefusedToken(await refresh(browser, app, first.refresh_token), 'invalid_grant');
    expect(await auditActions(foyer, domain)).toContain('refresh_reuse denied');
    expect(await isLive(browser, first.access_token)).toBe(false);
    expect(await isLive(browser, second.access_token)).toBe(false);
    expectRefusedToken(await refresh(browser, app, second.refresh_token), 'invalid_grant');
  });

  it('S-60 is bound to its client and domain, and another client does no harm by trying', async () => {
    const { refresh_token } = await tokensFor(browser, app);
    const other = await registerApp(foyer, domain);
    const elsewhere = await foyer.seedDomain();
    await registerApp(foyer, elsewhere, { redirectUri: app.redirectUri });
    expectRefusedToken(await refresh(browser, other, refresh_token), 'invalid_grant');
    expectRefusedToken(await refresh(foyer.browser(elsewhere.host), app, refresh_token), 'invalid_grant');
    expect((await refresh(browser, app, refresh_token)).status).toBe(200);
  });

  it('S-31, S-60 ends with the person: disabled or deleted', async () => {
    const { browser: theirs, userId: person } = await signIn(foyer, domain);
    const { refresh_token, access_token } = await tokensFor(theirs, app);
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ disabled_at: new Date() })
      .where('id', '=', person)
      .execute();
    expectRefusedToken(await refresh(theirs, app, refresh_token), 'invalid_grant');
    expect(await isLive(theirs, access_token)).toBe(false);
  });

  it('S-60 ends after 7 idle days, and after 30 days in any case', async () => {
    const idle = await tokensFor(browser, app);
    const rows = await foyer.services.db.kysely
      .selectFrom('refresh_tokens')
      .innerJoin('token_families', 'token_families.id', 'refresh_tokens.family_id')
      .select([
        'refresh_tokens.expires_at as idle',
        'token_families.expires_at as absolute',
        'token_families.id',
      ])
      .where('token_hash', '=', sha256(idle.refresh_token))
      .executeTakeFirstOrThrow();
    const days = (at: Date): number => Math.round((at.getTime() - Date.now()) / 86_400_000);
    expect([days(rows.idle), days(rows.absolute)]).toEqual([7, 30]);
    await age('refresh_tokens', 'expires_at', idle.refresh_token, 1);
    expectRefusedToken(await refresh(browser, app, idle.refresh_token), 'invalid_grant');
    const old = await tokensFor(browser, app);
    await foyer.services.db.kysely
      .updateTable('token_families')
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where('id', '=', decodeJwt(old.access_token).gid as string)
      .execute();
    expectRefusedToken(await refresh(browser, app, old.refresh_token), 'invalid_grant');
  });

  it('S-60 can only narrow the scope', async () => {
    const wide = await registerApp(foyer, domain, { scopes: 'public users systems.read' });
    const { refresh_token } = await tokensFor(browser, wide, { scope: 'public systems.read' });
    expectRefusedToken(
      await refresh(browser, wide, refresh_token, { scope: 'public users' }),
      'invalid_scope',
    );
    const narrow = (await refresh(browser, wide, refresh_token, { scope: 'systems.read' })).json();
    expect(narrow.scope).toBe('systems.read');
    expect(decodeJwt(narrow.access_token as string).scope).toEqual(['systems.read']);
  });

  it('S-99 keeps only hashes of codes and refresh tokens', async () => {
    const code = await codeFrom(browser, app);
    const tokens = (await exchange(browser, app, code)).json<{ refresh_token: string }>();
    const next = (await refresh(browser, app, tokens.refresh_token)).json<{ refresh_token: string }>();
    const { db } = foyer.services;
    const everything = JSON.stringify([
      await db.kysely.selectFrom('authorization_codes').selectAll().execute(),
      await db.kysely.selectFrom('refresh_tokens').selectAll().execute(),
      await db.kysely.selectFrom('audit').selectAll().execute(),
    ]);
    const bytes = (text: string): string => JSON.stringify(Buffer.from(text)).slice(30, 120);
    for (const secret of [code, tokens.refresh_token, next.refresh_token]) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(bytes(secret));
    }
  });
});

describe('client authentication', () => {
  it('S-43 knows no client of another domain', async () => {
    const elsewhere = await foyer.seedDomain();
    const foreign = await registerApp(foyer, elsewhere);
    expectRefusedToken(await exchange(browser, foreign, 'x'), 'invalid_client');
    expectRefusedToken(await exchange(browser, app, 'x', { client_id: undefined }), 'invalid_client');
  });

  it('S-69 wants the secret of a confidential application, by Basic or in the body', async () => {
    const confidential = await registerApp(foyer, domain, { confidential: true });
    const form = async (): Promise<Record<string, string>> => ({
      grant_type: 'authorization_code',
      redirect_uri: confidential.redirectUri,
      code: await codeFrom(browser, confidential),
      code_verifier: verifier,
    });
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${confidential.uid}:${secret}`).toString('base64')}`,
    });
    const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      browser.post('/auth/oauth/token', { form: fields, headers });
    expectRefusedToken(await post({ ...(await form()), client_id: confidential.uid }), 'invalid_client');
    expectRefusedToken(await post(await form(), basic('wrong')), 'invalid_client');
    expectRefusedToken(await post(await form(), { authorization: 'Basic ???' }), 'invalid_client');
    expect((await post(await form(), basic(confidential.secret))).status).toBe(200);
    const inBody = { client_id: confidential.uid, client_secret: confidential.secret };
    expect((await post({ ...(await form()), ...inBody })).status).toBe(200);
    expectRefusedToken(
      await post({ ...(await form()), ...inBody }, basic(confidential.secret)),
      'invalid_request',
    );
    const wrongForPublic = await exchange(browser, app, await codeFrom(browser, app));
    expect(wrongForPublic.status).toBe(200);
    expectRefusedToken(
      await post({
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_id: app.uid,
        client_secret: 'wrong',
      }),
      'invalid_client',
    );
  });

  it.each([['client_secret'], ['refresh_token'], ['password']])(
    'S-70 refuses a %s in the query unless the application has the legacy switch',
    async (name) => {
      const legacy = await registerApp(foyer, domain, { legacy: { querySecrets: true } });
      const query = (client: RegisteredApp) =>
        `/auth/oauth/token?${queryOf({ grant_type: 'refresh_token', client_id: client.uid, [name]: client.secret })}`;
      const refused = await browser.post(query(app), { form: {} });
      expectRefusedToken(refused, 'invalid_request');
      expect(refused.body).toContain(`${name} must be sent in the body`);
      expect((await browser.post(query(legacy), { form: {} })).body).not.toContain(
        'must be sent in the body',
      );
    },
  );

  it('asks an application that fails without end to slow down, and lets it on again', async () => {
    const noisy = await registerApp(foyer, domain);
    let last = await exchange(browser, noisy, 'x');
    for (let i = 0; i < 125 && last.status !== 429; i++) last = await exchange(browser, noisy, 'x');
    expectRefusedToken(last, 'temporarily_unavailable');
    expect(last.headers['retry-after']).toBe('1');
    expect((await exchange(browser, app, await codeFrom(browser, app))).status).toBe(200);
    foyer.clock.advance(1_000);
    expect((await exchange(browser, noisy, await codeFrom(browser, noisy))).status).toBe(200);
    foyer.clock.advance(-1_000);
  });
});

describe('other grants', () => {
  it('S-67 gives a confidential application a token without a person and without a refresh token', async () => {
    const service = await registerApp(foyer, domain, { confidential: true, scopes: 'public users' });
    const form = { grant_type: 'client_credentials', client_id: service.uid, client_secret: service.secret };
    const answer = await browser.post('/auth/oauth/token', { form: { ...form, scope: 'users' } });
    expect(answer.status).toBe(200);
    const tokens = answer.json();
    expect(Object.keys(tokens).sort()).toEqual([
      'access_token',
      'created_at',
      'expires_in',
      'scope',
      'token_type',
    ]);
    expect(decodeJwt(tokens.access_token as string)).toMatchObject({
      sub: service.uid,
      scope: ['users'],
      u: { p: 0 },
    });
    expect(await isLive(browser, tokens.access_token as string)).toBe(true);
    expectRefusedToken(
      await browser.post('/auth/oauth/token', { form: { ...form, scope: 'admin' } }),
      'invalid_scope',
    );
    expectRefusedToken(
      await browser.post('/auth/oauth/token', {
        form: { grant_type: 'client_credentials', client_id: app.uid },
      }),
      'unauthorized_client',
    );
  });

  it.each([['password'], ['urn:ietf:params:oauth:grant-type:jwt-bearer'], ['implicit'], ['']])(
    'S-68 does not offer the grant "%s"',
    async (grant_type) => {
      const form = { grant_type, client_id: app.uid, username: 'a', password: 'b' };
      const answer = await browser.post('/auth/oauth/token', { form });
      expectRefusedToken(answer, grant_type === '' ? 'invalid_request' : 'unsupported_grant_type');
    },
  );

  it('S-68 takes a password only behind the legacy switch, and S-87 says the same for every failure', async () => {
    const legacy = await registerApp(foyer, domain, { legacy: { password: true } });
    const digest = await foyer.services.passwords.digest('correct horse battery');
    const person = await foyer.seedUser(domain, { email: 'local@example.test', password_digest: digest });
    const send = (username: string, password: string) =>
      browser.post('/auth/oauth/token', {
        form: { grant_type: 'password', client_id: legacy.uid, username, password, scope: 'public' },
      });
    const answer = await send('local@example.test', 'correct horse battery');
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.json().access_token as string).sub).toBe(person);
    const wrong = await send('local@example.test', 'wrong');
    const unknown = await send('nobody@example.test', 'wrong');
    expectRefusedToken(wrong, 'invalid_grant');
    expect(unknown.body).toBe(wrong.body);
    expect(await auditActions(foyer, domain)).toContain('sign_in denied');
  });

  it("takes an old client's sign-out: a bare token, whatever it is", async () => {
    const tokens = await tokensFor(browser, app);
    const answer = await browser.request('POST', `/auth/oauth/token?token=${tokens.access_token}`);
    expect(answer.status).toBe(200);
    expect(await isLive(browser, tokens.access_token)).toBe(false);
    expectRefusedToken(await refresh(browser, app, tokens.refresh_token), 'invalid_grant');
    expect((await browser.request('POST', '/auth/oauth/token?token=nonsense')).status).toBe(200);
  });
});
