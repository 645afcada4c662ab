import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, claimsOf, EntraClient, type Json, readError } from './entra-client.ts';

let entra: Entra;
let client: EntraClient;
let nowMs: number;
const alice = 'alice@contoso.example';

beforeAll(async () => {
  entra = await startEntra({ clock: { nowMs: () => nowMs } });
});
beforeEach(() => {
  nowMs = Date.now();
  entra.reset();
  client = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
  entra.addPerson({ email: alice });
});
afterAll(() => entra.close());

async function expectRefused(response: Response, code: number, suberror?: string): Promise<void> {
  const refused = await readError(response);
  expect([refused.status, refused.body.error, refused.code]).toEqual([400, 'invalid_grant', code]);
  expect(refused.body.suberror).toBe(suberror);
}

test('each use gives a new refresh token and the old one stays valid', async () => {
  const first = await client.tokens(alice);
  const response = await client.refresh(first.refresh_token);
  const second = (await response.json()) as Json;
  expect(response.status).toBe(200);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(second.access_token).not.toBe(first.access_token);
  expect(second.scope).toBe(first.scope);
  expect(claimsOf(second.id_token)).not.toHaveProperty('nonce');
  expect(claimsOf(second.id_token).sub).toBe(claimsOf(first.id_token).sub);
  expect((await client.refresh(first.refresh_token)).status).toBe(200);
  expect((await client.refresh(second.refresh_token)).status).toBe(200);
});

test('with strictRotation a refresh token works once', async () => {
  const strict = await startEntra({ strictRotation: true });
  strict.addPerson({ email: alice });
  const own = new EntraClient(strict, strict.addApp({ redirect_uris: [callback] }));
  const { refresh_token: token } = await own.tokens(alice);
  expect((await own.refresh(token)).status).toBe(200);
  await expectRefused(await own.refresh(token), 70000);
  await strict.close();
});

test('a refresh may ask for fewer scopes, and still gives a refresh token', async () => {
  const { refresh_token: token } = await client.tokens(alice);
  const body = (await (await client.refresh(token, { scope: 'user.read' })).json()) as Json;
  expect(body.scope).toBe('https://graph.microsoft.com/User.Read');
  expect(body.refresh_token).toBeTruthy();
});

test('scopes that nobody consented to are 65001 with the suberror consent_required', async () => {
  const app = entra.addApp({ redirect_uris: [callback], pre_consented: false });
  const strange = new EntraClient(entra, app);
  const { refresh_token: token } = await strange.tokens(alice, { scope: 'offline_access user.read' });
  await expectRefused(await strange.refresh(token, { scope: 'mail.read' }), 65001, 'consent_required');
  expect((await strange.refresh(token)).status).toBe(200);
});

test('a refresh token is bound to its client and its tenant', async () => {
  const { refresh_token: token } = await client.tokens(alice);
  const other = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
  await expectRefused(await other.refresh(token), 70000);
  await expectRefused(await client.refresh('not a token'), 9002313);
  await expectRefused(await client.refresh(`${String(token)}x`), 70000);
});

test('a refresh token unused for 90 days is 700082, one used meanwhile lives on', async () => {
  const { refresh_token: token } = await client.tokens(alice);
  nowMs += 89 * 24 * 3600 * 1000;
  const { refresh_token: next } = (await (await client.refresh(token)).json()) as Json;
  nowMs += 2 * 24 * 3600 * 1000;
  await expectRefused(await client.refresh(token), 700082, 'bad_token');
  expect((await client.refresh(next)).status).toBe(200);
});

test('revoked sessions end refresh tokens (50173) until the person signs in again', async () => {
  const { refresh_token: token } = await client.tokens(alice);
  entra.revokeSessions(alice);
  await expectRefused(await client.refresh(token), 50173, 'bad_token');
  const { refresh_token: fresh } = await client.tokens(alice);
  expect((await client.refresh(fresh)).status).toBe(200);
});

test('skewClock moves the clock of the tokens', async () => {
  entra.skewClock(3600);
  const { access_token: token } = await client.tokens(alice);
  expect(claimsOf(token).exp).toBeGreaterThan(nowMs / 1000 + 3600 + 3600);
});
