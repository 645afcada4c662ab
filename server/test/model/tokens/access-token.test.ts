import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { verifyAccessToken } from '#model/tokens/access-token.ts';
import { openWorld, type World } from '../../flows/admin/engine-world.ts';

let world: World;
let domain: Domain;
let good: string;
beforeAll(async () => {
  world = await openWorld();
  domain = world.a;
  good = (await world.makeToken(domain, world.users.user, { scopes: ['public', 'openid'] })).token;
});
afterAll(() => world.foyer.close());

type Json = Record<string, unknown>;
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const partsOf = (token: string): { header: Json; payload: Json } => {
  const [header = '', payload = ''] = token.split('.');
  const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json;
  return { header: decode(header), payload: decode(payload) };
};

/** Signs anything with the server's own key: what is then refused is refused for its content. */
const forge = async (header: unknown, payload: unknown): Promise<string> => {
  const text = `${encode(header)}.${encode(payload)}`;
  const { privateKey } = await world.foyer.services.signingKeys.current();
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
};

const refusal = async (token: string, at = domain): Promise<string> => {
  try {
    await verifyAccessToken(world.foyer.services, at, token);
    return 'accepted';
  } catch (error) {
    return isFoyerError(error, 'invalid_token') ? 'refused' : `threw ${String(error)}`;
  }
};

describe('access tokens', () => {
  it('1.12, S-64 carry these claims', () => {
    const { header, payload } = partsOf(good);
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: 'https://a.test',
      iat: expect.any(Number),
      exp: (payload.iat as number) + 7200,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      aud: 'a.test',
      scope: ['public', 'openid'],
      sub: world.users.user,
      u: { n: 'n', e: 'e@x.test', p: 0, r: [] },
      client_id: expect.any(String),
      gid: expect.any(String),
    });
  });

  it('are accepted with the person as the database knows them', async () => {
    const live = await verifyAccessToken(world.foyer.services, domain, good);
    expect(live.user).toMatchObject({ id: world.users.user, name: 'User A', sysAdmin: false });
  });

  it('carry the constant issuer instead when the installation says so', async () => {
    const services = {
      ...world.foyer.services,
      config: { ...world.foyer.services.config, legacyTokenIssuer: 'POS' },
    };
    await expect(verifyAccessToken(services, domain, good)).rejects.toThrow('issuer');
  });

  const now = (): number => Math.floor(world.foyer.clock.nowMs() / 1000);
  const headers: [string, (good: Json) => unknown][] = [
    ['alg none', (h) => ({ ...h, alg: 'none' })],
    ['alg RS512', (h) => ({ ...h, alg: 'RS512' })],
    ['alg PS256', (h) => ({ ...h, alg: 'PS256' })],
    ['alg rs256', (h) => ({ ...h, alg: 'rs256' })],
    ['alg in an array', (h) => ({ ...h, alg: ['RS256'] })],
    ['no alg', ({ alg: _, ...h }) => h],
    ['typ JWT', (h) => ({ ...h, typ: 'JWT' })],
    ['typ of a logout token', (h) => ({ ...h, typ: 'logout+jwt' })],
    ['no typ', ({ typ: _, ...h }) => h],
    ['another kid', (h) => ({ ...h, kid: 'other' })],
    ['kid with a path', (h) => ({ ...h, kid: '../../dev/null' })],
    ['no kid', ({ kid: _, ...h }) => h],
    ['numeric kid', (h) => ({ ...h, kid: 1 })],
    ['crit', (h) => ({ ...h, crit: ['exp'] })],
    ['b64', (h) => ({ ...h, b64: false, crit: ['b64'] })],
    ['jku', (h) => ({ ...h, jku: 'https://evil.example/keys' })],
    ['jwk', (h) => ({ ...h, jwk: { kty: 'RSA' } })],
    ['x5u', (h) => ({ ...h, x5u: 'https://evil.example/cert' })],
    ['x5c', (h) => ({ ...h, x5c: ['MII'] })],
    ['zip', (h) => ({ ...h, zip: 'DEF' })],
    ['header that is an array', (h) => [h]],
    ['header that is null', () => 'null'],
    ['header that is no JSON', () => 'x'],
  ];
  it.each(headers)('S-65 refuse a header: %s', async (_name, change) => {
    const { header, payload } = partsOf(good);
    expect(await refusal(await forge(change(header), payload))).toBe('refused');
  });

  const payloads: [string, (good: Json) => unknown][] = [
    ['expired', (p) => ({ ...p, exp: now() - 61 })],
    ['no exp', ({ exp: _, ...p }) => p],
    ['exp as text', (p) => ({ ...p, exp: String(p.exp) })],
    ['exp not whole', (p) => ({ ...p, exp: 1e300 })],
    ['issued in the future', (p) => ({ ...p, iat: now() + 120 })],
    ['no iat', ({ iat: _, ...p }) => p],
    ['not valid yet', (p) => ({ ...p, nbf: now() + 120 })],
    ['nbf as text', (p) => ({ ...p, nbf: '0' })],
    ['another issuer', (p) => ({ ...p, iss: 'https://b.test' })],
    ['the old issuer', (p) => ({ ...p, iss: 'POS' })],
    ['no iss', ({ iss: _, ...p }) => p],
    ['another audience', (p) => ({ ...p, aud: 'b.test' })],
    ['audience in an array', (p) => ({ ...p, aud: ['a.test'] })],
    ['audience with a scheme', (p) => ({ ...p, aud: 'https://a.test' })],
    ['audience in capitals', (p) => ({ ...p, aud: 'A.TEST' })],
    ['no aud', ({ aud: _, ...p }) => p],
    ['another subject', (p) => ({ ...p, sub: world.users.admin })],
    ['no sub', ({ sub: _, ...p }) => p],
    ['no jti', ({ jti: _, ...p }) => p],
    ['scope as text', (p) => ({ ...p, scope: 'public' })],
    ['scope with a number', (p) => ({ ...p, scope: [1] })],
    ['no u', ({ u: _, ...p }) => p],
    ['another family', (p) => ({ ...p, gid: 'other' })],
    ['family as an object', (p) => ({ ...p, gid: { $ne: null } })],
    ['no family', ({ gid: _, ...p }) => p],
    ['no client', ({ client_id: _, ...p }) => p],
    ['payload that is an array', (p) => [p]],
    ['payload that is no JSON', () => 'x'],
    [
      'ID token claims',
      () => ({ iss: 'https://a.test', sub: world.users.user, aud: 'client', exp: now() + 60, iat: now() }),
    ],
  ];
  it.each(payloads)('S-65, S-66 refuse a payload: %s', async (_name, change) => {
    const { header, payload } = partsOf(good);
    expect(await refusal(await forge(header, change(payload)))).toBe('refused');
  });

  const texts: [string, (parts: string[]) => string][] = [
    ['empty', () => ''],
    ['one part', ([h]) => `${h}`],
    ['two parts', ([h, p]) => `${h}.${p}`],
    ['no signature', ([h, p]) => `${h}.${p}.`],
    ['four parts', (parts) => [...parts, 'x'].join('.')],
    ['five parts (JWE)', ([h, p, s]) => `${h}.${p}.${s}.${s}.${s}`],
    ['padding', (parts) => `${parts.join('.')}==`],
    ['padded payload', ([h, p, s]) => `${h}.${p}=.${s}`],
    ['space inside', ([h, p, s]) => `${h}.${p} .${s}`],
    ['newline at the end', (parts) => `${parts.join('.')}\n`],
    ['plain base64 characters', ([h, p, s = '']) => `${h}.${p}.${s.slice(0, -2)}+/`],
    [
      'one bit of the signature',
      ([h, p, s = '']) => `${h}.${p}.${s.startsWith('A') ? 'B' : 'A'}${s.slice(1)}`,
    ],
    ['unused bits of the last character', ([h, p, s = '']) => `${h}.${p}.${s.slice(0, -1)}B`],
    ['signature of another length', ([h, p, s = '']) => `${h}.${p}.${s.slice(4)}`],
    ['payload swapped', ([h, , s]) => `${h}.${encode({ sub: 'user-x' })}.${s}`],
    ['huge', ([h, p, s]) => `${h}.${p}.${s}${'A'.repeat(20_000)}`],
    ['invalid UTF-8', ([, p, s]) => `${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${p}.${s}`],
  ];
  it.each(texts)('S-65 refuse a text: %s', async (_name, change) => {
    expect(await refusal(change(good.split('.')))).toBe('refused');
  });

  it('S-65 refuse a signature by another key, and one made with the public key as a secret', async () => {
    const { header, payload } = partsOf(good);
    const text = `${encode(header)}.${encode(payload)}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(
      await refusal(`${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`),
    ).toBe('refused');
    const { publicKey } = await world.foyer.services.signingKeys.current();
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const hsText = `${encode({ ...header, alg: 'HS256' })}.${encode(payload)}`;
    const mac = createHmac('sha256', pem).update(hsText).digest('base64url');
    expect(await refusal(`${hsText}.${mac}`)).toBe('refused');
  });

  it('R-07 accept a clock that is a minute off, and no more', async () => {
    const { header, payload } = partsOf(good);
    expect(await refusal(await forge(header, { ...payload, exp: now() - 50 }))).toBe('accepted');
    expect(await refusal(await forge(header, { ...payload, iat: now() + 50, nbf: now() + 50 }))).toBe(
      'accepted',
    );
  });

  it('S-42 are refused at another domain', async () => {
    expect(await refusal(good, world.b)).toBe('refused');
  });

  it('speak for an application alone when there is no person', async () => {
    const { kysely } = world.foyer.services.db;
    const { header, payload } = partsOf((await world.makeToken(domain, world.users.user)).token);
    await kysely
      .updateTable('token_families')
      .set({ user_id: null })
      .where('id', '=', String(payload.gid))
      .execute();
    const token = await forge(header, { ...payload, sub: payload.client_id });
    const call = world.withToken(domain, token);
    expect((await call('GET', '/api_keys/inspect')).status).toBe(200);
    expect((await call('GET', '/domains')).status).toBe(403);
  });
});
