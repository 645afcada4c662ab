import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import {
  callback,
  claimsOf,
  documentedScope,
  EntraClient,
  type Params,
  pkce,
  readError,
} from './entra-client.ts';

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
  client = new EntraClient(entra, entra.addApp({ redirect_uris: [callback, 'https://foyer.example/2'] }));
  entra.addPerson({ email: alice, display_name: 'Alice Adams' });
});
afterAll(() => entra.close());

async function expectRefused(response: Response, status: number, error: string, code: number): Promise<void> {
  const refused = await readError(response);
  expect([refused.status, refused.body.error, refused.code]).toEqual([status, error, code]);
}

test('the answer has the documented shape', async () => {
  const response = await client.redeem(await client.code(alice));
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toContain('no-store');
  const body = (await response.json()) as Record<string, unknown>;
  expect(Object.keys(body).sort()).toEqual([
    'access_token',
    'expires_in',
    'ext_expires_in',
    'id_token',
    'refresh_token',
    'scope',
    'token_type',
  ]);
  expect(body.token_type).toBe('Bearer');
  expect(body.scope).toBe(
    'openid profile email https://graph.microsoft.com/Calendars.ReadWrite.Shared https://graph.microsoft.com/Group.Read.All https://graph.microsoft.com/User.Read.All',
  );
});

test('the ID token verifies with the published keys; its sub is pairwise and not the oid', async () => {
  const { id_token: idToken } = await client.tokens(alice, { scope: `${documentedScope} profile email` });
  const keys = createRemoteJWKSet(new URL(`${entra.url}/${entra.tenantId}/discovery/v2.0/keys`));
  const { payload } = await jwtVerify(String(idToken), keys, {
    issuer: `${entra.url}/${entra.tenantId}/v2.0`,
    audience: client.app.client_id,
  });
  expect(payload).toMatchObject({
    ver: '2.0',
    tid: entra.tenantId,
    nonce: 'nonce-1',
    name: 'Alice Adams',
    preferred_username: alice,
    email: alice,
  });
  expect(payload.sub).not.toBe(payload.oid);
  const other = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
  const theirs = claimsOf((await other.tokens(alice, { scope: 'openid profile' })).id_token);
  expect(theirs.oid).toBe(payload.oid);
  expect(theirs.sub).not.toBe(payload.sub);
});

test('without the scope profile the ID token has no oid, name or preferred_username', async () => {
  const { id_token: idToken } = await client.tokens(alice);
  const claims = claimsOf(idToken);
  for (const name of ['oid', 'name', 'preferred_username', 'email']) expect(claims).not.toHaveProperty(name);
  expect(claims.sub).toBeTruthy();
});

test('optional claims of the app come whatever the scope', async () => {
  entra.addPerson({ email: 'edo@contoso.example', xms_edov: true, groups: [{ display_name: 'Staff' }] });
  const app = entra.addApp({
    redirect_uris: [callback],
    optional_claims: ['oid', 'email', 'xms_edov', 'groups'],
  });
  const claims = claimsOf((await new EntraClient(entra, app).tokens('edo@contoso.example')).id_token);
  expect(claims).toMatchObject({ email: 'edo@contoso.example', xms_edov: true });
  expect(claims.groups).toHaveLength(1);
});

test('above 200 groups the ID token has the overage markers', async () => {
  const groups = Array.from({ length: 201 }, (_, index) => ({ display_name: `Group ${index}` }));
  entra.addPerson({ email: 'many@contoso.example', groups });
  const app = entra.addApp({ redirect_uris: [callback], optional_claims: ['groups'] });
  const claims = claimsOf((await new EntraClient(entra, app).tokens('many@contoso.example')).id_token);
  expect(claims).not.toHaveProperty('groups');
  expect(claims._claim_names).toEqual({ groups: 'src1' });
});

test('client_info=1 tells the oid and the tenant', async () => {
  const response = await client.redeem(await client.code(alice), { client_info: '1' });
  const { client_info: info } = (await response.json()) as { client_info: string };
  const parsed: unknown = JSON.parse(Buffer.from(info, 'base64url').toString());
  expect(parsed).toEqual({ uid: expect.any(String), utid: entra.tenantId });
});

test('client_info of a guest is that of the account at home', async () => {
  const guest = 'gil@elsewhere.example';
  const { oid } = entra.addPerson({ email: guest, guest: true });
  const response = await client.redeem(await client.code(guest), { client_info: '1' });
  const { client_info: info } = (await response.json()) as { client_info: string };
  const { uid, utid } = JSON.parse(Buffer.from(info, 'base64url').toString()) as Record<string, string>;
  expect(uid).not.toBe(oid);
  expect(utid).not.toBe(entra.tenantId);
});

test('the access token for Graph tells scp, oid and tid, and cannot be verified with the published keys', async () => {
  const { access_token: accessToken } = await client.tokens(alice);
  expect(claimsOf(accessToken)).toMatchObject({
    aud: '00000003-0000-0000-c000-000000000000',
    iss: `https://sts.windows.net/${entra.tenantId}/`,
    tid: entra.tenantId,
    appid: client.app.client_id,
    scp: 'Calendars.ReadWrite.Shared Group.Read.All User.Read.All openid profile email',
  });
  const keys = createRemoteJWKSet(new URL(`${entra.url}/${entra.tenantId}/discovery/v2.0/keys`));
  await expect(jwtVerify(String(accessToken), keys)).rejects.toThrow('signature verification failed');
});

test('a refresh token and an ID token come only if their scopes were asked for', async () => {
  const body = await client.tokens(alice, { scope: 'user.read' });
  expect(body).not.toHaveProperty('refresh_token');
  expect(body).not.toHaveProperty('id_token');
  expect(body.scope).toBe('https://graph.microsoft.com/User.Read');
});

test('a code works once', async () => {
  const code = await client.code(alice);
  expect((await client.redeem(code)).status).toBe(200);
  await expectRefused(await client.redeem(code), 400, 'invalid_grant', 54005);
});

test('a code expires after ten minutes', async () => {
  const code = await client.code(alice);
  nowMs += 11 * 60 * 1000;
  await expectRefused(await client.redeem(code), 400, 'invalid_grant', 70008);
});

test('a code is bound to its client, its tenant and its redirect URI', async () => {
  const code = await client.code(alice);
  const other = new EntraClient(entra, entra.addApp({ redirect_uris: [callback] }));
  await expectRefused(await other.redeem(code), 400, 'invalid_grant', 70000);
  const changed = { redirect_uri: 'https://foyer.example/2' };
  await expectRefused(await client.redeem(code, changed), 400, 'invalid_client', 500112);

  const fabrikam = entra.addTenant({ name: 'Fabrikam' });
  const multi = entra.addApp({ redirect_uris: [callback], sign_in_audience: 'AzureADMultipleOrgs' });
  const theirs = await new EntraClient(entra, multi).code(alice);
  const elsewhere = new EntraClient(entra, multi, fabrikam.id);
  await expectRefused(await elsewhere.redeem(theirs), 400, 'invalid_grant', 700005);
  expect((await client.redeem(code)).status).toBe(200);
});

test.each<[string, Params, number]>([
  ['no code', { code: undefined }, 900144],
  ['no redirect URI', { redirect_uri: undefined }, 900144],
  ['a code that was never one', { code: 'abc' }, 9002313],
  ['no grant type', { grant_type: undefined }, 900144],
])('%s is refused', async (_, changes, code) => {
  const refused = await readError(await client.redeem(await client.code(alice), changes));
  expect([refused.status, refused.code]).toEqual([400, code]);
});

test('PKCE: a challenge demands its verifier', async () => {
  const { verifier, challenge } = pkce();
  const asked = { code_challenge: challenge, code_challenge_method: 'S256' };
  const code = await client.code(alice, asked);
  await expectRefused(await client.redeem(code), 400, 'invalid_grant', 50148);
  await expectRefused(
    await client.redeem(code, { code_verifier: pkce().verifier }),
    400,
    'invalid_grant',
    501481,
  );
  expect((await client.redeem(code, { code_verifier: verifier })).status).toBe(200);
});

test('PKCE: a verifier without a challenge is refused', async () => {
  const code = await client.code(alice);
  await expectRefused(
    await client.redeem(code, { code_verifier: pkce().verifier }),
    400,
    'invalid_grant',
    501481,
  );
});

test('PKCE: the method plain is known, and is the default', async () => {
  const { verifier } = pkce();
  const code = await client.code(alice, { code_challenge: verifier });
  expect((await client.redeem(code, { code_verifier: verifier })).status).toBe(200);
});

test('a person disabled or revoked between code and token gets none', async () => {
  const code = await client.code(alice);
  entra.revokeSessions(alice);
  await expectRefused(await client.redeem(code), 400, 'invalid_grant', 50173);
});

test('an error has the documented body, with the client request id as correlation id', async () => {
  const sent = '7b0e6a52-4f0c-4e1e-9d52-2b9c8f2f4a11';
  const response = await client.token({ grant_type: 'password' }, { 'client-request-id': sent });
  const { body } = await readError(response);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  expect(body).toEqual({
    error: 'unsupported_grant_type',
    error_description: `AADSTS70003: The app requested an unsupported grant type 'password'.\r\nTrace ID: ${String(body.trace_id)}\r\nCorrelation ID: ${sent}\r\nTimestamp: ${timestamp}`,
    error_codes: [70003],
    timestamp,
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: sent,
    error_uri: 'https://login.microsoftonline.com/error?code=70003',
  });
});

test('the token endpoint takes only POST of a form, each parameter once', async () => {
  const address = `${entra.url}/${entra.tenantId}/oauth2/v2.0/token`;
  await expectRefused(await fetch(address), 400, 'invalid_request', 900561);
  const asJson = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"grant_type":"x"}',
  };
  await expectRefused(await fetch(address, asJson), 400, 'invalid_request', 900144);
  const twice = new URLSearchParams('grant_type=a&grant_type=b');
  await expectRefused(await fetch(address, { method: 'POST', body: twice }), 400, 'invalid_request', 9000411);
});
