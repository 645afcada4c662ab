import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Entra, startEntra } from '#entra/start-entra.ts';
import { callback, claimsOf, documentedScope, EntraClient, type Json } from './entra-client.ts';

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
  client = new EntraClient(entra, entra.addApp({ redirect_uris: [callback], app_roles: ['User.Read.All'] }));
  entra.addPerson({
    email: alice,
    display_name: 'Alice Adams',
    job_title: 'Tester',
    groups: [{ display_name: 'Staff' }],
  });
  for (const name of ['bob', 'cem', 'dora']) entra.addPerson({ email: `${name}@contoso.example` });
});
afterAll(() => entra.close());

async function token(scope = documentedScope): Promise<unknown> {
  return (await client.tokens(alice, { scope })).access_token;
}

async function read(path: string, accessToken: unknown, headers: Record<string, string> = {}): Promise<Json> {
  return (await (await client.graph(path, accessToken, headers)).json()) as Json;
}

async function expectRefused(
  response: Response,
  status: number,
  code: string,
  message?: string,
): Promise<void> {
  const { error } = (await response.json()) as { error: Json };
  expect([response.status, error.code]).toEqual([status, code]);
  if (message) expect(error.message).toContain(message);
  expect(error.innerError).toEqual({
    date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    'request-id': response.headers.get('request-id'),
    'client-request-id': response.headers.get('client-request-id'),
  });
}

describe('me', () => {
  test('has the default properties, with the oid as id', async () => {
    const accessToken = await token();
    const me = await read('/v1.0/me', accessToken);
    expect(me).toEqual({
      '@odata.context': `${entra.url}/v1.0/$metadata#users/$entity`,
      businessPhones: [],
      displayName: 'Alice Adams',
      givenName: 'Alice',
      jobTitle: 'Tester',
      mail: alice,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      surname: 'Adams',
      userPrincipalName: alice,
      id: claimsOf(accessToken).oid,
    });
  });

  test('respects $select, and refuses a property that is none', async () => {
    const accessToken = await token();
    const me = await read('/v1.0/me?$select=id,userType', accessToken);
    expect(Object.keys(me)).toEqual(['@odata.context', 'id', 'userType']);
    await expectRefused(await client.graph('/v1.0/me?$select=shoeSize', accessToken), 400, 'BadRequest');
  });

  test('a photo is not found', async () => {
    await expectRefused(await client.graph('/v1.0/me/photo/$value', await token()), 404, 'ImageNotFound');
  });

  test('lists the groups', async () => {
    const { value } = await read('/v1.0/me/memberOf', await token());
    expect(value).toMatchObject([{ displayName: 'Staff', '@odata.type': '#microsoft.graph.group' }]);
  });

  test('is nobody for an app token', async () => {
    const grant = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
    const body = (await (await client.token(grant)).json()) as Json;
    const response = await client.graph('/v1.0/me', body.access_token);
    await expectRefused(response, 400, 'BadRequest', 'only valid with delegated authentication flow');
    expect((await client.graph(`/v1.0/users/${alice}`, body.access_token)).status).toBe(200);
  });
});

describe('the bearer token', () => {
  const challenge =
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';

  test('must be there', async () => {
    const response = await fetch(`${entra.url}/v1.0/me`);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    await expectRefused(response, 401, 'InvalidAuthenticationToken', 'Access token is empty.');
  });

  test('must be ours and unchanged', async () => {
    await expectRefused(await client.graph('/v1.0/me', 'abc'), 401, 'InvalidAuthenticationToken', 'IDX14100');
    const [header, claims, signature = ''] = String(await token()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(`.${claims}.`), scp: 'Everything' }));
    const tampered = `${header}.${forged.toString('base64url')}.${signature}`;
    const response = await client.graph('/v1.0/me', tampered);
    await expectRefused(response, 401, 'InvalidAuthenticationToken', 'Invalid signature');
  });

  test('must be meant for Graph', async () => {
    const { id_token: idToken } = await client.tokens(alice);
    const response = await client.graph('/v1.0/me', idToken);
    await expectRefused(response, 401, 'InvalidAuthenticationToken', 'Invalid audience');
  });

  test('expires', async () => {
    const accessToken = await token();
    nowMs += 3_900_000;
    const response = await client.graph('/v1.0/me', accessToken);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    const message = 'Lifetime validation failed, the token is expired.';
    await expectRefused(response, 401, 'InvalidAuthenticationToken', message);
  });

  test('is void after revocation, with a claims challenge', async () => {
    const accessToken = await token();
    entra.revokeSessions(alice);
    const response = await client.graph('/v1.0/me', accessToken);
    const header = response.headers.get('www-authenticate') ?? '';
    const claims = /error="insufficient_claims", claims="([^"]+)"/.exec(header)?.[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toHaveProperty('access_token.nbf');
    await expectRefused(response, 401, 'InvalidAuthenticationToken');
  });

  test('outlives a rotation of the keys', async () => {
    const accessToken = await token();
    await entra.rotateKeys();
    expect((await client.graph('/v1.0/me', accessToken)).status).toBe(200);
  });

  test('must carry the permission', async () => {
    const response = await client.graph('/v1.0/me', await token('openid profile'));
    await expectRefused(response, 403, 'Authorization_RequestDenied', 'Insufficient privileges');
    const own = await token('user.read');
    await expectRefused(await client.graph('/v1.0/users', own), 403, 'Authorization_RequestDenied');
    expect((await client.graph(`/v1.0/users/${alice}`, own)).status).toBe(200);
    const other = await client.graph('/v1.0/users/bob@contoso.example', own);
    await expectRefused(other, 403, 'Authorization_RequestDenied');
  });
});

describe('users', () => {
  test('are found by id and user principal name; an unknown one is not', async () => {
    const accessToken = await token();
    const byName = await read('/v1.0/users/bob@contoso.example', accessToken);
    expect(await read(`/v1.0/users/${String(byName.id)}`, accessToken)).toEqual(byName);
    const missing = await client.graph('/v1.0/users/nobody@contoso.example', accessToken);
    await expectRefused(missing, 404, 'Request_ResourceNotFound', "Resource 'nobody@contoso.example'");
  });

  test('of other tenants are not seen', async () => {
    entra.addTenant({ name: 'Fabrikam' });
    entra.addPerson({ email: 'fay@fabrikam.example', tenant: 'fabrikam.example' });
    const accessToken = await token();
    const response = await client.graph('/v1.0/users/fay@fabrikam.example', accessToken);
    await expectRefused(response, 404, 'Request_ResourceNotFound');
    expect((await read('/v1.0/users', accessToken)).value).toHaveLength(4);
  });

  test('come in pages', async () => {
    const accessToken = await token();
    const first = await read('/v1.0/users?$top=3&$select=mail', accessToken);
    expect(first.value).toHaveLength(3);
    const next = String(first['@odata.nextLink']).replace(entra.url, '');
    const second = await read(next, accessToken);
    expect(second.value).toEqual([{ mail: 'dora@contoso.example' }]);
    expect(second).not.toHaveProperty('@odata.nextLink');
    const bad = await client.graph('/v1.0/users?$skiptoken=xyz', accessToken);
    await expectRefused(bad, 400, 'Directory_ExpiredPageToken');
  });

  test('are filtered and searched', async () => {
    const accessToken = await token();
    const names = async (parameters: string, headers = {}) => {
      const { value } = await read(`/v1.0/users?${parameters}`, accessToken, headers);
      return (value as Json[]).map((user) => user.givenName);
    };
    expect(await names(`$filter=${encodeURIComponent("mail eq 'bob@contoso.example'")}`)).toEqual(['Bob']);
    const either = "startswith(displayName,'Al') or startswith(mail,'do')";
    expect(await names(`$filter=${encodeURIComponent(either)}`)).toEqual(['Alice', 'Dora']);
    const search = `$search=${encodeURIComponent('"displayName:ad"')}`;
    expect(await names(search, { ConsistencyLevel: 'eventual' })).toEqual(['Alice']);
    const plain = await client.graph(`/v1.0/users?${search}`, accessToken);
    await expectRefused(plain, 400, 'Request_UnsupportedQuery');
    const strange = await client.graph('/v1.0/users?$filter=age%20gt%203', accessToken);
    await expectRefused(strange, 400, 'Request_UnsupportedQuery');
  });

  test('have groups', async () => {
    const path = `/v1.0/users/${alice}/transitiveMemberOf/microsoft.graph.group`;
    expect((await read(path, await token())).value).toHaveLength(1);
  });
});

test('organization names the tenant and its domains', async () => {
  const { value } = await read('/v1.0/organization', await token());
  expect(value).toMatchObject([
    {
      id: entra.tenantId,
      displayName: 'Contoso',
      verifiedDomains: [{ name: 'contoso.example', isDefault: true }],
    },
  ]);
});

test('userinfo has the subject of the ID token', async () => {
  const { access_token: accessToken, id_token: idToken } = await client.tokens(alice);
  const info = await read('/oidc/userinfo', accessToken);
  expect(info).toMatchObject({ sub: claimsOf(idToken).sub, name: 'Alice Adams', email: alice });
  const denied = await client.graph('/oidc/userinfo', await token('user.read'));
  await expectRefused(denied, 403, 'Authorization_RequestDenied');
});
