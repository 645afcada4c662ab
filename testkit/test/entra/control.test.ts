import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { App } from '#entra/directory.ts';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, EntraClient, type Json, readError } from './entra-client.ts';

let entra: Entra;

beforeAll(async () => {
  entra = await startEntra();
});
beforeEach(() => entra.reset());
afterAll(() => entra.close());

async function control(command: string, body: Json = {}): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${entra.url}/_control/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

test('another process seeds, arms faults, rotates keys and reads the requests', async () => {
  const seeded = await control('seed', {
    apps: [{ redirect_uris: [callback] }],
    people: [{ email: 'alice@contoso.example' }],
  });
  const [app] = seeded.body.apps as App[];
  if (!app) throw new Error('no app came back');
  const client = new EntraClient(entra, app);
  await control('person', { email: 'bob@contoso.example' });

  await control('fault', { name: 'AADSTS50076', times: 1 });
  const refused = await readError(await client.redeem(await client.code('bob@contoso.example')));
  expect(refused.code).toBe(50076);
  await control('fault', { name: 'AADSTS50076' });
  await control('clear-faults');
  const { refresh_token: token } = await client.tokens('alice@contoso.example');
  await control('revoke-sessions', { email: 'alice@contoso.example' });
  expect((await readError(await client.refresh(token))).code).toBe(50173);
  expect((await control('rotate-keys')).status).toBe(200);

  const { body } = await control('requests', { endpoint: 'token' });
  expect(body.counts).toMatchObject({ authorize: 2, token: 3 });
  const [first] = body.requests as Json[];
  expect(first).toMatchObject({
    endpoint: 'token',
    method: 'POST',
    path: `/${entra.tenantId}/oauth2/v2.0/token`,
    body: { grant_type: 'authorization_code', client_id: app.client_id },
    status: 400,
  });
  expect(entra.requests.last('token')?.headers['content-type']).toContain('x-www-form-urlencoded');

  await control('reset');
  expect((await control('requests')).body).toEqual({ counts: {}, requests: [] });
});

test('the list of faults can be read', async () => {
  const { faults } = (await control('list-faults')).body as { faults: Json[] };
  expect(faults).toContainEqual({
    name: 'AADSTS7000215',
    endpoint: 'token',
    description: 'wrong client secret, or the secret ID in its place',
    provider_code: 'AADSTS7000215',
  });
});

test('mistakes are said', async () => {
  expect((await control('frobnicate')).status).toBe(404);
  expect((await control('fault', { name: 'nothing' })).body.error).toContain('unknown fault');
  expect((await control('revoke-sessions', { email: 'nobody' })).status).toBe(400);
});

test('only JSON posts are taken, so that no form on a web page reaches it', async () => {
  expect((await fetch(`${entra.url}/_control/reset`)).status).toBe(405);
  const form = { method: 'POST', body: new URLSearchParams({ a: 'b' }) };
  expect((await fetch(`${entra.url}/_control/reset`, form)).status).toBe(415);
});
