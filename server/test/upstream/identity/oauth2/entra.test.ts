import { generateKeyPairSync } from 'node:crypto';
import { certificatePem, selfSignedCertificate } from '@foyer/testkit/entra/certificate.ts';
import type { FaultName, FaultOptions } from '@foyer/testkit/entra/faults.ts';
import { pickAccount } from '@foyer/testkit/entra/pick-account.ts';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '#upstream/identity/identity-source.ts';
import { describeExchange } from '#upstream/identity/oauth2/describe-exchange.ts';
import { checkSubject } from '#upstream/identity/oauth2/profile.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';
import { type OpenedSource, openSource, redirectUri, refusalOf, start } from './open-source.ts';

const clientId = '0a1b2c3d-1111-4222-8333-444455556666';
const clientSecret = 'Zk8Q~a-secret-of-the-registration';
const tenantId = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const otherTenant = '7cbbcaad-604b-40ac-a9d7-9fd97c0b7711';
const oid = 'c4a3b2a1-0000-4000-8000-00000000a11c';

let entra: Entra;
let port: number;

const seed = (): void => {
  entra.addTenant({ id: otherTenant, name: 'Fabrikam', domains: ['fabrikam.example'] });
  entra.addApp({
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
    sign_in_audience: 'AzureADMultipleOrgs',
  });
  entra.addPerson({
    email: 'alice@contoso.example',
    oid,
    display_name: 'Alice Adams',
    given_name: 'Alice',
    surname: 'Adams',
  });
  entra.addPerson({ email: 'mallory@fabrikam.example', tenant: otherTenant, mail: 'alice@contoso.example' });
};

beforeAll(async () => {
  entra = await startEntra({ tls: testServerTls });
  port = Number(new URL(entra.url).port);
  seed();
});
afterEach(() => {
  entra.reset();
  seed();
});
afterAll(() => entra.close());

/** The documented Microsoft source, as an administrator types it. */
const documented = (more: Record<string, unknown> = {}, tenant = tenantId): Record<string, unknown> => ({
  name: 'Microsoft',
  client_id: clientId,
  client_secret: clientSecret,
  site: 'https://login.microsoftonline.com',
  scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
  token_method: 'POST',
  authentication_scheme: 'Request Body',
  token_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
  authorize_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
  user_profile_url: 'https://graph.microsoft.com/v1.0/me',
  info_mappings: {
    email: 'mail,userPrincipalName',
    first_name: 'givenName',
    last_name: 'surname',
    uid: 'id',
    access_token: 'token',
    refresh_token: 'refresh_token',
    expires: 'expires',
    expires_at: 'expires_at',
  },
  ...more,
});

const open = (settings = documented()): OpenedSource => {
  const at = { address: '127.0.0.1', port };
  return openSource(settings, {
    ca: testCa,
    hostMap: { 'login.microsoftonline.com:443': at, 'graph.microsoft.com:443': at },
  });
};

const signIn = async (opened: OpenedSource, email = 'alice@contoso.example'): Promise<Identity> => {
  const attempt = await start(opened);
  return attempt.finish(await pickAccount(attempt.url, email, { via: entra.url }));
};

describe('the documented Microsoft source', () => {
  it('sends people to Microsoft with exactly the documented request', async () => {
    const opened = open();
    const url = new URL((await start(opened)).url);
    expect(url.origin + url.pathname).toBe(
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
    );
    const params = Object.fromEntries(url.searchParams);
    expect(params).toEqual({
      response_type: 'code',
      client_id: clientId,
      scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
      redirect_uri: redirectUri,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('S-30 signs Alice in, by tenant and object id, with her tokens', async () => {
    const opened = open();
    const identity = await signIn(opened);
    expect(identity).toEqual({
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      subject: oid,
      subjectKey: 'id',
      fields: {
        email: 'alice@contoso.example',
        first_name: 'Alice',
        last_name: 'Adams',
        name: 'Alice Adams',
      },
      emailVerified: false,
      tokens: {
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        tokenType: 'Bearer',
        scope: expect.stringMatching(/calendars\.readwrite\.shared/i),
        expiresAt: expect.any(Date),
      },
      rawProfile: expect.objectContaining({ id: oid }),
      rawClaims: expect.objectContaining({ tid: tenantId }),
      mapping: { winners: expect.objectContaining({ uid: { key: 'id', from: 'profile' } }), ignored: [] },
    });
    const body = entra.requests.last('token')?.body;
    expect(body).toEqual({
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: clientSecret,
      code: expect.any(String),
      code_verifier: expect.any(String),
      redirect_uri: redirectUri,
      client_info: '1',
    });
  });

  it('costs one token and one profile request; keys are fetched once and no document at all', async () => {
    const opened = open();
    await signIn(opened);
    await signIn(opened);
    await signIn(opened);
    const { token, me, keys, discovery } = entra.requests.counts;
    expect({ token, me, keys, discovery }).toEqual({ token: 3, me: 3, keys: 1, discovery: undefined });
  });

  it('S-05 two sign-ins never share a challenge, and a wrong verifier is refused by Microsoft', async () => {
    const opened = open();
    const first = await start(opened);
    const second = await start(opened);
    const challenge = (url: string): string | null => new URL(url).searchParams.get('code_challenge');
    expect(challenge(first.url)).not.toBe(challenge(second.url));
    const callback = await pickAccount(first.url, 'alice@contoso.example', { via: entra.url });
    const refusal = await refusalOf(second.finish(callback));
    expect(refusal).toMatchObject({ code: 'upstream_refused', evidence: { errorCodes: [501481] } });
  });

  it('falls back to the user principal name where there is no mailbox', async () => {
    entra.fault('null_mail');
    expect((await signIn(open())).fields.email).toBe('alice@contoso.example');
  });

  it('has no e-mail address when the profile has none', async () => {
    entra.fault('null_mail_and_upn');
    expect((await signIn(open())).fields).toEqual({
      first_name: 'Alice',
      last_name: 'Adams',
      name: 'Alice Adams',
    });
  });

  it('S-26 tells its steps without a secret or a token', async () => {
    const opened = open();
    const identity = await signIn(opened);
    expect(opened.steps.map((step) => `${step.name} ${step.outcome}`)).toEqual([
      'authorize ok',
      'callback ok',
      'token ok',
      'keys ok',
      'id_token ok',
      'profile ok',
      'mapping ok',
    ]);
    const told = JSON.stringify(opened.steps);
    for (const secret of [clientSecret, identity.tokens?.accessToken, identity.tokens?.refreshToken]) {
      expect(told).not.toContain(secret);
    }
    expect(told).not.toContain('alice@contoso.example');
  });

  it('S-26 says what was asked and answered, in names where a value is nobody’s business', async () => {
    const opened = open();
    await signIn(opened);
    const stepOf = (name: string) => opened.steps.find((step) => step.name === name);
    expect(stepOf('authorize')?.request).toMatchObject({
      method: 'GET',
      url: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
      params: { client_id: clientId, redirect_uri: redirectUri, state: '(not shown, 43 characters)' },
    });
    expect(stepOf('callback')?.request).toMatchObject({
      url: 'https://foyer.example/auth/oauth2/callback',
      params: { code: expect.stringMatching(/^\(secret, \d+ characters\)$/) },
    });
    expect(stepOf('token')).toMatchObject({
      request: {
        method: 'POST',
        params: {
          grant_type: 'authorization_code',
          client_id: clientId,
          client_secret: `(secret, ${clientSecret.length} characters)`,
          code_verifier: '(secret, 43 characters)',
        },
      },
      answer: {
        status: 200,
        members: {
          token_type: 'Bearer',
          expires_in: expect.any(Number),
          access_token: expect.stringMatching(/^\(token, \d+ characters\)$/),
          refresh_token: expect.stringMatching(/^\(token, \d+ characters\)$/),
          id_token: expect.stringMatching(/^\(token, \d+ characters\)$/),
        },
      },
    });
    expect(stepOf('profile')).toMatchObject({
      request: { params: { authorization: expect.stringMatching(/^Bearer \(secret, \d+ characters\)$/) } },
      answer: { status: 200, members: {} },
      detail: { keys: expect.arrayContaining(['id', 'mail']) },
    });
  });

  it('S-26 shows the words of a refusal, without what the provider repeats of ours', async () => {
    entra.fault('AADSTS7000215');
    const opened = open();
    await refusalOf(signIn(opened));
    const last = opened.steps.at(-1);
    expect(last).toMatchObject({
      name: 'token',
      outcome: 'failed',
      detail: {
        code: 'upstream_refused',
      },
      answer: {
        status: 401,
        members: {
          error: 'invalid_client',
          error_codes: [7000215],
          error_description: expect.stringContaining('AADSTS7000215'),
        },
      },
    });
    const request = {
      url: 'https://p.example/token?code=the-very-code',
      method: 'POST',
      body: 'client_secret=a-very-secret',
    } as const;
    const text = '{"error":"no a-very-secret with the-very-code or the-other-one","id_token":"abc"}';
    const came = { status: 400, headers: {}, text, json: () => undefined };
    expect(describeExchange(request, came, { hidden: ['the-other-one'] }).answer?.members).toEqual({
      error: 'no (secret) with (secret) or (secret)',
      id_token: '(token, 3 characters)',
    });
  });

  it('the key is the same when openid is not asked for', async () => {
    const plain = open(documented({ scope: 'user.read.all offline_access' }));
    const { issuer, subject } = await signIn(plain);
    expect({ issuer, subject }).toEqual({
      issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
      subject: oid,
    });
    expect(entra.requests.count('keys')).toBe(0);
  });

  it('works with paths relative to the site', async () => {
    const opened = open(
      documented({
        site: `https://login.microsoftonline.com/${tenantId}/oauth2/`,
        authorize_url: 'v2.0/authorize',
        token_url: `/${tenantId}/oauth2/v2.0/token`,
      }),
    );
    expect((await signIn(opened)).subject).toBe(oid);
  });
});

describe('tenants', () => {
  it('S-30 a tenant named by its domain is asked for its id once', async () => {
    const opened = open(documented({}, 'contoso.example'));
    await signIn(opened);
    expect((await signIn(opened)).issuer).toBe(`https://login.microsoftonline.com/${tenantId}/v2.0`);
    expect(entra.requests.count('discovery')).toBe(1);
  });

  it('S-30 common is not usable without a list of tenants', async () => {
    const refusal = await refusalOf(start(open(documented({}, 'common'))));
    expect(refusal).toMatchObject({ code: 'source_misconfigured', evidence: { fields: ['tid_allow'] } });
  });

  it('S-30 common lets in the people of a listed tenant, under that tenant', async () => {
    const opened = open(documented({ tid_allow: [tenantId.toUpperCase()] }, 'organizations'));
    expect((await signIn(opened)).issuer).toBe(`https://login.microsoftonline.com/${tenantId}/v2.0`);
  });

  it('S-30 refuses the people of another tenant, whatever e-mail address they have', async () => {
    const opened = open(documented({ tid_allow: [tenantId] }, 'organizations'));
    const refusal = await refusalOf(signIn(opened, 'mallory@fabrikam.example'));
    expect(refusal).toMatchObject({ code: 'not_permitted', evidence: { reason: 'tenant_not_allowed' } });
    expect(entra.requests.count('me')).toBe(0);
  });

  it('S-11 refuses a document of another issuer', async () => {
    entra.fault('discovery_wrong_issuer');
    expect((await refusalOf(signIn(open(documented({}, 'contoso.example'))))).code).toBe('issuer_mismatch');
    expect(entra.requests.count('token')).toBe(0);
  });
});

describe('the same person in ID token and profile', () => {
  const withProfile = (): OpenedSource =>
    open(documented({ scope: 'openid profile offline_access user.read.all' }));

  it('S-12 accepts a profile whose id is the oid', async () => {
    expect((await signIn(withProfile())).subject).toBe(oid);
  });

  it('S-12 refuses the profile of somebody else', async () => {
    entra.addPerson({ email: 'bob@contoso.example' });
    entra.fault('other_profile');
    expect((await refusalOf(signIn(withProfile()))).code).toBe('subject_mismatch');
  });

  it('S-12 refuses an ID token without oid where there must be one', async () => {
    entra.fault('no_oid');
    expect((await refusalOf(signIn(withProfile()))).code).toBe('subject_mismatch');
  });

  it('S-12 compares with client_info where the scope gives no oid, as the documented one', async () => {
    expect((await signIn(open())).subject).toBe(oid);
    entra.fault('other_profile');
    expect((await refusalOf(signIn(open()))).code).toBe('subject_mismatch');
  });

  it('S-12 has nothing to compare for a guest, whose client_info is of another tenant', async () => {
    const guest = entra.addPerson({ email: 'gil@elsewhere.example', guest: true });
    expect((await signIn(open(), 'gil@elsewhere.example')).subject).toBe(guest.oid);
  });

  it('S-12 takes a client_info that cannot be read for none', async () => {
    entra.fault('garbage_client_info');
    expect((await signIn(open())).subject).toBe(oid);
  });

  it('S-12 knows the id of a personal account, which Graph writes without its zeros', () => {
    const profileUrl = 'https://graph.microsoft.com/v1.0/me';
    const check = (id: string) =>
      checkSubject({
        provider: { family: 'entra', userinfoUrl: undefined },
        settings: readSettings({ scope: 'openid profile' }),
        profileUrl,
        profile: { id },
        claims: { iss: 'i', sub: 's', oid: '00000000-0000-0000-b3d5-a1a2c3d4e5f6' },
      });
    expect(() => check('B3D5A1A2C3D4E5F6')).not.toThrow();
    expect(() => check('b3d5a1a2c3d4e5f7')).toThrow('subject_mismatch');
  });

  it('S-12 refuses userinfo of another subject', async () => {
    const opened = open(
      documented({
        raw_info_url: 'https://graph.microsoft.com/oidc/userinfo',
        user_profile_url: undefined,
        info_mappings: { uid: 'sub' },
      }),
    );
    expect((await signIn(opened)).subjectKey).toBe('sub');
    entra.fault('userinfo_other_subject');
    expect((await refusalOf(signIn(opened))).code).toBe('subject_mismatch');
  });
});

describe('S-29 verified e-mail addresses', () => {
  const withOptionalClaims = (edov: boolean): void => {
    entra.reset();
    entra.addApp({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      optional_claims: ['email', 'xms_edov'],
    });
    entra.addPerson({ email: 'alice@contoso.example', oid, xms_edov: edov });
  };

  it('S-30 believes Entra only with xms_edov', async () => {
    withOptionalClaims(true);
    expect((await signIn(open())).emailVerified).toBe(true);
    withOptionalClaims(false);
    expect((await signIn(open())).emailVerified).toBe(false);
  });
});

describe('what goes wrong at Microsoft', () => {
  const refused: [FaultName, string, Record<string, unknown>, FaultOptions?][] = [
    ['cancel', 'upstream_refused', { step: 'callback', error: 'access_denied' }],
    ['access_denied', 'upstream_refused', { step: 'callback', error: 'access_denied' }],
    ['server_error', 'upstream_refused', { step: 'callback', error: 'server_error' }],
    ['missing_code', 'bad_request', { step: 'callback' }],
    [
      'AADSTS7000215',
      'upstream_refused',
      { step: 'token', httpStatus: 401, error: 'invalid_client', errorCodes: [7000215] },
    ],
    [
      'AADSTS50076',
      'upstream_refused',
      { step: 'token', httpStatus: 400, errorCodes: [50076], suberror: 'basic_action' },
    ],
    [
      'AADSTS65001',
      'upstream_refused',
      { step: 'token', errorCodes: [65001], suberror: 'consent_required' },
      { at: 'token' },
    ],
    ['token_503', 'source_unavailable', { step: 'token', httpStatus: 503 }],
    ['token_429', 'source_unavailable', { step: 'token', httpStatus: 429 }],
    ['html_token', 'upstream_invalid', { step: 'token' }],
    ['redirect_token', 'upstream_invalid', { step: 'token' }],
    ['garbage_token', 'upstream_invalid', { step: 'token' }],
    ['missing_access_token', 'upstream_invalid', { step: 'token', reason: 'no_access_token' }],
    ['missing_id_token', 'id_token_invalid', { reason: 'no_id_token' }],
    ['wrong_nonce', 'nonce_mismatch', { claim: 'nonce' }],
    ['missing_nonce', 'nonce_mismatch', { claim: 'nonce' }],
    ['wrong_aud', 'id_token_invalid', { reason: 'bad_audience' }],
    ['wrong_iss', 'id_token_invalid', { claim: 'iss' }],
    ['expired_id_token', 'id_token_invalid', { reason: 'id_token_expired' }],
    ['future_iat', 'id_token_invalid', { reason: 'clock_skew' }],
    ['skewed_clock', 'id_token_invalid', { reason: 'clock_skew' }],
    ['alg_none', 'id_token_invalid', {}],
    ['alg_hs256', 'id_token_invalid', {}],
    ['bad_signature', 'id_token_invalid', { reason: 'bad_signature' }],
    ['unknown_kid', 'id_token_invalid', { reason: 'unknown_key' }],
    ['missing_sub', 'id_token_invalid', { claim: 'sub' }],
    ['other_tenant_tid', 'id_token_invalid', { claim: 'tid' }],
    ['keys_500', 'source_unavailable', { step: 'keys', httpStatus: 500 }],
    ['keys_empty', 'id_token_invalid', { reason: 'unknown_key' }],
    ['missing_id', 'bad_profile', { reason: 'missing_uid' }],
    ['garbage_profile', 'bad_profile', { reason: 'malformed_profile' }],
    ['html_profile', 'upstream_invalid', { step: 'profile' }],
    [
      'profile_401',
      'upstream_refused',
      { step: 'profile', httpStatus: 401, error: 'InvalidAuthenticationToken' },
    ],
    [
      'profile_403',
      'upstream_refused',
      { step: 'profile', httpStatus: 403, error: 'Authorization_RequestDenied' },
    ],
    ['profile_404', 'upstream_refused', { step: 'profile', httpStatus: 404 }],
    ['profile_429', 'source_unavailable', { step: 'profile', httpStatus: 429 }],
    ['profile_500', 'source_unavailable', { step: 'profile', httpStatus: 500 }],
    ['drop_connection', 'upstream_unreachable', { step: 'token' }],
    ['empty_body', 'upstream_invalid', { step: 'token' }],
    ['truncated_json', 'upstream_invalid', { step: 'token' }],
    ['wrong_content_type', 'upstream_invalid', { step: 'token' }],
    ['huge_body', 'upstream_invalid', { step: 'token' }],
    ['huge_body', 'bad_profile', { step: 'profile' }, { endpoint: 'me' }],
  ];

  it.each(refused)('S-07 S-13 S-25 S-105 %s is answered with %s', async (fault, code, evidence, options) => {
    entra.fault(fault, options ?? {});
    const refusal = await refusalOf(signIn(open()));
    expect({ code: refusal.code, evidence: refusal.evidence }).toMatchObject({ code, evidence });
  });

  it('S-13 what Microsoft wrote stays in the evidence, cut', async () => {
    const opened = open();
    const attempt = await start(opened);
    const text = `<script>alert(1)</script>\r\nSet-Cookie: a=b ${'x'.repeat(100_000)}`;
    const callback = new URL(redirectUri);
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('error_description', text);
    const refusal = await refusalOf(attempt.finish(callback));
    expect(refusal.code).toBe('upstream_refused');
    expect(refusal.detail).not.toContain('script');
    const { description } = refusal.evidence as { description: string };
    expect(description.length).toBeLessThanOrEqual(200);
    expect(description).not.toMatch(/[\r\n]/);
  });

  it('S-03 a callback without code asks nobody', async () => {
    const opened = open();
    const attempt = await start(opened);
    for (const query of ['', '&code=', `&code=${'x'.repeat(9000)}`]) {
      const refusal = await refusalOf(attempt.finish(`${redirectUri}${query}`));
      expect(refusal.code).toBe('bad_request');
    }
    expect(entra.requests.all()).toEqual([]);
  });
});

describe('keys', () => {
  it('S-07 R-06 follows a rotation at once, and asks at most once in 30 seconds for keys that nobody has', async () => {
    const opened = open();
    await signIn(opened);
    entra.fault('rotated_keys', { times: 1 });
    await signIn(opened);
    expect(entra.requests.count('keys')).toBe(2);
    entra.fault('unknown_kid');
    for (let i = 0; i < 5; i++) await refusalOf(signIn(opened));
    expect(entra.requests.count('keys')).toBe(2);
  });

  it('R-06 keys in hand serve while Microsoft publishes none', async () => {
    const opened = open();
    await signIn(opened);
    entra.fault('keys_500');
    expect((await signIn(opened)).subject).toBe(oid);
  });
});

describe('refresh', () => {
  it('S-48 renews at the same source and answers the newest refresh token', async () => {
    const opened = open();
    const { tokens } = await signIn(opened);
    const renewed = await opened.source.refresh?.(tokens?.refreshToken ?? '');
    expect(renewed).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      tokenType: 'Bearer',
      scope: expect.any(String),
      expiresAt: expect.any(Date),
    });
    expect(renewed?.accessToken).not.toBe(tokens?.accessToken);
    expect(entra.requests.last('token')?.body).toEqual({
      grant_type: 'refresh_token',
      refresh_token: tokens?.refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
    });
  });

  it('S-48 keeps the refresh token when Microsoft sends none', async () => {
    const opened = open();
    const { tokens } = await signIn(opened);
    entra.fault('no_refresh_token');
    const renewed = await opened.source.refresh?.(tokens?.refreshToken ?? '');
    expect(renewed?.refreshToken).toBe(tokens?.refreshToken);
  });

  it.each<[FaultName, string]>([
    ['AADSTS700082', 'needs_consent'],
    ['AADSTS50173', 'needs_consent'],
    ['AADSTS65001', 'needs_consent'],
    ['AADSTS50076', 'needs_consent'],
    ['AADSTS7000215', 'upstream_refused'],
    ['AADSTS7000222', 'upstream_refused'],
    ['AADSTS90033', 'source_unavailable'],
    ['token_503', 'source_unavailable'],
    ['drop_connection', 'upstream_unreachable'],
  ])('S-148 %s during a refresh is %s', async (fault, code) => {
    const opened = open();
    const { tokens } = await signIn(opened);
    entra.fault(fault, { at: 'token' });
    const refusal = await refusalOf(Promise.resolve(opened.source.refresh?.(tokens?.refreshToken ?? '')));
    expect({ code: refusal.code, step: refusal.evidence?.step }).toEqual({ code, step: 'refresh' });
  });

  it('needs consent after all sessions were revoked', async () => {
    const opened = open();
    const { tokens } = await signIn(opened);
    entra.revokeSessions('alice@contoso.example');
    expect((await refusalOf(Promise.resolve(opened.source.refresh?.(tokens?.refreshToken ?? '')))).code).toBe(
      'needs_consent',
    );
  });
});

describe('proof of the client', () => {
  it('signs in with a certificate instead of a secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = selfSignedCertificate({
      commonName: 'foyer',
      publicKey,
      privateKey,
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2040-01-01'),
    });
    const certificate = certificatePem(der);
    entra.reset();
    entra.addApp({ client_id: clientId, redirect_uris: [redirectUri], certificates: [certificate] });
    entra.addPerson({ email: 'alice@contoso.example', oid });
    const opened = open(
      documented({
        client_secret: '',
        authentication_scheme: 'private_key_jwt',
        client_private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        client_certificate: certificate,
      }),
    );
    expect((await signIn(opened)).subject).toBe(oid);
    const body = entra.requests.last('token')?.body ?? {};
    expect(Object.keys(body)).not.toContain('client_secret');
  });

  it('signs in with the Basic scheme', async () => {
    expect((await signIn(open(documented({ authentication_scheme: 'Basic Auth' })))).subject).toBe(oid);
    expect(Object.keys(entra.requests.last('token')?.body ?? {})).not.toContain('client_secret');
  });
});
