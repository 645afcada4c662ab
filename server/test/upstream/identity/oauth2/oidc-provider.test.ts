/** Against npm `oidc-provider`: an OpenID provider that nobody here wrote, at its strictest. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '#upstream/identity/identity-source.ts';
import { type OpenedSource, openSource, redirectUri, refusalOf, start } from './open-source.ts';

const clientKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKeyPem = clientKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const secret = 'a-secret-of-at-least-thirty-two-characters';

const server = createServer();
let issuer = '';

const configuration = async (): Promise<Configuration> => {
  const web = { redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'] };
  const jwk = (await exportJWK(clientKey.publicKey)) as JWK;
  return {
    clients: [
      { client_id: 'post', client_secret: secret, token_endpoint_auth_method: 'client_secret_post', ...web },
      { client_id: 'basic', client_secret: secret, ...web },
      {
        client_id: 'signed',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [jwk] },
        ...web,
      },
    ],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@contoso.test`, email_verified: true, given_name: id }),
    }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key of this test'] },
  } as Configuration;
};

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, await configuration());
  server.on('request', provider.callback());
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
});

const open = (more: Record<string, unknown> = {}): OpenedSource =>
  openSource(
    {
      client_id: 'post',
      client_secret: secret,
      site: issuer,
      authorize_url: '/auth',
      token_url: '/token',
      raw_info_url: '/me',
      scope: 'openid email profile offline_access',
      authorize_params: { prompt: 'consent' },
      issuer,
      info_mappings: { uid: 'sub', email: 'email', first_name: 'given_name' },
      ...more,
    },
    { allow: new URL(issuer).host },
  );

/** Signs in on the provider's own pages, as a browser without JavaScript; `aborts` presses its link to go back. */
const visit = async (authorizeUrl: string, login: string, aborts = false): Promise<string> => {
  const cookies = new Map<string, string>();
  let url = new URL(authorizeUrl);
  let form: URLSearchParams | undefined;
  for (let page = 0; page < 12; page++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=', 2);
      cookies.set(name, value);
    }
    form = undefined;
    const location = answer.headers.get('location');
    if (location?.startsWith('https://foyer.example/')) return location;
    if (location !== null) {
      url = new URL(location, url);
      continue;
    }
    const html = await answer.text();
    const abort = /href="([^"]+\/abort)"/.exec(html)?.[1];
    if (aborts && abort !== undefined) {
      url = new URL(abort, url);
      continue;
    }
    const action = /action="([^"]+)"/.exec(html)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(html.slice(0, 500));
    form = new URLSearchParams({ prompt, login, password: 'x' });
    url = new URL(action, url);
  }
  throw new Error('too many pages');
};

const signIn = async (opened: OpenedSource, login = 'alice'): Promise<Identity> => {
  const attempt = await start(opened);
  return attempt.finish(await visit(attempt.url, login));
};

describe('oidc-provider as the upstream', () => {
  it('S-05 S-06 S-07 S-12 signs in with PKCE, nonce, ID token and userinfo', async () => {
    expect(await signIn(open())).toMatchObject({
      issuer,
      subject: 'alice',
      fields: { email: 'alice@contoso.test', first_name: 'alice', name: 'alice' },
      emailVerified: true,
      tokens: { refreshToken: expect.any(String), expiresAt: expect.any(Date) },
    });
  });

  it('D-01 needs no issuer in the settings: the ID token leads to it', async () => {
    expect((await signIn(open({ issuer: '' }))).issuer).toBe(issuer);
  });

  it('S-08 demands the iss that this provider sends, and compares it', async () => {
    const opened = open();
    const attempt = await start(opened);
    const callback = new URL(await visit(attempt.url, 'alice'));
    expect(callback.searchParams.get('iss')).toBe(issuer);
    callback.searchParams.set('iss', 'https://other.example');
    expect((await refusalOf(attempt.finish(callback))).code).toBe('issuer_mismatch');
    callback.searchParams.delete('iss');
    expect((await refusalOf(attempt.finish(callback))).evidence?.reason).toBe('iss_missing');
  });

  it('authenticates by Basic', async () => {
    expect((await signIn(open({ client_id: 'basic', auth_scheme: 'basic_auth' }))).subject).toBe('alice');
  });

  it('authenticates by a signed assertion, a new one each time', async () => {
    const opened = open({
      client_id: 'signed',
      client_secret: '',
      auth_scheme: 'private_key_jwt',
      client_private_key: privateKeyPem,
    });
    const { tokens } = await signIn(opened);
    const renewed = await opened.source.refresh?.(tokens?.refreshToken ?? '');
    expect(renewed?.accessToken).not.toBe(tokens?.accessToken);
  });

  it('S-48 rotates refresh tokens, and a used one needs consent', async () => {
    const opened = open();
    const { tokens } = await signIn(opened);
    const first = tokens?.refreshToken ?? '';
    const renewed = await opened.source.refresh?.(first);
    expect(renewed?.refreshToken).not.toBe(first);
    const refusal = await refusalOf(opened.source.refresh?.(first) ?? Promise.resolve());
    expect(refusal).toMatchObject({
      code: 'needs_consent',
      evidence: { step: 'refresh', error: 'invalid_grant' },
    });
  });

  it('S-13 says that the person refused', async () => {
    const opened = open();
    const attempt = await start(opened);
    const refusal = await refusalOf(attempt.finish(await visit(attempt.url, 'alice', true)));
    expect(refusal).toMatchObject({
      code: 'upstream_refused',
      evidence: { step: 'callback', error: 'access_denied' },
    });
  });

  it('S-05 a source without PKCE is refused by a provider that demands it', async () => {
    const opened = open({ pkce: false });
    const attempt = await start(opened);
    const refusal = await refusalOf(attempt.finish(await visit(attempt.url, 'alice')));
    expect(refusal).toMatchObject({ code: 'upstream_refused', evidence: { error: 'invalid_request' } });
  });

  it('a wrong secret is told apart', async () => {
    const opened = open({ client_secret: 'wrong-secret-wrong-secret-wrong-secret' });
    const refusal = await refusalOf(signIn(opened));
    expect(refusal).toMatchObject({
      code: 'upstream_refused',
      evidence: { step: 'token', httpStatus: 401, error: 'invalid_client' },
    });
  });

  it('S-57 a code that was used is refused', async () => {
    const opened = open();
    const attempt = await start(opened);
    const callback = await visit(attempt.url, 'alice');
    await attempt.finish(callback);
    expect((await refusalOf(attempt.finish(callback))).evidence?.error).toBe('invalid_grant');
  });
});
