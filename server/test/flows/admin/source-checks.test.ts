import type { SourceCheck } from '@foyer/contract/dry-runs.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientId, type DryRunWorld, openDryRunWorld } from './dry-run-world.ts';

let world: DryRunWorld;
const otherTenant = '7cbbcaad-604b-40ac-a9d7-9fd97c0b7711';
const day = 86_400;

beforeAll(async () => {
  world = await openDryRunWorld();
});
afterAll(() => world.close());

const inDays = (days: number): number => Math.floor(world.foyer.clock.nowMs() / 1000) + days * day;

/** The documented source with nothing to find fault with. */
const clean = (more: Record<string, unknown> = {}) =>
  world.draft({ client_secret_expires_at: inDays(200), ...more });

const check = async (draft: Record<string, unknown>, more: object = {}): Promise<SourceCheck[]> => {
  world.foyer.clock.advance(61_000);
  const { status, body, text } = await world.as.admin('POST', '/source_checks', {
    json: { authority_id: world.a.id, draft, ...more },
  });
  expect(`${status} ${status === 200 ? '' : text}`).toBe('200 ');
  return body;
};

const codes = (checks: readonly SourceCheck[]): string[] =>
  checks.filter(({ level }) => level !== 'ok').map(({ level, field, code }) => `${level} ${field} ${code}`);

describe('checks while typing', () => {
  it('has nothing to say against the documented source', async () => {
    expect(await check(clean())).toEqual([
      expect.objectContaining({ field: '', level: 'ok', code: 'complete' }),
    ]);
  });

  const mappings = () => clean().info_mappings as Record<string, string>;
  const url = (tenant: string, what: string, version = '/v2.0') =>
    `https://login.microsoftonline.com/${tenant}/oauth2${version}/${what}`;

  it.each<[string, () => Record<string, unknown>]>([
    ['error client_secret secret_is_guid', () => ({ client_secret: otherTenant })],
    ['error client_secret secret_is_client_id', () => ({ client_secret: clientId })],
    ['error client_secret blanks_around', () => ({ client_secret: ' Zk8Q~value ' })],
    ['warning client_secret secret_expiry_unknown', () => ({ client_secret_expires_at: null })],
    ['warning client_secret secret_expires_soon', () => ({ client_secret_expires_at: inDays(10) })],
    ['error client_secret secret_expired', () => ({ client_secret_expires_at: inDays(-3) })],
    ['warning client_id client_id_not_guid', () => ({ client_id: 'my-app' })],
    ['warning client_id blanks_around', () => ({ client_id: `${clientId} ` })],
    ['error token_url tenants_differ', () => ({ token_url: url(otherTenant, 'token') })],
    [
      'error token_url versions_differ',
      () => ({ authorize_url: url(world.entra.tenantId, 'authorize', '') }),
    ],
    ['error token_method method_not_post', () => ({ token_method: 'get' })],
    ['warning pkce pkce_off', () => ({ pkce: false })],
    ['warning scope missing_openid', () => ({ scope: 'offline_access User.Read' })],
    ['warning scope missing_offline_access', () => ({ scope: 'openid User.Read' })],
    ['error scope scope_for_v1', () => ({ scope: 'openid offline_access https://graph.microsoft.com' })],
    [
      'error authorize_params scope_for_v1',
      () => ({ authorize_params: { resource: 'https://graph.microsoft.com' } }),
    ],
    [
      'warning scope scope_needs_v2',
      () => ({
        authorize_url: url(world.entra.tenantId, 'authorize', ''),
        token_url: url(world.entra.tenantId, 'token', ''),
      }),
    ],
    ['warning info_mappings uid_unmapped', () => ({ info_mappings: { ...mappings(), uid: '' } })],
    ['warning info_mappings mapping_empty', () => ({ info_mappings: { ...mappings(), phone: '' } })],
    [
      'warning info_mappings mapping_key_twice',
      () => ({ info_mappings: { ...mappings(), email: 'mail,mail' } }),
    ],
    ['warning info_mappings mapping_twice', () => ({ info_mappings: { ...mappings(), ' email': 'mail' } })],
    [
      'warning info_mappings email_unmapped',
      () => {
        const { email: _email, ...rest } = mappings();
        return { info_mappings: rest };
      },
    ],
    [
      'warning info_mappings token_mappings_missing',
      () => {
        const { expires: _expires, ...rest } = mappings();
        return { info_mappings: rest };
      },
    ],
    ['error info_mappings not_accepted', () => ({ info_mappings: { ...mappings(), shoe_size: 'x' } })],
    ['warning site site_has_path', () => ({ site: 'https://login.microsoftonline.com/tenant' })],
    ['warning ensure_matching matching_comma', () => ({ ensure_matching: { department: ['a, b'] } })],
    ['warning ensure_matching matching_blank', () => ({ ensure_matching: { department: ['a', ' b'] } })],
    ['error authorize_url not_accepted', () => ({ authorize_url: 'https://me:pw@idp.example/' })],
    ['warning client_secret missing', () => ({ client_secret: '' })],
  ])('finds %s', async (expected, change) => {
    const checks = await check(clean(change()));
    expect(codes(checks)).toContain(expected);
    for (const { level, message, fix, code } of checks) {
      expect(message).toMatch(/[.:]/);
      if (level === 'warning' && code !== 'missing') expect(fix).toBeTruthy();
    }
  });

  it('asks for the tenants that may come when everybody could', async () => {
    const common = { authorize_url: url('common', 'authorize'), token_url: url('common', 'token') };
    expect(codes(await check(clean(common)))).toContain('error tid_allow not_accepted');
    const listed = await check(clean({ ...common, tid_allow: [otherTenant] }));
    expect(codes(listed)).toEqual([]);
    expect(listed).toContainEqual(expect.objectContaining({ code: 'listed_tenants', level: 'ok' }));
  });

  it('says of a secret in an address what it means, for providers that are not Microsoft', async () => {
    const draft = clean({
      site: 'https://idp.example',
      authorize_url: '/authorize',
      token_url: '/token',
      user_profile_url: '/me',
      token_method: 'get',
      scope: 'profile',
    });
    expect(codes(await check(draft))).toContain('warning token_method secret_in_address');
  });

  it('Google sends a refresh token for access_type=offline only', async () => {
    const google = {
      site: 'https://accounts.google.com',
      authorize_url: '/o/oauth2/v2/auth',
      token_url: 'https://oauth2.googleapis.com/token',
      user_profile_url: 'https://openidconnect.googleapis.com/v1/userinfo',
      scope: 'openid email',
    };
    expect(codes(await check(clean(google)))).toEqual(['warning authorize_params missing_access_type']);
    expect(codes(await check(clean({ ...google, authorize_params: { access_type: 'offline' } })))).toEqual(
      [],
    );
  });

  it('agrees with saving: what it calls not_accepted is refused, with the same words', async () => {
    const drafts = [
      clean({ token_url: 'http://plain.example/t' }),
      clean({ info_mappings: { uid: 'mail' } }),
      clean({ authorize_params: { state: 'x' } }),
      clean({ ensure_matching: { groups: ['(a+)+'] } }),
      clean(),
    ];
    for (const draft of drafts) {
      const found = (await check(draft)).filter(({ code }) => code === 'not_accepted');
      const { status, body } = await world.as.admin('POST', '/oauth_auths', {
        json: { authority_id: world.a.id, ...draft },
      });
      const refused = status === 422 ? (body.errors ?? body.failures ?? body) : [];
      const flat = JSON.stringify(refused);
      expect(status === 422).toBe(found.length > 0);
      for (const { message } of found) expect(flat).toContain(JSON.stringify(message).slice(1, -1));
    }
  });

  it('keeps to its own domain, and answers administrators only', async () => {
    const json = { authority_id: world.a.id, draft: clean() };
    expect((await world.as.other('POST', '/source_checks', { json })).status).toBe(404);
    expect((await world.as.support('POST', '/source_checks', { json })).status).toBe(403);
  });
});

describe('with the network', () => {
  it('reaches each host once, and compares with the discovery document', async () => {
    // The emulator's answers are dated by the real clock.
    world.foyer.clock.advance(Date.now() - world.foyer.clock.nowMs() - 61_000);
    world.entra.requests.clear();
    const checks = await check(clean(), { network: true });
    expect(codes(checks)).toEqual([]);
    const reached = checks.filter(({ code }) => code === 'host_reached').map(({ values }) => values?.host);
    expect(reached).toEqual(['login.microsoftonline.com', 'graph.microsoft.com']);
    expect(world.entra.requests.count('discovery')).toBe(1);
  });

  it('S-107 says coarsely what is wrong with a host, and nothing that it said', async () => {
    const at = (host: string) => check(clean({ user_profile_url: `https://${host}/me` }), { network: true });
    expect(codes(await at('nowhere.invalid'))).toContain('error raw_info_url host_unreachable');
    expect(codes(await at('wrong-name.example'))).toContain('error raw_info_url host_certificate');
    expect(codes(await at('127.0.0.1'))).toContain('error raw_info_url host_denied');
  });

  it('notices a clock that is wrong, and a discovery document that says otherwise', async () => {
    // Node's own clock dates the emulator's answers; ours has moved on by a minute for each check.
    world.foyer.clock.advance(120_000);
    expect(codes(await check(clean(), { network: true }))).toContain('warning token_url clock_differs');
    const aliased = await check(
      clean({ authorize_url: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize' }),
      { network: true },
    );
    expect(codes(aliased)).toContain('warning authorize_url discovery_differs');
  });

  it('S-107 asks ten times a minute at most for each administrator', async () => {
    world.foyer.clock.advance(61_000);
    const ask = async () =>
      (await world.as.admin('POST', '/source_checks', { json: { draft: {}, network: true } })).status;
    const statuses = [];
    for (let n = 0; n < 11; n++) statuses.push(await ask());
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
  });
});

describe('discovery', () => {
  const discover = async (issuer: string) => {
    world.foyer.clock.advance(61_000);
    return world.as.admin('POST', '/source_checks/discover', { json: { issuer } });
  };

  it('finds the tenant by its id, a verified domain, a person’s address, or any address of Entra', async () => {
    const { tenantId } = world.entra;
    for (const text of [
      tenantId,
      tenantId.toUpperCase(),
      ' contoso.example ',
      'alice@contoso.example',
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize?x=y`,
      `https://login.microsoftonline.com/contoso.example/v2.0`,
      `https://sts.windows.net/${tenantId}/`,
      `https://portal.azure.com/#@contoso.example/resource/x`,
      `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`,
    ]) {
      const { status, body } = await discover(text);
      expect({ text, status, body }).toMatchObject({
        text,
        status: 200,
        body: {
          tenant_id: tenantId,
          issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
          authorize_url: expect.stringContaining('/oauth2/v2.0/authorize'),
          token_url: expect.stringContaining('/oauth2/v2.0/token'),
          scopes: expect.arrayContaining(['openid']),
          auth_schemes: expect.arrayContaining(['request_body']),
        },
      });
    }
  });

  it('S-107 refuses beside the field, coarsely', async () => {
    for (const text of [
      '',
      'x',
      'ftp://a.example',
      'https://127.0.0.1/x',
      'https://nowhere.invalid',
      'nowhere.invalid',
    ]) {
      const { status, text: said } = await discover(text);
      expect({ text, status }).toEqual({ text, status: 422 });
      expect(said).toContain('issuer');
    }
  });
});
