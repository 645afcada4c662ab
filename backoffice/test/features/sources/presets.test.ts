/** Each preset makes the documented fields out of its few answers. */
import { describe, expect, it } from 'vitest';
import { bodyOf, elevenFields, type FieldName } from '#features/sources/draft.ts';
import {
  type Answers,
  draftFrom,
  originOf,
  type PresetName,
  type QuestionName,
} from '#features/sources/presets/preset.ts';
import { presetOf, presets } from '#features/sources/presets/presets.ts';

const tenant = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';
const client = { client_id: '11111111-2222-4333-8444-555555555555', client_secret: '8Q~value' };

const fill = (name: PresetName, answers: Answers, found?: Parameters<(typeof presets)[0]['fill']>[1]) => {
  const preset = presetOf(name);
  if (!preset) throw new Error(`no preset ${name}`);
  return preset.fill(answers, found);
};
const bodyFor = (name: PresetName, answers: Answers, found?: Parameters<typeof fill>[2]) =>
  bodyOf(draftFrom(fill(name, answers, found).fields, {}));

describe('the Microsoft preset', () => {
  it('makes exactly the documented table out of three answers', () => {
    const body = bodyFor('microsoft', { tenant, ...client });
    expect(Object.fromEntries(elevenFields.map((field) => [field, body[field]]))).toEqual({
      name: 'Microsoft',
      client_id: client.client_id,
      client_secret: client.client_secret,
      site: 'https://login.microsoftonline.com',
      scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
      token_method: 'post',
      auth_scheme: 'request_body',
      token_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      authorize_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
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
    });
    // Nothing beside the table is set: no condition, no parameter, no list.
    expect(body).toMatchObject({ authorize_params: {}, ensure_matching: {}, issuer: '', tid_allow: [] });
  });

  it('says of each of the eleven where it came from', () => {
    const { fields } = fill('microsoft', { tenant, ...client });
    const origin = (field: FieldName) => originOf(field, fields, {});
    for (const field of elevenFields) expect(origin(field), field).toBeDefined();
    expect(origin('token_url')).toEqual({ kind: 'answer', question: 'tenant' });
    expect(origin('scope')).toEqual({ kind: 'standard' });
    expect(origin('name')).toEqual({ kind: 'default' });
    expect(originOf('scope', fields, { scope: 'openid' })).toEqual({ kind: 'typed' });
  });

  it('lets every value be overridden by hand', () => {
    const { fields } = fill('microsoft', { tenant, ...client });
    const draft = draftFrom(fields, { scope: 'openid', info_mappings: [{ key: 'uid', value: 'oid' }] });
    expect(bodyOf(draft)).toMatchObject({ scope: 'openid', info_mappings: { uid: 'oid' } });
  });

  it.each([
    [tenant.toUpperCase()],
    [`  ${tenant}\n`],
    [`{${tenant}}`],
    [`https://login.microsoftonline.com/${tenant}`],
    [`https://login.microsoftonline.com/${tenant}/v2.0/.well-known/openid-configuration`],
    [`login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?client_id=x`],
    [`https://login.windows.net/${tenant}/`],
    [`https://sts.windows.net/${tenant}/`],
    [`https://entra.microsoft.com/#view/Microsoft_AAD_IAM/TenantOverview.ReactView/tenantId/${tenant}`],
    [`https://myapps.microsoft.com/?tenantId=${tenant}`],
  ])('finds the tenant in %s', (typed) => {
    expect(bodyFor('microsoft', { tenant: typed })).toMatchObject({
      site: 'https://login.microsoftonline.com',
      token_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
    });
  });

  it.each([
    ['contoso.com', 'contoso.com'],
    ['Contoso.onmicrosoft.com', 'contoso.onmicrosoft.com'],
    ['admin@contoso.com', 'contoso.com'],
    ['https://portal.azure.com/#@contoso.com/resource/x', 'contoso.com'],
  ])('asks Microsoft for the tenant of %s, and takes its name until then', (typed, domain) => {
    const before = fill('microsoft', { tenant: typed });
    expect(before.discover).toBe(domain);
    expect(before.problems).toEqual({});
    expect(before.fields.token_url?.value).toBe(
      `https://login.microsoftonline.com/${domain}/oauth2/v2.0/token`,
    );
    const found = {
      issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
      authorize_url: '',
      token_url: '',
      scopes: [],
      auth_schemes: [],
      tenant_id: tenant,
    };
    expect(fill('microsoft', { tenant: typed }, found).fields.token_url?.value).toBe(
      `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    );
  });

  it('asks nobody for a tenant that is given by its id', () => {
    expect(fill('microsoft', { tenant }).discover).toBeUndefined();
  });

  it.each([
    ['https://login.microsoftonline.us', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    [
      'https://login.partner.microsoftonline.cn',
      'https://login.partner.microsoftonline.cn',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['https://gateway.contoso.com', 'https://gateway.contoso.com', 'https://gateway.contoso.com'],
  ])('knows the cloud of an address at %s', (pasted, site, graph) => {
    expect(bodyFor('microsoft', { tenant: `${pasted}/${tenant}/oauth2/v2.0/token` })).toMatchObject({
      site,
      token_url: `${site}/${tenant}/oauth2/v2.0/token`,
      authorize_url: `${site}/${tenant}/oauth2/v2.0/authorize`,
      raw_info_url: `${graph}/v1.0/me`,
    });
  });

  it.each([
    ['contoso', 'not_a_tenant'],
    ['11111111-2222-4333-8444', 'not_a_tenant'],
    ['https://entra.microsoft.com/', 'url_without_tenant'],
    // The id of an application in a portal's address is not the tenant's.
    [
      `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/appId/${client.client_id}`,
      'url_without_tenant',
    ],
    ['https://login.microsoftonline.com/common/oauth2/v2.0/authorize', 'many_tenants'],
    ['consumers', 'personal_accounts'],
  ])('says what is wrong with %s', (typed, problem) => {
    expect(fill('microsoft', { tenant: typed }).problems).toEqual({ tenant: problem });
  });

  it('is quiet about what was not typed yet', () => {
    const { fields, problems } = fill('microsoft', {});
    expect(problems).toEqual({});
    expect(fields.token_url?.value).toBe('');
    expect(fields.site?.value).toBe('https://login.microsoftonline.com');
  });
});

describe('the other presets', () => {
  it('Google asks for a refresh token and lets in only the Workspace that is named', () => {
    expect(bodyFor('google', { ...client, hosted_domain: ' Contoso.com ' })).toMatchObject({
      site: 'https://accounts.google.com',
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      token_url: 'https://oauth2.googleapis.com/token',
      authorize_params: { access_type: 'offline', prompt: 'consent' },
      ensure_matching: { hd: ['contoso.com'] },
      trusted_email_domains: ['contoso.com'],
      info_mappings: { uid: 'sub', image: 'picture' },
    });
    expect(bodyFor('google', client).ensure_matching).toEqual({});
  });

  it('B2C puts tenant and policy into both addresses and asks for a token of its own', () => {
    const base = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0';
    const expected = {
      authorize_url: `${base}/authorize`,
      token_url: `${base}/token`,
      raw_info_url: '',
      scope: `openid offline_access ${client.client_id}`,
    };
    expect(bodyFor('b2c', { ...client, b2c_tenant: 'contoso', policy: 'B2C_1_signin' })).toMatchObject(
      expected,
    );
    // An address of the user flow has both.
    const pasted = `${base}/authorize?client_id=x`;
    expect(bodyFor('b2c', { ...client, b2c_tenant: pasted })).toMatchObject(expected);
    expect(fill('b2c', { b2c_tenant: 'https://contoso.com' }).problems).toEqual({
      b2c_tenant: 'not_a_tenant',
    });
  });

  it.each<[PresetName, QuestionName, string, Record<string, string>]>([
    [
      'okta',
      'okta_domain',
      'contoso-admin.okta.com/admin/apps',
      {
        site: 'https://contoso.okta.com',
        issuer: 'https://contoso.okta.com',
        authorize_url: 'https://contoso.okta.com/oauth2/v1/authorize',
        token_url: 'https://contoso.okta.com/oauth2/v1/token',
        raw_info_url: 'https://contoso.okta.com/oauth2/v1/userinfo',
      },
    ],
    [
      'okta',
      'okta_domain',
      'https://contoso.okta.com/oauth2/default/.well-known/openid-configuration',
      {
        issuer: 'https://contoso.okta.com/oauth2/default',
        token_url: 'https://contoso.okta.com/oauth2/default/v1/token',
      },
    ],
    [
      'auth0',
      'auth0_domain',
      'contoso.eu.auth0.com',
      {
        issuer: 'https://contoso.eu.auth0.com/',
        authorize_url: 'https://contoso.eu.auth0.com/authorize',
        token_url: 'https://contoso.eu.auth0.com/oauth/token',
        raw_info_url: 'https://contoso.eu.auth0.com/userinfo',
      },
    ],
    [
      'keycloak',
      'realm_url',
      'https://id.example.com/realms/contoso/account/',
      {
        issuer: 'https://id.example.com/realms/contoso',
        authorize_url: 'https://id.example.com/realms/contoso/protocol/openid-connect/auth',
        token_url: 'https://id.example.com/realms/contoso/protocol/openid-connect/token',
      },
    ],
    [
      'keycloak',
      'realm_url',
      'https://id.example.com/auth/admin/master/console/#/contoso/clients',
      { issuer: 'https://id.example.com/auth/realms/contoso' },
    ],
  ])('%s finds its addresses from %s %s', (name, question, pasted, expected) => {
    expect(bodyFor(name, { [question]: pasted })).toMatchObject(expected);
  });

  it('Keycloak says when an address names no realm', () => {
    expect(fill('keycloak', { realm_url: 'https://id.example.com/' }).problems).toEqual({
      realm_url: 'url_without_realm',
    });
  });

  it('any OpenID Connect provider is asked about itself', () => {
    const issuer = 'https://id.example.com/tenant';
    expect(fill('oidc', { issuer }).discover).toBe(issuer);
    const found = {
      issuer,
      authorize_url: `${issuer}/a`,
      token_url: `${issuer}/t`,
      raw_info_url: `${issuer}/u`,
      scopes: ['openid', 'email', 'offline_access', 'address'],
      auth_schemes: ['client_secret_basic'],
    };
    const body = bodyFor('oidc', { issuer, ...client }, found);
    expect(body).toMatchObject({
      name: 'id.example.com',
      scope: 'openid email offline_access',
      auth_scheme: 'basic_auth',
      authorize_url: `${issuer}/a`,
      token_url: `${issuer}/t`,
      raw_info_url: `${issuer}/u`,
      issuer,
      info_mappings: { uid: 'sub' },
    });
  });

  it('any OAuth2 provider begins empty, without addresses that look valid and are wrong', () => {
    expect(bodyFor('oauth2', {})).toMatchObject({
      name: '',
      authorize_url: '',
      token_url: '',
      token_method: 'post',
      auth_scheme: 'request_body',
      info_mappings: {},
    });
  });

  it('each maps a user id, and none that changes hands', () => {
    for (const preset of presets.filter(({ name }) => name !== 'oauth2')) {
      const mappings = preset.fill({}).fields.info_mappings?.value ?? [];
      const uid = mappings.find(({ key }) => key === 'uid')?.value;
      expect(['id', 'sub'], preset.name).toContain(uid);
    }
  });

  it('none ever sends the secret anywhere but into the field of the secret', () => {
    for (const preset of presets) {
      const { fields, discover } = preset.fill({ ...client, tenant, issuer: 'https://id.example.com' });
      const { client_secret: _secret, ...others } = fields;
      expect(JSON.stringify([others, discover]), preset.name).not.toContain(client.client_secret);
    }
  });
});
