import { generateKeyPairSync } from 'node:crypto';
import https from 'node:https';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { certificatePem, selfSignedCertificate } from '#entra/certificate.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, EntraClient } from './entra-client.ts';

let entra: Entra;
let client: EntraClient;
const alice = 'alice@contoso.example';

beforeAll(async () => {
  entra = await startEntra();
});
beforeEach(() => {
  entra.reset();
  const app = entra.addApp({ redirect_uris: [callback], pre_consented: false });
  client = new EntraClient(entra, app);
  entra.addPerson({ email: alice });
});
afterAll(() => entra.close());

async function visit(path: string, cookies = new Map<string, string>()): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return await fetch(`${entra.url}/${entra.tenantId}${path}`, { headers: { cookie }, redirect: 'manual' });
}

test('logout ends the session and returns only to a registered address', async () => {
  const cookies = new Map<string, string>();
  await client.signIn(alice, {}, { cookies });
  expect((await client.signIn('', { prompt: 'none' }, { cookies })).has('code')).toBe(true);

  const registered = new URLSearchParams({ post_logout_redirect_uri: callback, state: 's' });
  const response = await visit(`/oauth2/v2.0/logout?${registered.toString()}`, cookies);
  expect(response.headers.get('location')).toBe(`${callback}&state=s`);
  expect((await client.signIn('', { prompt: 'none' }, { cookies })).get('error')).toBe('login_required');

  const stranger = new URLSearchParams({ post_logout_redirect_uri: 'https://evil.example/' });
  const page = await visit(`/oauth2/v2.0/logout?${stranger.toString()}`);
  expect([page.status, page.headers.get('location')]).toEqual([200, null]);
});

test.each(['/adminconsent', '/v2.0/adminconsent'])('%s consents for everyone', async (path) => {
  const query = new URLSearchParams({ client_id: client.app.client_id, redirect_uri: callback, state: 's' });
  const response = await visit(`${path}?${query.toString()}`);
  const answer = `admin_consent=True&tenant=${entra.tenantId}&state=s`;
  expect(response.headers.get('location')).toBe(`${callback}&${answer}`);
  await client.signIn(alice);
  expect(entra.requests.count('sign_in_page')).toBe(1);

  const wrong = new URLSearchParams({
    client_id: client.app.client_id,
    redirect_uri: 'https://evil.example/',
  });
  const refused = await visit(`${path}?${wrong.toString()}`);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('AADSTS50011');
});

test('it serves TLS with a certificate of the documented names', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = certificatePem(
    selfSignedCertificate({
      commonName: 'login.microsoftonline.com',
      publicKey,
      privateKey,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      altNames: ['login.microsoftonline.com', 'graph.microsoft.com'],
    }),
  );
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const secure = await startEntra({ tls: { key, cert } });
  const { port } = new URL(secure.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    https
      .get(
        {
          host: '127.0.0.1',
          port,
          path: '/v1.0/me',
          servername: 'graph.microsoft.com',
          headers: { host: 'graph.microsoft.com' },
          ca: cert,
          agent: false,
        },
        (response) => resolve(response.resume().statusCode),
      )
      .on('error', reject);
  });
  expect(status).toBe(401);
  expect(secure.url).toMatch(/^https:/);
  const own = new EntraClient(secure, secure.addApp({ redirect_uris: [callback] }));
  secure.addPerson({ email: alice });
  expect((await own.signIn(alice, {}, { via: secure.url })).has('code')).toBe(true);
  await secure.close();
});
