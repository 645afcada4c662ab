import { describe, expect, it } from 'vitest';
import { createAuthorizeUrl } from '#upstream/identity/oauth2/authorize-url.ts';
import { processTokenResponse } from '#upstream/identity/oauth2/process-token-response.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';
import { buildTokenRequest, type Grant, type TokenClient } from '#upstream/identity/oauth2/token-request.ts';
import { refusalOf } from './open-source.ts';

const begin = { redirectUri: 'https://a.example/cb?id=1&x=ü', state: 's', nonce: 'n', codeVerifier: 'v' };

describe('authorize request', () => {
  const build = (settings: Record<string, unknown>, url = 'https://idp.example/authorize?p=b2c_1#top') =>
    new URL(
      createAuthorizeUrl(url, readSettings({ client_id: 'c', scope: 'openid email', ...settings }))(begin),
    );

  it('keeps the query of the address and drops its fragment', () => {
    const url = build({});
    expect(url.searchParams.get('p')).toBe('b2c_1');
    expect(url.hash).toBe('');
  });

  it('sends the redirect URI exactly', () => {
    expect(build({}).searchParams.get('redirect_uri')).toBe(begin.redirectUri);
  });

  it('S-06 sends a nonce with openid only', () => {
    expect(build({}).searchParams.get('nonce')).toBe('n');
    expect(build({ scope: 'email' }).searchParams.has('nonce')).toBe(false);
  });

  it('D-12 neither parameters nor the address can replace what belongs to the flow', () => {
    const names = [
      'redirect_uri',
      'client_id',
      'response_type',
      'state',
      'nonce',
      'code_challenge',
      'code_challenge_method',
      'request',
      'request_uri',
    ];
    const evil = Object.fromEntries(names.map((name) => [name, 'evil']));
    const url = build({ authorize_params: evil }, `https://idp.example/a?${new URLSearchParams(evil)}`);
    expect(url.href).not.toContain('evil');
    for (const name of names.slice(0, 7)) expect(url.searchParams.getAll(name)).toHaveLength(1);
  });

  it('the scope of the source wins over a parameter, other parameters are sent', () => {
    const url = build({ authorize_params: { scope: 'evil', access_type: 'offline', domain_hint: 'a b' } });
    expect(url.searchParams.getAll('scope')).toEqual(['openid email']);
    expect(url.searchParams.get('access_type')).toBe('offline');
    expect(url.searchParams.get('domain_hint')).toBe('a b');
  });

  it('prompt of the flow replaces that of the source', () => {
    const settings = readSettings({
      client_id: 'c',
      authorize_params: { prompt: 'consent', login_hint: 'x' },
    });
    const url = createAuthorizeUrl('https://idp.example/a', settings);
    expect(new URL(url(begin)).searchParams.get('prompt')).toBe('consent');
    const asked = new URL(url({ ...begin, prompt: 'login', loginHint: 'a@b.test' })).searchParams;
    expect([asked.getAll('prompt'), asked.getAll('login_hint')]).toEqual([['login'], ['a@b.test']]);
  });
});

describe('token request', () => {
  const client: TokenClient = {
    clientId: 'client',
    clientSecret: 'se:cr&et ü',
    authScheme: 'request_body',
    tokenMethod: 'post',
    tokenUrl: 'https://idp.example/token?p=b2c_1',
  };
  const grant: Grant = {
    type: 'authorization_code',
    code: 'a+b',
    redirectUri: 'https://a.example/cb',
    codeVerifier: 'v',
  };
  const common = {
    grant_type: 'authorization_code',
    code: 'a+b',
    redirect_uri: 'https://a.example/cb',
    code_verifier: 'v',
  };
  const withSecret = { ...common, client_id: 'client', client_secret: 'se:cr&et ü' };

  it('post sends a form', () => {
    const request = buildTokenRequest(client, grant);
    expect(request).toMatchObject({ url: client.tokenUrl, method: 'POST' });
    expect(request.headers?.['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual(withSecret);
  });

  it.each([
    ['get', 'GET'],
    ['put', 'PUT'],
    ['post_with_query_string', 'POST'],
  ])('%s sends its parameters in the query', (tokenMethod, method) => {
    const request = buildTokenRequest({ ...client, tokenMethod }, grant);
    expect(request.method).toBe(method);
    expect(request.body).toBeUndefined();
    expect(Object.fromEntries(new URL(request.url).searchParams)).toEqual({ p: 'b2c_1', ...withSecret });
  });

  it('basic_auth sends both halves as they are, and no secret in the body', () => {
    const request = buildTokenRequest({ ...client, authScheme: 'basic_auth' }, grant);
    expect(request.headers?.authorization).toBe(
      `Basic ${Buffer.from('client:se:cr&et ü').toString('base64')}`,
    );
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual(common);
  });

  it('tls_client_auth sends the client id alone', () => {
    const request = buildTokenRequest({ ...client, authScheme: 'tls_client_auth' }, grant);
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({ ...common, client_id: 'client' });
  });

  it('private_key_jwt sends the assertion', () => {
    const request = buildTokenRequest({ ...client, authScheme: 'private_key_jwt' }, grant, 'a.b.c');
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      ...common,
      client_id: 'client',
      client_assertion: 'a.b.c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  });

  it('a refresh sends the refresh token and no redirect URI', () => {
    const request = buildTokenRequest(client, { type: 'refresh_token', refreshToken: 'r' });
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r',
      client_id: 'client',
      client_secret: 'se:cr&et ü',
    });
    expect(request.step).toBe('refresh');
  });
});

describe('token answer', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const context = { step: 'token', now, scope: 'asked for' } as const;
  const process = (body: unknown, status = 200, type = 'application/json') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = { status, headers: { 'content-type': type }, text, json: () => JSON.parse(text) };
    return processTokenResponse(answer, context);
  };
  const refusal = (body: unknown, status = 200, type = 'application/json') =>
    refusalOf(Promise.resolve().then(() => process(body, status, type)));

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['expires_in', { expires_in: 60 }, '2026-11-22T12:01:00.000Z'],
    ['expires_in as a text', { expires_in: '60' }, '2026-11-22T12:01:00.000Z'],
    ['expires, as older providers say', { expires: 60 }, '2026-11-22T12:01:00.000Z'],
    ['expires_at', { expires_at: 1795348860 }, '2026-11-22T12:01:00.000Z'],
    ['nothing', {}, undefined],
    ['nonsense', { expires_in: 'soon', expires_at: -1 }, undefined],
    ['an absurd time', { expires_in: 1e300 }, '2036-11-19T12:00:00.000Z'],
  ])('reads the expiry from %s', (_name, fields, expected) => {
    const { tokens } = process({ access_token: 't', token_type: 'bearer', ...fields });
    expect(tokens.expiresAt?.toISOString()).toBe(expected);
  });

  it('takes the scope that was asked for when the answer names none', () => {
    expect(process({ access_token: 't' }).tokens.scope).toBe('asked for');
    expect(process({ access_token: 't', scope: 'granted' }).tokens.scope).toBe('granted');
  });

  it.each<[string, unknown]>([
    ['no access token', { token_type: 'Bearer' }],
    ['an empty one', { access_token: '' }],
    ['one that is no text', { access_token: { a: 1 } }],
    ['one with a line end', { access_token: 'a\r\nx-evil: 1' }],
    ['one that is too long', { access_token: 'a'.repeat(40_000) }],
    ['a refresh token that is a list', { access_token: 't', refresh_token: ['r'] }],
    ['another type of token', { access_token: 't', token_type: 'mac' }],
    ['a list', [{ access_token: 't' }]],
    ['duplicate keys', '{"access_token":"t","access_token":"u"}'],
    ['a cut text', '{"access_token":"t"'],
    ['nothing', ''],
    ['a page', '<html></html>'],
  ])('S-25 an answer with %s is refused', async (_name, body) => {
    expect((await refusal(body)).code).toBe('upstream_invalid');
  });

  it('S-105 an answer that does not call itself JSON is refused', async () => {
    expect(await refusal({ access_token: 't' }, 200, 'text/plain')).toMatchObject({
      code: 'upstream_invalid',
      detail: 'content type',
    });
  });

  it('S-132 inherited names are no tokens', async () => {
    expect((await refusal('{"__proto__":{"access_token":"t"}}')).evidence?.reason).toBe('no_access_token');
  });

  it('S-26 no refusal repeats a token or the body', async () => {
    for (const body of [
      { access_token: 'secret-token\r\n' },
      { access_token: 'secret-token', token_type: 'mac' },
      { error: 'invalid_grant', access_token_hint: 'secret-token' },
    ]) {
      const error = await refusal(body);
      expect(JSON.stringify({ message: error.message, evidence: error.evidence })).not.toContain(
        'secret-token',
      );
    }
  });

  it('an error with status 200 is an error', async () => {
    expect(await refusal({ error: 'bad_verification_code' })).toMatchObject({
      code: 'upstream_refused',
      evidence: { step: 'token', error: 'bad_verification_code' },
    });
  });

  it('R-05 says after how long a retry makes sense', async () => {
    const answer = { status: 503, headers: { 'retry-after': '17' }, text: '', json: () => undefined };
    const error = await refusalOf(Promise.resolve().then(() => processTokenResponse(answer, context)));
    expect(error).toMatchObject({ code: 'source_unavailable', retryAfterSeconds: 17 });
  });
});
