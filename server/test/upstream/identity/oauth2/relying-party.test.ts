/** The relying party against a provider that misbehaves: the modules of the OpenID Foundation's suite, by name. */
import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import type { FoyerError } from '#base/lib/errors.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';
import {
  claimsFor,
  clientId,
  discoveryOf,
  type FakeProvider,
  settingsFor,
  startFakeProvider,
  tokenReply,
} from './fake-provider.ts';
import { type OpenedSource, openSource, redirectUri, refusalOf, start } from './open-source.ts';

interface Try {
  settings?: Record<string, unknown>;
  /** Makes the ID token. */
  token?: (provider: FakeProvider, nonce: string) => Promise<string | undefined> | string | undefined;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  callback?: string;
  change?: (provider: FakeProvider) => void | Promise<void>;
}

const nonceOf = (url: string): string => new URL(url).searchParams.get('nonce') ?? '';

const signInAt = async (
  provider: FakeProvider,
  opened: OpenedSource,
  attempt: Try = {},
): Promise<Identity> => {
  const started = await start(opened);
  const nonce = nonceOf(started.url);
  const make = attempt.token ?? ((p, n) => p.sign(claimsFor(p, n, attempt.claims), attempt.header));
  provider.replies['/token'] = tokenReply(await make(provider, nonce));
  return started.finish(attempt.callback ?? `${redirectUri}&code=a-code`);
};

const signIn = async (attempt: Try = {}): Promise<Identity> => {
  const provider = await startFakeProvider();
  await attempt.change?.(provider);
  const opened = openSource(settingsFor(provider, attempt.settings), { allow: provider.rule });
  return signInAt(provider, opened, attempt);
};

const refused = (attempt: Try): Promise<FoyerError> => refusalOf(signIn(attempt));

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('relying party', () => {
  it('oidcc-client-test: a correct answer signs in', async () => {
    const identity = await signIn();
    expect(identity).toMatchObject({ subject: 'alice', fields: { email: 'alice@example.test' } });
    expect(identity.rawClaims).toMatchObject({ sub: 'alice' });
  });

  it('S-06 oidcc-client-test-nonce-invalid', async () => {
    expect((await refused({ claims: { nonce: 'another' } })).code).toBe('nonce_mismatch');
    expect((await refused({ claims: { nonce: undefined } })).code).toBe('nonce_mismatch');
    expect((await refused({ claims: { nonce: ['x'] } })).code).toBe('nonce_mismatch');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['invalid-iss', { iss: 'https://other.example' }, 'iss'],
    ['invalid-iss with a slash more', { iss: 'slash' }, 'iss'],
    ['missing-iss', { iss: undefined }, 'iss'],
    ['invalid-aud', { aud: 'another-client' }, 'aud'],
    ['invalid-aud in other case', { aud: clientId.toUpperCase() }, 'aud'],
    ['missing-aud', { aud: undefined }, 'aud'],
    ['aud of several clients without azp', { aud: [clientId, 'another'] }, 'azp'],
    ['aud of several clients, issued to another', { aud: [clientId, 'another'], azp: 'another' }, 'azp'],
    ['azp of another client', { azp: 'another' }, 'azp'],
    ['missing-sub', { sub: undefined }, 'sub'],
    ['empty sub', { sub: '' }, 'sub'],
    ['blank sub', { sub: '  ' }, 'sub'],
    ['numeric sub', { sub: 7 }, 'sub'],
    ['missing-iat', { iat: undefined }, 'iat'],
    ['textual iat', { iat: 'now' }, 'iat'],
    ['missing exp', { exp: undefined }, 'exp'],
  ])('S-07 oidcc-client-test-%s', async (_name, claims, claim) => {
    const refusal = await refused({
      token: (provider, nonce) =>
        provider.sign(
          claimsFor(provider, nonce, claims.iss === 'slash' ? { iss: `${provider.url}/` } : claims),
        ),
    });
    expect({ code: refusal.code, claim: refusal.evidence?.claim }).toEqual({
      code: 'id_token_invalid',
      claim,
    });
  });

  it.each<[string, number, number, boolean]>([
    ['a minute ahead', 55, 300, true],
    ['a minute behind', -55, 300, true],
    ['dated back by five minutes, as Entra does', -300, 300, true],
    ['ten minutes ahead', 600, 900, false],
    ['ten minutes behind', -600, 300, false],
    ['over since half a minute', -200, -30, true],
    ['over since two minutes', -300, -120, false],
  ])('S-07 R-07 an ID token %s', async (_name, iat, exp, isGood) => {
    const now = Math.floor(Date.now() / 1000);
    const attempt = { claims: { iat: now + iat, exp: now + exp } };
    if (isGood) expect((await signIn(attempt)).subject).toBe('alice');
    else expect((await refused(attempt)).code).toBe('id_token_invalid');
  });

  it('S-07 accepts several audiences when the token was issued to us', async () => {
    const claims = { aud: [clientId, 'another'], azp: clientId };
    expect((await signIn({ claims })).subject).toBe('alice');
  });

  it('S-07 oidcc-client-test-idtoken-sig-none', async () => {
    const token = (provider: FakeProvider, nonce: string): string =>
      `${encode({ alg: 'none' })}.${encode(claimsFor(provider, nonce))}.`;
    expect((await refused({ token })).code).toBe('id_token_invalid');
  });

  it('S-07 oidcc-client-test-invalid-sig-hs256: the client secret signs nothing', async () => {
    const token = (provider: FakeProvider, nonce: string): string => {
      const input = `${encode({ alg: 'HS256' })}.${encode(claimsFor(provider, nonce))}`;
      return `${input}.${createHmac('sha256', 'a-secret').update(input).digest('base64url')}`;
    };
    expect((await refused({ token })).code).toBe('id_token_invalid');
    expect((await refused({ token, settings: { allowed_algs: ['HS256', 'none'] } })).code).toBe(
      'id_token_invalid',
    );
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'S-07 oidcc-client-test-invalid-sig-%s, and a valid one',
    async (alg) => {
      const sign = async (provider: FakeProvider, nonce: string): Promise<string> => {
        const { key, jwk } = await provider.addKey(alg, 'mine');
        return provider.sign(claimsFor(provider, nonce), { alg, kid: jwk.kid as string }, key);
      };
      expect((await signIn({ token: sign })).subject).toBe('alice');
      const tamper = async (provider: FakeProvider, nonce: string): Promise<string> => {
        const [header, , signature] = (await sign(provider, nonce)).split('.');
        return `${header}.${encode(claimsFor(provider, nonce, { sub: 'mallory' }))}.${signature}`;
      };
      expect((await refused({ token: tamper })).evidence?.reason).toBe('bad_signature');
    },
  );

  it('S-07 a source may allow fewer algorithms', async () => {
    expect((await refused({ settings: { allowed_algs: ['ES256'] } })).code).toBe('id_token_invalid');
    expect((await signIn({ settings: { allowed_algs: ['none', 'HS256'] } })).subject).toBe('alice');
  });

  it('S-07 oidcc-client-test-kid-absent-single-jwks', async () => {
    expect((await signIn({ header: { kid: undefined } })).subject).toBe('alice');
  });

  it('S-07 oidcc-client-test-kid-absent-multiple-jwks: more than one key fits', async () => {
    const refusal = await refused({
      header: { kid: undefined },
      change: async (provider) => {
        await provider.addKey();
      },
    });
    expect(refusal.code).toBe('id_token_invalid');
  });

  it('S-07 a kid of nobody is refused', async () => {
    expect((await refused({ header: { kid: 'nobody' } })).evidence?.reason).toBe('unknown_key');
  });

  it('S-07 keys in the header of a token are not looked at', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    const evil = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(evil.publicKey);
    provider.replies['/evil-keys'] = { body: { keys: [{ ...jwk, kid: 'evil' }] } };
    for (const header of [
      { jwk, kid: undefined },
      { jku: `${provider.url}/evil-keys`, kid: 'evil' },
      { x5u: `${provider.url}/evil-keys`, kid: 'evil' },
    ]) {
      const refusal = await refusalOf(
        signInAt(provider, opened, {
          token: (p, nonce) => p.sign(claimsFor(p, nonce), header, evil.privateKey as CryptoKey),
        }),
      );
      expect(refusal.code).toBe('id_token_invalid');
    }
    expect(provider.count('/evil-keys')).toBe(0);
  });

  it.each(['', 'x', 'a.b', 'a.b.c', 'a.b.c.d.e', `${'a'.repeat(70_000)}.b.c`])(
    'S-07 %.20s is no ID token',
    async (token) => {
      expect((await refused({ token: () => token })).code).toBe('id_token_invalid');
    },
  );

  it('S-07 oidcc-client-test-key-rotation: a new key is found, old tokens of a withdrawn one are not', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    await signInAt(provider, opened);
    const [old] = provider.keys.splice(0, 1);
    const fresh = await provider.addKey('RS256', 'fresh');
    const signed = {
      token: (p: FakeProvider, n: string) => p.sign(claimsFor(p, n), { kid: 'fresh' }, fresh.key),
    };
    expect((await signInAt(provider, opened, signed)).subject).toBe('alice');
    const withdrawn = await refusalOf(
      signInAt(provider, opened, {
        token: (p, n) => p.sign(claimsFor(p, n), { kid: old?.jwk.kid as string }, old?.key),
      }),
    );
    expect(withdrawn.code).toBe('id_token_invalid');
    expect(provider.count('/keys')).toBe(2);
  });

  it('R-06 keys are used for a day and not longer', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    await signInAt(provider, opened);
    provider.replies['/keys'] = { status: 500, body: {} };
    const later = (hours: number): Try => ({
      token: (p, n) => {
        const at = Math.floor(opened.clock.nowMs() / 1000);
        return p.sign(claimsFor(p, n, { iat: at, exp: at + 300 }), { kid: `key-${hours === 0 ? 0 : 1}` });
      },
    });
    opened.clock.advance(23 * 3600 * 1000);
    expect((await signInAt(provider, opened, later(23))).subject).toBe('alice');
    opened.clock.advance(2 * 3600 * 1000);
    expect((await refusalOf(signInAt(provider, opened, later(25)))).code).toBe('source_unavailable');
  });

  it('R-06 concurrent first sign-ins fetch document and keys once', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    const attempts = await Promise.all([1, 2, 3].map(() => start(opened)));
    provider.replies['/token'] = tokenReply(
      await provider.sign(claimsFor(provider, nonceOf(attempts[0]?.url ?? ''))),
    );
    await Promise.allSettled(attempts.map((attempt) => attempt.finish(`${redirectUri}&code=c`)));
    expect(provider.count('/.well-known/openid-configuration')).toBe(1);
    expect(provider.count('/keys')).toBe(1);
  });
});

describe('subject of the userinfo answer', () => {
  it('S-12 oidcc-client-test-userinfo-invalid-sub', async () => {
    const refusal = await refused({
      change: (provider) => {
        provider.replies['/me'] = { body: { sub: 'mallory' } };
      },
    });
    expect(refusal.code).toBe('subject_mismatch');
  });

  it.each([{}, { sub: 7 }, { sub: ['alice'] }, { sub: '' }])('S-12 userinfo that says %j', async (body) => {
    const refusal = await refused({
      settings: { info_mappings: { uid: 'email' } },
      change: (provider) => {
        provider.replies['/me'] = { body };
      },
    });
    expect(refusal.code).toBe('subject_mismatch');
  });

  it('S-12 without a profile address the ID token is the profile', async () => {
    const identity = await signIn({
      settings: { raw_info_url: '' },
      claims: { email: 'a@b.test', email_verified: true },
    });
    expect(identity).toMatchObject({ subject: 'alice', fields: { email: 'a@b.test' }, emailVerified: true });
  });

  it('D-05 without a mapping of uid the subject is that of the ID token', async () => {
    const identity = await signIn({ settings: { info_mappings: {} } });
    expect(identity).toMatchObject({ subject: 'alice', subjectKey: 'sub' });
  });
});

describe('issuer', () => {
  it('S-11 oidcc-client-test-discovery-issuer-mismatch', async () => {
    const refusal = await refused({
      change: (provider) => {
        provider.replies['/.well-known/openid-configuration'] = {
          body: { ...discoveryOf(provider.url), issuer: 'https://other.example' },
        };
      },
    });
    expect(refusal).toMatchObject({ code: 'issuer_mismatch', evidence: { step: 'discovery' } });
  });

  it('S-11 the address of the document serves as well as the issuer', async () => {
    const provider = await startFakeProvider();
    const issuer = `${provider.url}/.well-known/openid-configuration`;
    const opened = openSource(settingsFor(provider, { issuer }), { allow: provider.rule });
    expect((await signInAt(provider, opened)).issuer).toBe(provider.url);
  });

  it('S-11 an issuer alone is enough: its document names the addresses', async () => {
    const provider = await startFakeProvider();
    const settings = settingsFor(provider, { site: '', authorize_url: '', token_url: '', raw_info_url: '' });
    const opened = openSource(settings, { allow: provider.rule });
    expect((await start(opened)).url).toContain(`${provider.url}/authorize?`);
    expect((await signInAt(provider, opened)).subject).toBe('alice');
    expect(provider.count('/.well-known/openid-configuration')).toBe(1);
  });

  it('S-106 addresses in a document obey the egress too', async () => {
    const refusal = await refused({
      change: (provider) => {
        provider.replies['/.well-known/openid-configuration'] = {
          body: { ...discoveryOf(provider.url), jwks_uri: 'http://169.254.169.254/keys' },
        };
      },
    });
    expect(refusal.code).toBe('egress_denied');
  });

  it('S-08 another iss in the callback is refused before any code is sent', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    for (const iss of ['https://other.example', `${provider.url}/`, '']) {
      const callback = `${redirectUri}&code=a-code&iss=${encodeURIComponent(iss)}`;
      expect((await refusalOf(signInAt(provider, opened, { callback }))).code).toBe('issuer_mismatch');
    }
    expect(provider.count('/token')).toBe(0);
  });

  it('S-08 a missing iss is refused where the provider says that it sends one', async () => {
    const provider = await startFakeProvider();
    provider.replies['/.well-known/openid-configuration'] = {
      body: { ...discoveryOf(provider.url), authorization_response_iss_parameter_supported: true },
    };
    const opened = openSource(settingsFor(provider), { allow: provider.rule });
    const refusal = await refusalOf(signInAt(provider, opened));
    expect(refusal).toMatchObject({ code: 'issuer_mismatch', evidence: { reason: 'iss_missing' } });
    expect(provider.count('/token')).toBe(0);
    const callback = `${redirectUri}&code=a-code&iss=${encodeURIComponent(provider.url)}`;
    expect((await signInAt(provider, opened, { callback })).subject).toBe('alice');
  });
});

describe('a provider whose issuer nobody named', () => {
  const unnamed = (provider: FakeProvider, more: Record<string, unknown> = {}): Record<string, unknown> =>
    settingsFor(provider, { issuer: '', ...more });

  it('S-07 is believed when the issuer leads back to the token address of the source', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(unnamed(provider), { allow: provider.rule });
    expect((await signInAt(provider, opened)).issuer).toBe(provider.url);
    await signInAt(provider, opened);
    expect(provider.count('/.well-known/openid-configuration')).toBe(1);
  });

  it('S-07 is not believed when it names another token address', async () => {
    const provider = await startFakeProvider();
    provider.replies['/.well-known/openid-configuration'] = {
      body: { ...discoveryOf(provider.url), token_endpoint: `${provider.url}/another-token` },
    };
    const opened = openSource(unnamed(provider), { allow: provider.rule });
    expect((await refusalOf(signInAt(provider, opened))).code).toBe('issuer_mismatch');
  });

  it('S-07 is not believed without a document', async () => {
    const provider = await startFakeProvider();
    provider.replies['/.well-known/openid-configuration'] = {
      status: 404,
      body: '<h1>no</h1>',
      type: 'text/html',
    };
    const opened = openSource(unnamed(provider), { allow: provider.rule });
    expect((await refusalOf(signInAt(provider, opened))).code).toBe('id_token_invalid');
  });

  it('S-101 an iss that leads elsewhere is not followed', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(unnamed(provider), { allow: provider.rule });
    for (const iss of ['http://169.254.169.254', 'file:///etc/passwd', 'not a url', '']) {
      const refusal = await refusalOf(signInAt(provider, opened, { claims: { iss } }));
      expect(refusal.code).toBe('id_token_invalid');
    }
  });

  it('S-08 compares iss of the callback with the issuer of the ID token', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(unnamed(provider), { allow: provider.rule });
    const callback = `${redirectUri}&code=a-code&iss=https%3A%2F%2Fother.example`;
    expect((await refusalOf(signInAt(provider, opened, { callback }))).code).toBe('issuer_mismatch');
  });
});

describe('plain OAuth2', () => {
  const plain = (provider: FakeProvider, more: Record<string, unknown> = {}): Record<string, unknown> =>
    settingsFor(provider, {
      issuer: '',
      scope: 'user',
      info_mappings: { uid: 'id', email: 'email' },
      ...more,
    });

  it('S-27 identities are kept under the token address', async () => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body: { id: 4711, email: 'alice@example.test' } };
    const opened = openSource(plain(provider, { token_url: '/token?tenant=a' }), { allow: provider.rule });
    const identity = await signInAt(provider, opened, { token: () => undefined });
    expect(identity).toMatchObject({ issuer: `${provider.url}/token`, subject: '4711', subjectKey: 'id' });
    expect(nonceOf((await start(opened)).url)).toBe('');
  });

  it('an ID token that nobody asked for is not looked at', async () => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body: { id: 'alice' } };
    const opened = openSource(plain(provider), { allow: provider.rule });
    expect((await signInAt(provider, opened, { token: () => 'garbage' })).subject).toBe('alice');
  });

  it('reads token answers and profiles that are forms, as GitHub sends them', async () => {
    const provider = await startFakeProvider();
    const type = 'application/x-www-form-urlencoded; charset=utf-8';
    provider.replies['/me'] = { type, body: 'id=alice&email=alice%40example.test' };
    const opened = openSource(plain(provider), { allow: provider.rule });
    const started = await start(opened);
    provider.replies['/token'] = { type, body: 'access_token=t&scope=repo%2Cgist&token_type=bearer' };
    const identity = await started.finish(`${redirectUri}&code=c`);
    expect(identity).toMatchObject({
      subject: 'alice',
      tokens: { accessToken: 't', refreshToken: undefined, expiresAt: undefined, scope: 'repo,gist' },
    });
    provider.replies['/token'] = { type, body: 'error=bad_verification_code&error_description=The+code' };
    const refusal = await refusalOf(started.finish(`${redirectUri}&code=c`));
    expect(refusal).toMatchObject({ code: 'upstream_refused', evidence: { error: 'bad_verification_code' } });
  });

  it.each<[string, string, string | undefined]>([
    ['duplicate keys', '{"id":"alice","id":"mallory"}', undefined],
    ['a NUL', '{"id":"alice\\u0000"}', undefined],
    ['a lone surrogate', '{"id":"alice\\ud800"}', undefined],
    ['a list', '[{"id":"alice"}]', undefined],
    ['a text', '"alice"', undefined],
    ['null', 'null', undefined],
    ['an id that is an object', '{"id":{"a":1}}', undefined],
    ['an id that is a list', '{"id":["alice"]}', undefined],
    ['an id that is a fraction', '{"id":1.5}', undefined],
    ['an id that JSON cannot carry', '{"id":12345678901234567890}', undefined],
    ['an id that is true', '{"id":true}', undefined],
    ['a blank id', '{"id":"  "}', undefined],
    ['an id with blanks around it', '{"id":" alice"}', undefined],
    ['no id', '{}', undefined],
    ['an empty id', '{"id":""}', undefined],
    ['a null id', '{"id":null}', undefined],
    ['a very long text', `{"id":"alice","email":"${'a'.repeat(500_000)}@example.test"}`, undefined],
    ['an address that is an object', '{"id":"alice","email":{"a":1}}', undefined],
    ['a form with repeated fields', 'id=alice&id=mallory', 'application/x-www-form-urlencoded'],
  ])('S-25 S-28 a profile with %s is refused', async (_name, body, type) => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body, ...(type === undefined ? {} : { type }) };
    const opened = openSource(plain(provider), { allow: provider.rule });
    const refusal = await refusalOf(signInAt(provider, opened, { token: () => undefined }));
    expect(refusal.code).toBe('bad_profile');
  });

  it('S-104 redirects of token and profile are not followed', async () => {
    const provider = await startFakeProvider();
    const elsewhere = { status: 302, headers: { location: `${provider.url}/elsewhere` }, body: '' };
    const opened = openSource(plain(provider), { allow: provider.rule });
    provider.replies['/me'] = elsewhere;
    expect((await refusalOf(signInAt(provider, opened, { token: () => undefined }))).code).toBe(
      'upstream_invalid',
    );
    const started = await start(opened);
    provider.replies['/token'] = elsewhere;
    expect((await refusalOf(started.finish(`${redirectUri}&code=c`))).code).toBe('upstream_invalid');
    expect(provider.count('/elsewhere')).toBe(0);
  });

  it('refreshes once a token that is over when it comes', async () => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body: { id: 'alice' } };
    const opened = openSource(plain(provider), { allow: provider.rule });
    const started = await start(opened);
    provider.replies['/token'] = tokenReply(undefined, { expires_in: 0, refresh_token: 'r' });
    await started.finish(`${redirectUri}&code=c`);
    const grants = provider.seen
      .filter((request) => request.path === '/token')
      .map((request) => new URLSearchParams(request.body).get('grant_type'));
    expect(grants).toEqual(['authorization_code', 'refresh_token']);
  });

  it('S-05 PKCE can be turned off for one source', async () => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body: { id: 'alice' } };
    const opened = openSource(plain(provider, { pkce: false }), { allow: provider.rule });
    expect((await start(opened)).url).not.toContain('code_challenge');
    await signInAt(provider, opened, { token: () => undefined });
    const { body } = provider.seen.find((request) => request.path === '/token') ?? { body: '' };
    expect(new URLSearchParams(body).has('code_verifier')).toBe(false);
  });

  it('S-22 only people whose profile matches may sign in', async () => {
    const provider = await startFakeProvider();
    provider.replies['/me'] = { body: { id: 'alice', hd: 'notexample.com' } };
    const opened = openSource(plain(provider, { ensure_matching: { hd: ['example.com'] } }), {
      allow: provider.rule,
    });
    const refusal = await refusalOf(signInAt(provider, opened, { token: () => undefined }));
    expect(refusal).toMatchObject({
      code: 'not_permitted',
      evidence: { claim: 'hd', reason: 'claim_mismatch' },
    });
  });

  it('D-06 a pinned key alone decides who somebody is', async () => {
    const provider = await startFakeProvider();
    const settings = plain(provider, { info_mappings: { uid: 'employee,id' } });
    provider.replies['/me'] = { body: { id: 'alice', employee: 'e-1' } };
    const first = openSource(settings, { allow: provider.rule });
    expect(await signInAt(provider, first, { token: () => undefined })).toMatchObject({
      subject: 'e-1',
      subjectKey: 'employee',
    });
    const pinned = openSource({ ...settings, uid_key: 'employee' }, { allow: provider.rule });
    provider.replies['/me'] = { body: { id: 'alice' } };
    expect((await refusalOf(signInAt(provider, pinned, { token: () => undefined }))).code).toBe(
      'bad_profile',
    );
  });
});

describe('an incomplete source', () => {
  it('is opened, and says what is missing when it is used', async () => {
    const opened = openSource({
      name: 'New',
      client_id: '',
      client_secret: '',
      site: '',
      scope: '',
      authorize_url: '',
      token_url: '',
    });
    const refusal = await refusalOf(start(opened));
    expect(refusal).toMatchObject({
      code: 'source_misconfigured',
      evidence: {
        fields: ['client_id', 'client_secret', 'authorize_url', 'token_url', 'raw_info_url', 'info_mappings'],
      },
    });
    const finish = opened.source.finishRedirect?.({
      rawParams: { code: 'c' },
      redirectUri,
      nonce: 'n',
      codeVerifier: 'v',
    });
    expect((await refusalOf(finish ?? Promise.resolve())).code).toBe('source_misconfigured');
    expect((await refusalOf(opened.source.refresh?.('r') ?? Promise.resolve())).code).toBe(
      'source_misconfigured',
    );
  });

  it('S-103 an address that may not be used is refused when a sign-in starts', async () => {
    const provider = await startFakeProvider();
    const opened = openSource(settingsFor(provider));
    expect((await refusalOf(start(opened))).code).toBe('egress_denied');
    expect(provider.seen).toEqual([]);
  });
});
