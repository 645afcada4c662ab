import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultName, type FaultOptions, faults } from '#entra/faults.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, claimsOf, documentedScope, EntraClient, type Json, readError } from './entra-client.ts';

let entra: Entra;
let client: EntraClient;
const alice = 'alice@contoso.example';

beforeAll(async () => {
  entra = await startEntra();
});
beforeEach(() => {
  entra.reset();
  client = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
  entra.addPerson({ email: alice });
});
afterAll(() => entra.close());

const now = () => Math.floor(Date.now() / 1000);
const scope = `${documentedScope} profile`;

/** Arms a fault for one request and redeems a code. */
async function redeemWith(name: FaultName, options: FaultOptions = {}): Promise<Response> {
  const code = await client.code(alice, { scope });
  entra.fault(name, { times: 1, ...options });
  return await client.redeem(code);
}

async function answerWith(name: FaultName, options: FaultOptions = {}): Promise<Json> {
  return (await (await redeemWith(name, options)).json()) as Json;
}

async function idTokenWith(name: FaultName, options: FaultOptions = {}): Promise<Json> {
  return claimsOf((await answerWith(name, options)).id_token);
}

async function meWith(name: FaultName, options: FaultOptions = {}): Promise<Response> {
  const { access_token: accessToken } = await client.tokens(alice);
  entra.fault(name, { times: 1, ...options });
  return await client.graph('/v1.0/me', accessToken);
}

async function expectGraphError(response: Response, status: number, code: string): Promise<void> {
  const { error } = (await response.json()) as { error: Json };
  expect([response.status, error.code]).toEqual([status, code]);
}

/** Whether a strict client takes the ID token: published keys, RS256 only. */
async function verifyWith(name: FaultName): Promise<void> {
  const { id_token: idToken } = await answerWith(name);
  const url = new URL(`${entra.url}/${entra.tenantId}/discovery/v2.0/keys`);
  await jwtVerify(String(idToken), createRemoteJWKSet(url), { algorithms: ['RS256'] });
}

async function redirectWith(name: FaultName): Promise<Record<string, string>> {
  entra.fault(name, { times: 1 });
  return Object.fromEntries(await client.signIn(alice));
}

const metadata = (path: string) => fetch(`${entra.url}/${entra.tenantId}${path}`);
const keysPath = '/discovery/v2.0/keys';
const discoveryPath = '/v2.0/.well-known/openid-configuration';

/** One check for each behaviour; a fault that is added without one fails the test below. */
const checks: Record<string, () => Promise<void>> = {
  cancel: async () =>
    expect(await redirectWith('cancel')).toMatchObject({ error: 'access_denied', error_subcode: 'cancel' }),
  access_denied: async () =>
    expect((await redirectWith('access_denied')).error_description).toContain('AADSTS65004'),
  consent_required: async () =>
    expect((await redirectWith('consent_required')).error).toBe('consent_required'),
  interaction_required: async () =>
    expect(await redirectWith('interaction_required')).toMatchObject({
      error: 'interaction_required',
      claims: expect.stringContaining('capolids'),
    }),
  login_required: async () => expect((await redirectWith('login_required')).error).toBe('login_required'),
  server_error: async () => expect((await redirectWith('server_error')).error).toBe('server_error'),
  temporarily_unavailable: async () =>
    expect((await redirectWith('temporarily_unavailable')).error).toBe('temporarily_unavailable'),
  invalid_scope: async () => expect((await redirectWith('invalid_scope')).error).toBe('invalid_scope'),
  wrong_state: async () => expect((await redirectWith('wrong_state')).state).not.toBe('state-1'),
  missing_state: async () => expect(await redirectWith('missing_state')).not.toHaveProperty('state'),
  missing_code: async () => expect(await redirectWith('missing_code')).not.toHaveProperty('code'),

  token_503: async () => {
    const response = await redeemWith('token_503', { retry_after: 7 });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
  },
  token_429: async () => {
    const response = await redeemWith('token_429', { retry_after: null });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, null]);
  },
  html_token: async () => {
    const response = await redeemWith('html_token');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  },
  redirect_token: async () => expect((await redeemWith('redirect_token')).status).toBe(302),
  garbage_token: async () => expect(typeof (await answerWith('garbage_token')).access_token).toBe('object'),
  missing_access_token: async () =>
    expect(await answerWith('missing_access_token')).not.toHaveProperty('access_token'),
  no_refresh_token: async () =>
    expect(await answerWith('no_refresh_token')).not.toHaveProperty('refresh_token'),
  short_lived_token: async () => {
    const body = await answerWith('short_lived_token', { seconds: 3 });
    expect(body.expires_in).toBe(3);
    expect(Number(claimsOf(body.access_token).exp) - now()).toBeLessThanOrEqual(3);
  },
  no_expires_in: async () => expect(await answerWith('no_expires_in')).not.toHaveProperty('expires_in'),
  string_expires_in: async () => expect((await answerWith('string_expires_in')).expires_in).toBe('3900'),

  missing_id_token: async () => expect(await answerWith('missing_id_token')).not.toHaveProperty('id_token'),
  wrong_nonce: async () => expect((await idTokenWith('wrong_nonce')).nonce).not.toBe('nonce-1'),
  missing_nonce: async () => expect(await idTokenWith('missing_nonce')).not.toHaveProperty('nonce'),
  wrong_aud: async () => expect((await idTokenWith('wrong_aud')).aud).not.toBe(client.app.client_id),
  wrong_iss: async () => expect((await idTokenWith('wrong_iss')).iss).toContain('evil.example'),
  expired_id_token: async () =>
    expect(Number((await idTokenWith('expired_id_token')).exp)).toBeLessThan(now() - 3000),
  future_iat: async () =>
    expect(Number((await idTokenWith('future_iat', { seconds: 900 })).iat)).toBeGreaterThan(now() + 800),
  alg_none: async () => {
    const { id_token: idToken } = await answerWith('alg_none');
    expect(String(idToken).endsWith('.')).toBe(true);
  },
  alg_hs256: async () => await expect(verifyWith('alg_hs256')).rejects.toThrow('"alg"'),
  bad_signature: async () =>
    await expect(verifyWith('bad_signature')).rejects.toThrow('signature verification failed'),
  unknown_kid: async () => await expect(verifyWith('unknown_kid')).rejects.toThrow('no applicable key'),
  rotated_keys: async () => {
    const before = (await (await metadata(keysPath)).json()) as { keys: { kid: string }[] };
    await verifyWith('rotated_keys');
    const after = (await (await metadata(keysPath)).json()) as { keys: { kid: string }[] };
    expect(after.keys[0]?.kid).not.toBe(before.keys[0]?.kid);
  },
  missing_sub: async () => expect(await idTokenWith('missing_sub')).not.toHaveProperty('sub'),
  garbage_client_info: async () => {
    const code = await client.code(alice, { scope });
    entra.fault('garbage_client_info', { times: 1 });
    const answer = (await (await client.redeem(code, { client_info: '1' })).json()) as Json;
    expect(answer.client_info).toBe('%%%');
  },
  no_oid: async () => expect(await idTokenWith('no_oid')).not.toHaveProperty('oid'),
  other_tenant_tid: async () => expect((await idTokenWith('other_tenant_tid')).tid).not.toBe(entra.tenantId),
  skewed_clock: async () =>
    expect(Number((await idTokenWith('skewed_clock')).iat)).toBeGreaterThan(now() + 500),

  keys_unreachable: async () => {
    entra.fault('keys_unreachable', { times: 1 });
    await expect(metadata(keysPath)).rejects.toThrow('fetch failed');
  },
  keys_500: async () => {
    entra.fault('keys_500', { times: 1 });
    expect((await metadata(keysPath)).status).toBe(500);
  },
  keys_empty: async () => {
    entra.fault('keys_empty', { times: 1 });
    expect(await (await metadata(keysPath)).json()).toEqual({ keys: [] });
  },
  discovery_500: async () => {
    entra.fault('discovery_500', { times: 1 });
    expect((await metadata(discoveryPath)).status).toBe(500);
  },
  discovery_wrong_issuer: async () => {
    entra.fault('discovery_wrong_issuer', { times: 1 });
    expect(((await (await metadata(discoveryPath)).json()) as Json).issuer).toContain('evil.example');
  },

  null_mail: async () =>
    expect(await (await meWith('null_mail')).json()).toMatchObject({ mail: null, userPrincipalName: alice }),
  null_mail_and_upn: async () =>
    expect(await (await meWith('null_mail_and_upn')).json()).toMatchObject({
      mail: null,
      userPrincipalName: null,
    }),
  missing_id: async () => expect(await (await meWith('missing_id')).json()).not.toHaveProperty('id'),
  garbage_profile: async () => expect(await (await meWith('garbage_profile')).json()).toBeInstanceOf(Array),
  html_profile: async () =>
    expect((await meWith('html_profile')).headers.get('content-type')).toContain('text/html'),
  other_profile: async () =>
    expect(((await (await meWith('other_profile')).json()) as Json).id).toMatch(/ff$/),
  profile_401: async () => {
    const response = await meWith('profile_401');
    expect(response.headers.get('www-authenticate')).toContain('client_id="00000003-');
    await expectGraphError(response, 401, 'InvalidAuthenticationToken');
  },
  profile_401_claims: async () => {
    const response = await meWith('profile_401_claims');
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_claims"');
  },
  profile_403: async () =>
    await expectGraphError(await meWith('profile_403'), 403, 'Authorization_RequestDenied'),
  profile_404: async () =>
    await expectGraphError(await meWith('profile_404'), 404, 'Request_ResourceNotFound'),
  profile_429: async () => {
    const response = await meWith('profile_429', { retry_after: 4 });
    expect(response.headers.get('retry-after')).toBe('4');
    await expectGraphError(response, 429, 'TooManyRequests');
  },
  profile_500: async () => await expectGraphError(await meWith('profile_500'), 500, 'generalException'),
  profile_503: async () => {
    const response = await meWith('profile_503', { retry_after: null });
    expect(response.headers.has('retry-after')).toBe(false);
    await expectGraphError(response, 503, 'serviceNotAvailable');
  },
  userinfo_other_subject: async () => {
    const { access_token: accessToken, id_token: idToken } = await client.tokens(alice);
    entra.fault('userinfo_other_subject', { times: 1 });
    const info = (await (await client.graph('/oidc/userinfo', accessToken)).json()) as Json;
    expect(info.sub).not.toBe(claimsOf(idToken).sub);
  },

  slow: async () => {
    const started = performance.now();
    expect((await meWith('slow', { endpoint: 'me', ms: 150 })).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(145);
  },
  hang: async () => {
    entra.fault('hang', { times: 1, endpoint: 'keys' });
    const signal = AbortSignal.timeout(200);
    await expect(fetch(`${entra.url}/common${keysPath}`, { signal })).rejects.toThrow('timeout');
  },
  drop_connection: async () => await expect(redeemWith('drop_connection')).rejects.toThrow('fetch failed'),
  empty_body: async () => expect(await (await meWith('empty_body', { endpoint: 'me' })).text()).toBe(''),
  truncated_json: async () => {
    const text = await (await redeemWith('truncated_json')).text();
    expect(text).toContain('"access_token"');
    expect(() => JSON.parse(text)).toThrow();
  },
  wrong_content_type: async () => {
    const response = await redeemWith('wrong_content_type');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await response.json()).toHaveProperty('access_token');
  },
  huge_body: async () =>
    expect((await (await redeemWith('huge_body', { bytes: 5_000_000 })).text()).length).toBeGreaterThan(
      5_000_000,
    ),
};

test('every fault is listed once, with a description, and every behaviour has a check', () => {
  const names = faults.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(100);
  for (const { description } of faults) expect(description).toMatch(/\w{3}/);
  const behaviours = names.filter((name) => !name.startsWith('AADSTS'));
  expect(Object.keys(checks).sort()).toEqual([...behaviours].sort());
});

describe('behaviours', () => {
  test.each(Object.keys(checks))('%s, and all is well again after it', async (name) => {
    await checks[name]?.();
    const { access_token: accessToken } = await client.tokens(alice);
    expect((await client.graph('/v1.0/me', accessToken)).status).toBe(200);
  });
});

describe('numbered faults', () => {
  const atToken = faults.filter(({ name, endpoint }) => name.startsWith('AADSTS') && endpoint === 'token');
  const atAuthorize = faults.filter(
    ({ name, endpoint }) => name.startsWith('AADSTS') && endpoint === 'authorize',
  );

  test.each(atToken.map(({ name }) => name))('%s at the token endpoint', async (name) => {
    const { status, code, body } = await readError(await redeemWith(name));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(`AADSTS${String(code)}`).toBe(name);
    expect(body.error_description).toMatch(new RegExp(`^${name}: [^{}]+\\r\\nTrace ID: `));
    expect(body.error).toMatch(/^[a-z_]+$/);
    if (body.suberror === 'basic_action') expect(JSON.parse(String(body.claims))).toBeTruthy();
  });

  test.each(atAuthorize.map(({ name }) => name))('%s at the authorize endpoint', async (name) => {
    entra.fault(name, { times: 1 });
    const told = await client.signIn(alice).then(
      (answer) => answer.get('error_description') ?? '',
      (error: Error) => error.message,
    );
    expect(told).toContain(`${name}: `);
  });

  test('show where the option says', async () => {
    entra.fault('AADSTS50105', { times: 1, at: 'page' });
    await expect(client.signIn(alice)).rejects.toThrow('AADSTS50105');
    entra.fault('AADSTS53003', { times: 1, at: 'redirect' });
    expect((await client.signIn(alice)).get('error_description')).toContain('AADSTS53003');
  });
});

describe('aiming', () => {
  test('a fault stays until it is cleared, or for so many times', async () => {
    entra.fault('AADSTS50196');
    for (let count = 0; count < 3; count += 1) {
      expect((await readError(await client.redeem(await client.code(alice)))).code).toBe(50196);
    }
    entra.clearFaults();
    expect((await client.redeem(await client.code(alice))).status).toBe(200);
  });

  test('a fault hits one client or one grant only', async () => {
    const other = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
    entra.fault('AADSTS700082', { grant_type: 'refresh_token', client_id: client.app.client_id });
    const mine = await client.tokens(alice);
    const theirs = await other.tokens(alice);
    expect((await readError(await client.refresh(mine.refresh_token))).code).toBe(700082);
    expect((await other.refresh(theirs.refresh_token)).status).toBe(200);
  });

  test('a lost answer: the code is spent all the same', async () => {
    const code = await client.code(alice);
    entra.fault('drop_connection', { times: 1, after: true });
    await expect(client.redeem(code)).rejects.toThrow('fetch failed');
    expect((await readError(await client.redeem(code))).code).toBe(54005);
  });

  test('an unknown fault is a mistake of the test', () => {
    expect(() => entra.fault('AADSTS1' as FaultName)).toThrow('unknown fault');
  });
});
