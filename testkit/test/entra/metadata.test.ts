import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { consumersTenantId } from '#entra/directory.ts';
import { pickAccount } from '#entra/pick-account.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, EntraClient, type Json, readError } from './entra-client.ts';

let entra: Entra;

beforeAll(async () => {
  entra = await startEntra({ loginHostNames: ['login.microsoftonline.us'] });
});
beforeEach(() => entra.reset());
afterAll(() => entra.close());

/** As a client sees it whose name look-up of Microsoft's hosts leads here. */
function getAs(host: string, path: string): Promise<{ status: number; body: Json }> {
  const { hostname, port } = new URL(entra.url);
  return new Promise((resolve, reject) => {
    http
      .get({ host: hostname, port, path, headers: { host }, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => {
          const isJson = response.headers['content-type']?.includes('json');
          resolve({ status: response.statusCode ?? 0, body: isJson ? (JSON.parse(text) as Json) : {} });
        });
      })
      .on('error', reject);
  });
}

async function discovery(tenant: string): Promise<Json> {
  const response = await fetch(`${entra.url}/${tenant}/v2.0/.well-known/openid-configuration`);
  return (await response.json()) as Json;
}

test('a tenant is found by id and by verified domain, and named by its id', async () => {
  const byId = await discovery(entra.tenantId);
  expect(byId.issuer).toBe(`${entra.url}/${entra.tenantId}/v2.0`);
  expect(byId.token_endpoint).toBe(`${entra.url}/${entra.tenantId}/oauth2/v2.0/token`);
  expect(byId.userinfo_endpoint).toBe(`${entra.url}/oidc/userinfo`);
  expect(await discovery('contoso.example')).toEqual(byId);
});

test('the aliases have a template for an issuer, except consumers', async () => {
  expect((await discovery('common')).issuer).toBe(`${entra.url}/{tenantid}/v2.0`);
  expect((await discovery('organizations')).issuer).toBe(`${entra.url}/{tenantid}/v2.0`);
  expect((await discovery('consumers')).issuer).toBe(`${entra.url}/${consumersTenantId}/v2.0`);
});

test('an unknown tenant is AADSTS90002', async () => {
  const response = await fetch(`${entra.url}/nowhere.example/v2.0/.well-known/openid-configuration`);
  const { status, code, body } = await readError(response);
  expect([status, code, body.error]).toEqual([400, 90002, 'invalid_tenant']);
});

test('asked as login.microsoftonline.com, every URL is the documented one', async () => {
  const path = `/${entra.tenantId}/v2.0/.well-known/openid-configuration`;
  const { body } = await getAs('login.microsoftonline.com', path);
  const base = `https://login.microsoftonline.com/${entra.tenantId}`;
  expect(body).toMatchObject({
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
  });
  const common = await getAs('login.microsoftonline.com', '/common/v2.0/.well-known/openid-configuration');
  expect(common.body.issuer).toBe('https://login.microsoftonline.com/{tenantid}/v2.0');
});

test('other login host names can be added', async () => {
  const path = `/${entra.tenantId}/v2.0/.well-known/openid-configuration`;
  const { body } = await getAs('login.microsoftonline.us', path);
  expect(body.issuer).toBe(`https://login.microsoftonline.us/${entra.tenantId}/v2.0`);
});

test('each of the two hosts answers its own paths only, and none of them the control endpoint', async () => {
  expect((await getAs('graph.microsoft.com', '/common/v2.0/.well-known/openid-configuration')).status).toBe(
    404,
  );
  expect((await getAs('login.microsoftonline.com', '/v1.0/me')).status).toBe(404);
  expect((await getAs('graph.microsoft.com', '/v1.0/me')).status).toBe(401);
  expect((await getAs('login.microsoftonline.com', '/_control/requests')).status).toBe(404);
});

test('the page can be driven through the documented URL', async () => {
  const app = entra.addApp({ redirect_uris: [callback] });
  entra.addPerson({ email: 'alice@contoso.example' });
  const url = new EntraClient(entra, app)
    .authorizeUrl()
    .replace(entra.url, 'https://login.microsoftonline.com');
  const answer = await pickAccount(url, 'alice@contoso.example', { via: entra.url });
  expect(answer).toMatch(/^https:\/\/foyer\.example\/auth\/oauth2\/callback\?id=oauth_strat-1&code=1\.A/);
  expect(entra.requests.last('authorize')?.host).toBe('login.microsoftonline.com');
});

test('the key set has two keys with real certificates, and none of the old ones after a rotation', async () => {
  const read = async () => {
    const response = await fetch(`${entra.url}/${entra.tenantId}/discovery/v2.0/keys`);
    return ((await response.json()) as { keys: Json[] }).keys;
  };
  const before = await read();
  expect(before).toHaveLength(2);
  for (const key of before) {
    const [x5c] = key.x5c as string[];
    const certificate = new X509Certificate(Buffer.from(x5c ?? '', 'base64'));
    expect(certificate.publicKey.export({ format: 'jwk' })).toMatchObject({ n: key.n, e: key.e });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(key.issuer).toBe(`${entra.url}/${entra.tenantId}/v2.0`);
  }
  await entra.rotateKeys();
  const kids = before.map((key) => key.kid);
  for (const key of await read()) expect(kids).not.toContain(key.kid);
});
