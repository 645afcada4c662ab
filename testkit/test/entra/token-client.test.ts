import { createHash, generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { certificatePem, selfSignedCertificate } from '#entra/certificate.ts';
import type { AppSeed } from '#entra/directory.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, claimsOf, EntraClient, type Json, type Params, readError } from './entra-client.ts';

let entra: Entra;
const alice = 'alice@contoso.example';
const appCredentials = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };

beforeAll(async () => {
  entra = await startEntra();
});
beforeEach(() => {
  entra.reset();
  entra.addPerson({ email: alice });
});
afterAll(() => entra.close());

function clientOf(seed: Partial<AppSeed> = {}): EntraClient {
  return new EntraClient(entra, entra.addApp({ redirect_uris: [callback], ...seed }));
}

async function expectRefused(response: Response, status: number, error: string, code: number): Promise<Json> {
  const refused = await readError(response);
  expect([refused.status, refused.body.error, refused.code]).toEqual([status, error, code]);
  return refused.body;
}

describe('secrets', () => {
  test.each<[string, (client: EntraClient) => string]>([
    ['the id of the secret', (client) => client.app.secret_id],
    ['the secret with a space', (client) => `${client.app.client_secret} `],
    ['another secret', () => 'wrong'],
  ])('%s is 7000215, whose text hints at the mistake', async (_, secretOf) => {
    const client = clientOf();
    const code = await client.code(alice);
    const response = await client.redeem(code, { client_secret: secretOf(client) });
    const body = await expectRefused(response, 401, 'invalid_client', 7000215);
    expect(body.error_description).toContain(
      `Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${client.app.client_id}'.`,
    );
    // the code was not touched
    expect((await client.redeem(code)).status).toBe(200);
  });

  test('an expired secret is 7000222', async () => {
    const client = clientOf({ secret_expires_at: '2020-01-01T00:00:00Z' });
    const body = await expectRefused(await client.token(appCredentials), 401, 'invalid_client', 7000222);
    expect(body.error_description).toContain('https://aka.ms/NewClientSecret');
  });

  test('no secret is 7000218', async () => {
    const response = await clientOf().token({ ...appCredentials, client_secret: undefined });
    await expectRefused(response, 401, 'invalid_client', 7000218);
  });

  test('Basic authentication works too', async () => {
    const client = clientOf({ client_secret: 'a+b/c:d é' });
    const encoded = `${client.app.client_id}:${encodeURIComponent(client.app.client_secret)}`;
    const authorization = `Basic ${Buffer.from(encoded).toString('base64')}`;
    const changes = { ...appCredentials, client_id: undefined, client_secret: undefined };
    expect((await client.token(changes, { authorization })).status).toBe(200);
  });

  test('a public client signs in without a secret, and may not send one', async () => {
    const client = clientOf({ public_client: true });
    const code = await client.code(alice);
    await expectRefused(await client.redeem(code), 401, 'invalid_client', 700025);
    expect((await client.redeem(code, { client_secret: undefined })).status).toBe(200);
  });
});

describe('which client', () => {
  test.each<[string, Params, number, string, number]>([
    ['none', { client_id: undefined }, 400, 'invalid_request', 900144],
    ['an unknown one', { client_id: randomUUID() }, 400, 'unauthorized_client', 700016],
    ['no GUID', { client_id: 'foyer' }, 400, 'invalid_request', 700038],
  ])('%s', async (_, changes, status, error, code) => {
    await expectRefused(await clientOf().token({ ...appCredentials, ...changes }), status, error, code);
  });

  test('a client of another tenant, and an unknown tenant', async () => {
    const fabrikam = entra.addTenant({ name: 'Fabrikam' });
    const { app } = clientOf();
    const elsewhere = new EntraClient(entra, app, fabrikam.id);
    await expectRefused(await elsewhere.token(appCredentials), 400, 'unauthorized_client', 700016);
    const nowhere = new EntraClient(entra, app, randomUUID());
    await expectRefused(await nowhere.token(appCredentials), 400, 'invalid_request', 90002);
  });

  test('a disabled app', async () => {
    await expectRefused(
      await clientOf({ disabled: true }).token(appCredentials),
      400,
      'unauthorized_client',
      7000112,
    );
  });
});

describe('client credentials', () => {
  test('give an app token with roles and without scp', async () => {
    const response = await clientOf({ app_roles: ['User.Read.All'] }).token(appCredentials);
    const body = (await response.json()) as Json;
    expect(Object.keys(body)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token']);
    expect(claimsOf(body.access_token)).toMatchObject({ idtyp: 'app', roles: ['User.Read.All'] });
    expect(claimsOf(body.access_token)).not.toHaveProperty('scp');
  });

  test('need /.default and a tenant', async () => {
    const wrong = { ...appCredentials, scope: 'https://graph.microsoft.com/User.Read' };
    await expectRefused(await clientOf().token(wrong), 400, 'invalid_scope', 1002012);
    const { app } = clientOf({ sign_in_audience: 'AzureADMultipleOrgs' });
    const common = new EntraClient(entra, app, 'common');
    await expectRefused(await common.token(appCredentials), 400, 'invalid_request', 50059);
  });
});

describe('client assertions', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSignedCertificate({
    commonName: 'foyer',
    publicKey,
    privateKey,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2035-01-01T00:00:00Z'),
    altNames: ['foyer.example', '127.0.0.1'],
  });
  const thumbprint = (hash: string) => createHash(hash).update(certificate).digest('base64url');

  interface Signing {
    alg?: string;
    header?: Json;
    claims?: Json;
    key?: typeof privateKey;
  }

  async function send(signing: Signing): Promise<Response> {
    const client = clientOf({ certificates: [certificatePem(certificate)] });
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      aud: `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`,
      iss: client.app.client_id,
      sub: client.app.client_id,
      jti: randomUUID(),
      nbf: now,
      exp: now + 300,
      ...signing.claims,
    };
    const header = signing.header ?? { 'x5t#S256': thumbprint('sha256') };
    const assertion = await new SignJWT(claims)
      .setProtectedHeader({ alg: signing.alg ?? 'PS256', ...header })
      .sign(signing.key ?? privateKey);
    return await client.token({
      ...appCredentials,
      client_secret: undefined,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
  }

  test('the made-up certificate is a real one', () => {
    const parsed = new X509Certificate(certificate);
    expect(parsed.subject).toBe('CN=foyer');
    expect(parsed.subjectAltName).toBe('DNS:foyer.example, IP Address:127.0.0.1');
    expect(parsed.verify(publicKey)).toBe(true);
  });

  test('RS256 or PS256, x5t or x5t#S256, token endpoint or issuer as audience', async () => {
    expect((await send({})).status).toBe(200);
    expect((await send({ alg: 'RS256', header: { x5t: thumbprint('sha1') } })).status).toBe(200);
    expect((await send({ claims: { aud: `${entra.url}/${entra.tenantId}/v2.0` } })).status).toBe(200);
  });

  test('an unregistered certificate or a wrong signature is 700027', async () => {
    await expectRefused(await send({ header: { 'x5t#S256': 'AAAA' } }), 401, 'invalid_client', 700027);
    await expectRefused(await send({ header: {} }), 401, 'invalid_client', 700027);
    await expectRefused(await send({ key: stranger.privateKey }), 401, 'invalid_client', 700027);
  });

  test.each<[string, Json, number]>([
    ['another audience', { aud: 'https://elsewhere.example' }, 700023],
    ['another issuer', { iss: randomUUID() }, 700030],
    ['an assertion of yesterday', { nbf: 1_600_000_000, exp: 1_600_000_300 }, 700024],
    ['an assertion of tomorrow', { nbf: Math.floor(Date.now() / 1000) + 86_400 }, 700024],
  ])('%s is refused', async (_, claims, code) => {
    await expectRefused(await send({ claims }), 401, 'invalid_client', code);
  });
});

describe('on behalf of', () => {
  test('an API trades the token that it was given for one of Graph', async () => {
    const api = clientOf({ api_scopes: ['act'] });
    const caller = clientOf();
    const scope = `openid api://${api.app.client_id}/act`;
    const { access_token: assertion, scope: granted } = await caller.tokens(alice, { scope });
    expect(granted).toBe(`api://${api.app.client_id}/act`);
    expect(claimsOf(assertion)).toMatchObject({ aud: api.app.client_id, ver: '2.0', scp: 'act' });
    const exchange = (changes: Params) =>
      api.token({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        scope: 'https://graph.microsoft.com/user.read',
        assertion: String(assertion),
        ...changes,
      });
    const body = (await (await exchange({})).json()) as Json;
    const me = await api.graph('/v1.0/me', body.access_token);
    expect(((await me.json()) as Json).mail).toBe(alice);

    const { access_token: forGraph } = await caller.tokens(alice, { scope: 'user.read' });
    await expectRefused(await exchange({ assertion: String(forGraph) }), 400, 'invalid_grant', 500131);
    await expectRefused(await exchange({ assertion: 'a.b.c' }), 400, 'invalid_grant', 50013);
    await expectRefused(await exchange({ requested_token_use: undefined }), 400, 'invalid_request', 90023);
  });

  test('two APIs in one request are refused', async () => {
    const api = clientOf({ api_scopes: ['act'] });
    const answer = await clientOf().signIn(alice, { scope: `user.read api://${api.app.client_id}/act` });
    expect(answer.get('error_description')).toContain('AADSTS28000');
  });
});
