/** Against npm `openid-client`, a certified relying party: over HTTP, with its own checks of every answer. */
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { type RegisteredApp, registerApp, startSession } from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
let config: oidc.Configuration;
let cookie: string;
let userId: string;
let issuer: string;

/** Its port is part of the issuer, so it must be known before the server is made. */
const freePort = async (): Promise<number> => {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
};

beforeAll(async () => {
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  foyer = await startFoyer({ config: { publicUrl: new URL(issuer) } });
  domain = await foyer.seedDomain({ host: 'localhost' });
  await foyer.app.listen({ port, host: '127.0.0.1' });
  app = await registerApp(foyer, domain, {
    redirectUri: 'https://rp.test/cb',
    scopes: 'openid profile email public',
    confidential: true,
  });
  userId = await foyer.seedUser(domain, { name: 'Ada Lovelace', email: 'ada@example.test' });
  cookie = await startSession(foyer, domain, userId);
  config = await oidc.discovery(new URL(issuer), app.uid, app.secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  });
});
afterAll(() => foyer.close());

/** The browser's part: to the authorization endpoint and back with the answer. */
const browse = async (url: URL): Promise<URL> => {
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie: `foyer_session=${cookie}` } });
  return new URL(answer.headers.get('location') as string);
};

const signIn = async (params: Record<string, string> = {}) => {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: app.redirectUri,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...params,
  });
  return oidc.authorizationCodeGrant(config, await browse(url), {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: true,
    maxAge: 3_600,
  });
};

describe('a certified relying party', () => {
  it('S-62, S-63 discovers the issuer, signs in by code with PKCE, and checks iss, nonce and auth_time', async () => {
    expect(config.serverMetadata().issuer).toBe(issuer);
    expect(config.serverMetadata().authorization_response_iss_parameter_supported).toBe(true);
    const tokens = await signIn({ max_age: '3600' });
    expect(tokens.claims()).toMatchObject({ sub: userId, aud: app.uid, iss: issuer });
    const info = await oidc.fetchUserInfo(config, tokens.access_token, userId);
    expect(info).toMatchObject({ email: 'ada@example.test', name: 'Ada Lovelace' });
  });

  it('refreshes, introspects and revokes', async () => {
    const tokens = await signIn();
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await oidc.tokenIntrospection(config, refreshed.access_token)).toMatchObject({
      active: true,
      sub: userId,
    });
    await oidc.tokenRevocation(config, refreshed.access_token);
    expect(await oidc.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
    await expect(oidc.refreshTokenGrant(config, refreshed.refresh_token as string)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('gets a token of its own', async () => {
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'public' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(await oidc.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      sub: app.uid,
    });
  });

  it('runs the device flow', async () => {
    const started = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
    const headers = { cookie: `foyer_session=${cookie}`, origin: issuer, 'sec-fetch-site': 'same-origin' };
    const page = await (await fetch(started.verification_uri, { headers })).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] as string;
    const body = new URLSearchParams({ csrf, user_code: started.user_code, decision: 'allow' });
    expect((await fetch(started.verification_uri, { method: 'POST', headers, body })).status).toBe(200);
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...started, interval: 0 });
    expect(tokens.claims()?.sub).toBe(userId);
  });

  it('S-75 signs out', async () => {
    const mine = cookie;
    cookie = await startSession(foyer, domain, userId);
    const tokens = await signIn();
    const url = oidc.buildEndSessionUrl(config, {
      post_logout_redirect_uri: app.redirectUri,
      id_token_hint: tokens.id_token as string,
      state: 'bye',
    });
    expect((await browse(url)).href).toBe(`${app.redirectUri}?state=bye`);
    expect(await oidc.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    cookie = mine;
  });

  it('S-69 is told when its secret is wrong', async () => {
    const wrong = new oidc.Configuration(config.serverMetadata(), app.uid, 'wrong');
    oidc.allowInsecureRequests(wrong);
    await expect(oidc.clientCredentialsGrant(wrong)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_client' } }],
    });
  });
});
