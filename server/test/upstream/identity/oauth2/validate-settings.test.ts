import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEgress } from '#base/lib/egress/egress.ts';
import { parseEgressRules } from '#base/lib/egress/egress-rules.ts';
import { missingSettings } from '#upstream/identity/oauth2/missing-settings.ts';
import { validateIssuer } from '#upstream/identity/oauth2/validate-issuer.ts';
import { validateSettings } from '#upstream/identity/oauth2/validate-settings.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { startFakeProvider } from './fake-provider.ts';

const tid = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const documented = {
  client_id: 'a',
  client_secret: 'b',
  site: 'https://login.microsoftonline.com',
  scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
  token_method: 'POST',
  authentication_scheme: 'Request Body',
  token_url: `https://login.microsoftonline.com/${tid}/oauth2/v2.0/token`,
  authorize_url: `https://login.microsoftonline.com/${tid}/oauth2/v2.0/authorize`,
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
};

const egressFor = (allow = '') => {
  const egress = createEgress({ clock: createTestClock(), allow: parseEgressRules(allow) });
  onTestFinished(() => egress.close());
  return egress;
};
const fieldsOf = (settings: Record<string, unknown>): string[] => [
  ...new Set(validateSettings(settings, egressFor()).map((failure) => failure.field)),
];

describe('saving a source', () => {
  it('the documented Microsoft source is right and complete', () => {
    expect(validateSettings(documented, egressFor())).toEqual([]);
    expect(missingSettings(documented)).toEqual([]);
  });

  it('a source with only a name can be saved, though not used', () => {
    const empty = {
      name: 'New',
      client_id: '',
      client_secret: '',
      site: '',
      scope: '',
      token_method: '',
      auth_scheme: '',
      authorize_url: 'oauth/authorize',
      token_url: 'oauth/token',
      raw_info_url: '',
      info_mappings: {},
      authorize_params: {},
      ensure_matching: {},
    };
    expect(validateSettings(empty, egressFor())).toEqual([]);
    expect(missingSettings(empty)).toEqual([
      'client_id',
      'client_secret',
      'raw_info_url',
      'site',
      'info_mappings',
    ]);
    expect(validateSettings({ name: 'New' }, egressFor())).toEqual([]);
  });

  it.each([
    'http://idp.example/t',
    'https://user:pass@idp.example/t',
    'https://127.0.0.1/t',
    'https://[::1]/t',
    'https://169.254.169.254/t',
    'https://0x7f000001/t',
    'https://idp.example:22/t',
    'http:127.0.0.1/t',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//idp.example/t',
    'https:\\\\idp.example',
  ])('S-103 %s is refused in every field that holds an address', (url) => {
    for (const field of ['authorize_url', 'token_url', 'raw_info_url', 'site', 'issuer']) {
      expect([field, fieldsOf({ ...documented, user_profile_url: undefined, [field]: url })]).toEqual([
        field,
        expect.arrayContaining([field]),
      ]);
    }
  });

  it('S-103 says in words what is wrong', () => {
    const [failure] = validateSettings({ token_url: 'http://idp.example/t' }, egressFor());
    expect(failure).toEqual({ field: 'token_url', reason: 'Only https addresses are allowed here.' });
  });

  it('S-102 what the operator allows can be saved', () => {
    const settings = { site: 'http://adfs.corp.example', token_url: '/t' };
    expect(validateSettings(settings, egressFor('adfs.corp.example'))).toEqual([]);
  });

  it.each([
    'redirect_uri',
    'client_id',
    'response_type',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    'code_challenge_x',
    'request_uri',
  ])('D-12 the parameter %s is refused', (name) => {
    expect(fieldsOf({ ...documented, authorize_params: { [name]: 'x' } })).toEqual(['authorize_params']);
  });

  it.each([
    'password',
    'password_confirmation',
    'password_digest',
    'sys_admin',
    'support',
    'id',
    'authority_id',
    'deleted',
    'metadata',
    'something_else',
  ])('S-32 the mapping target %s is refused', (target) => {
    const failures = validateSettings(
      { ...documented, info_mappings: { uid: 'id', [target]: 'x' } },
      egressFor(),
    );
    expect(failures).toEqual([{ field: 'info_mappings', reason: expect.stringContaining(`“${target}”`) }]);
  });

  it.each(['mail', 'userPrincipalName', 'email', 'upn', 'preferred_username', 'id,mail'])(
    'S-30 for Entra %s is no user id',
    (uid) => {
      const settings = { ...documented, info_mappings: { uid } };
      expect(fieldsOf(settings)).toEqual(['info_mappings']);
      expect(missingSettings(settings)).toEqual(['info_mappings']);
    },
  );

  it('S-22 patterns that are not anchored, or made to take for ever, are refused', () => {
    for (const wanted of ['.*@example\\.com', '^(a+)+$', '^(?!x)$', '']) {
      expect(fieldsOf({ ...documented, ensure_matching: { mail: [wanted] } })).toEqual(['ensure_matching']);
    }
    expect(
      fieldsOf({ ...documented, ensure_matching: { mail: ['example.com', '^.*@example\\.com$'] } }),
    ).toEqual([]);
  });

  it('S-30 common and organizations need a list of tenants', () => {
    const urls = (tenant: string) => ({
      ...documented,
      token_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    });
    expect(fieldsOf(urls('common'))).toEqual(['tid_allow']);
    expect(fieldsOf({ ...urls('organizations'), tid_allow: [tid] })).toEqual([]);
    expect(fieldsOf({ ...urls('organizations'), tid_allow: ['contoso.example'] })).toEqual(['tid_allow']);
  });

  it('S-07 none and HS256 cannot be allowed', () => {
    for (const alg of ['none', 'HS256', 'RSA1_5']) {
      expect(fieldsOf({ ...documented, allowed_algs: [alg] })).toEqual(['allowed_algs']);
    }
    expect(fieldsOf({ ...documented, allowed_algs: ['PS256', 'ES256'] })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['client_id', 7],
    ['scope', ['openid']],
    ['token_url', { a: 1 }],
    ['client_id', 'a\u0000b'],
    ['scope', 'x'.repeat(10_000)],
    ['info_mappings', ['uid']],
    ['info_mappings', { uid: 7 }],
    ['info_mappings', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`a${i}`, 'x']))],
    ['ensure_matching', { hd: [7] }],
    ['authorize_params', 'prompt=login'],
    ['pkce', 'yes'],
    ['tid_allow', tid],
    ['token_method', 'delete'],
    ['auth_scheme', 'none'],
    ['trusted_email_domains', ['not a domain']],
    ['authorize_params', { response_mode: 'fragment' }],
    ['client_private_key', 'not a key'],
  ])('%s cannot be %j', (field, value) => {
    const settings = {
      ...documented,
      token_method: 'post',
      authentication_scheme: undefined,
      [field]: value,
    };
    expect(fieldsOf(settings)).toEqual([field]);
  });

  it('S-132 names of the language break nothing', () => {
    const hostile = JSON.parse(
      '{"info_mappings":{"__proto__":"x","constructor":"y"},"ensure_matching":{"__proto__":["a"]}}',
    );
    expect(fieldsOf(hostile)).toEqual(['info_mappings']);
  });

  it('a private key must be strong enough, and a certificate its own', () => {
    const pem = (key: ReturnType<typeof generateKeyPairSync>) =>
      key.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const settings = { ...documented, authentication_scheme: undefined, auth_scheme: 'private_key_jwt' };
    expect(fieldsOf({ ...settings, client_private_key: pem(rsa as never) })).toEqual([]);
    expect(fieldsOf({ ...settings, client_private_key: pem(weak as never) })).toEqual(['client_private_key']);
    expect(fieldsOf({ ...settings, client_private_key: pem(rsa as never), client_certificate: 'x' })).toEqual(
      ['client_certificate'],
    );
    expect(missingSettings(settings)).toEqual(['client_private_key']);
  });

  it('no failure repeats a secret', () => {
    const settings = { ...documented, client_secret: 'very-secret\u0000', client_private_key: 'very-secret' };
    expect(JSON.stringify(validateSettings(settings, egressFor()))).not.toContain('very-secret');
  });
});

describe('S-11 the issuer when a source is saved', () => {
  const validate = async (change: (provider: Awaited<ReturnType<typeof startFakeProvider>>) => void) => {
    const provider = await startFakeProvider();
    change(provider);
    const egress = egressFor(provider.rule);
    return validateIssuer({ issuer: provider.url }, { egress, clock: createTestClock() });
  };

  it('accepts the issuer that its document names', async () => {
    expect(await validate(() => undefined)).toEqual([]);
  });

  it('refuses the document of another issuer, and no document', async () => {
    const document = '/.well-known/openid-configuration';
    for (const body of [{ issuer: 'https://other.example', jwks_uri: 'https://other.example/k' }, []]) {
      const failures = await validate((provider) => {
        provider.replies[document] = { body };
      });
      expect(failures.map((failure) => failure.field)).toEqual(['issuer']);
    }
  });

  it('S-107 says in a coarse word why the document could not be fetched', async () => {
    const answered = await validate((provider) => {
      provider.replies['/.well-known/openid-configuration'] = {
        status: 503,
        body: 'a secret of the network',
      };
    });
    expect(answered).toEqual([{ field: 'issuer', reason: expect.stringContaining('unavailable') }]);
    const clock = createTestClock();
    const closed = await validateIssuer(
      { issuer: 'http://127.0.0.1:9' },
      { egress: egressFor('127.0.0.1:9'), clock },
    );
    expect(closed).toEqual([{ field: 'issuer', reason: expect.stringMatching(/: unreachable\.$/) }]);
    const denied = await validateIssuer({ issuer: 'https://127.0.0.1' }, { egress: egressFor(), clock });
    expect(denied).toEqual([{ field: 'issuer', reason: expect.stringContaining('may not connect') }]);
  });

  it('asks nobody for an issuer of Microsoft, which is known', async () => {
    const issuer = `https://login.microsoftonline.com/${tid}/v2.0`;
    const egress = { ...egressFor(), request: () => Promise.reject(new Error('asked')) };
    expect(await validateIssuer({ ...documented, issuer }, { egress, clock: createTestClock() })).toEqual([]);
  });
});
