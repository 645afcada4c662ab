import { testCa, testServerKey } from '@foyer/testkit/tls/tls.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceId } from '#base/lib/ids.ts';
import { everyDomain } from '#model/access/domain-scope.ts';
import { findSource, openSecret } from '#model/sources/source-store.ts';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.foyer.close());

const microsoft = {
  name: 'Microsoft',
  client_id: 'an-app',
  client_secret: 'canary-secret-1',
  site: 'https://login.microsoftonline.com',
  scope: 'openid offline_access user.read.all',
  token_method: 'POST',
  authentication_scheme: 'Request Body',
  token_url: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token',
  authorize_url: 'https://login.microsoftonline.com/tenant/oauth2/v2.0/authorize',
  user_profile_url: 'https://graph.microsoft.com/v1.0/me',
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
};

const storedSecret = async (id: string, field = 'client_secret'): Promise<string | undefined> => {
  const { db, keyring } = world.foyer.services;
  for (const kind of ['oauth2', 'ldap'] as const) {
    const source = await findSource(db, everyDomain, kind, id);
    const sealed = source?.secrets[field];
    if (source && sealed) return openSecret(keyring, source.domainId, id as SourceId, field, sealed);
  }
  return undefined;
};

describe('OAuth2 sources (contract 2.2, 3.4, 6.2)', () => {
  let id: string;
  beforeEach(async () => {
    const made = await world.as.admin('POST', '/oauth_auths', {
      json: { ...microsoft, authority_id: world.a.id },
    });
    expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
    id = made.body.id;
  });

  it('takes the eleven documented fields under their documented names, and answers the names of the API', async () => {
    const { body, text } = await world.as.admin('GET', `/oauth_auths/${id}`);
    expect(body).toEqual({
      id: expect.stringMatching(/^oauth_strat-[0-9A-Za-z_~-]{10}$/),
      name: 'Microsoft',
      revision: 1,
      secret_notes: {
        client_secret: {
          set: true,
          last_four: 'et-1',
          fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
          set_at: expect.any(Number),
        },
        next_client_secret: { set: false },
        client_private_key: { set: false },
      },
      next_client_secret_set: false,
      authority_id: world.a.id,
      enabled: true,
      client_id: 'an-app',
      client_secret_set: true,
      client_private_key_set: false,
      site: 'https://login.microsoftonline.com',
      scope: 'openid offline_access user.read.all',
      token_method: 'post',
      auth_scheme: 'request_body',
      token_url: microsoft.token_url,
      authorize_url: microsoft.authorize_url,
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
      info_mappings: microsoft.info_mappings,
      authorize_params: {},
      ensure_matching: {},
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    });
    expect(text).not.toContain('canary-secret');
  });

  it('S-94 keeps the secret on blank, absent and masked values, replaces it by a new one, clears it on null', async () => {
    for (const keep of [{}, { client_secret: '' }, { client_secret: '********' }, { client_secret: '  ' }]) {
      const answer = await world.as.admin('PATCH', `/oauth_auths/${id}?version=0`, {
        json: { name: 'Renamed', ...keep },
      });
      expect(answer).toMatchObject({ status: 200, body: { client_secret_set: true, name: 'Renamed' } });
      expect(await storedSecret(id)).toBe('canary-secret-1');
    }
    await world.as.admin('PUT', `/oauth_auths/${id}`, { json: { client_secret: 'canary-secret-2\n' } });
    expect(await storedSecret(id)).toBe('canary-secret-2');
    const cleared = await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { client_secret: null } });
    expect(cleared.body.client_secret_set).toBe(false);
    expect(await storedSecret(id)).toBeUndefined();
  });

  it('S-95 has no secret in lists, single answers, audit rows or the stored row', async () => {
    const answers = await Promise.all([
      world.as.admin('GET', '/oauth_auths'),
      world.as.admin('GET', `/oauth_auths/${id}`),
      world.as.platform('GET', `/oauth_auths?authority_id=${world.a.id}`),
    ]);
    const { kysely } = world.foyer.services.db;
    const rows = [
      await kysely.selectFrom('audit').selectAll().execute(),
      await kysely.selectFrom('sources').selectAll().execute(),
    ];
    expect(answers.map(({ text }) => text).join() + JSON.stringify(rows)).not.toContain('canary-secret');
  });

  it('saves what the form of Backoffice sends back, with its inventions', async () => {
    const { body } = await world.as.admin('GET', `/oauth_auths/${id}`);
    const answer = await world.as.admin('PATCH', `/oauth_auths/${id}?version=3`, {
      json: { ...body, client_secret: '', version: 3, type: 'oauth', scope: 'openid' },
    });
    expect(answer).toMatchObject({ status: 200, body: { scope: 'openid', client_secret_set: true } });
    expect(answer.text).not.toContain('"type"');
  });

  it('stores an empty source with a name, as Backoffice makes it first', async () => {
    const { status, body } = await world.as.admin('POST', '/oauth_auths', {
      json: {
        name: 'Later <script>x</script>',
        authority_id: world.a.id,
        client_id: '',
        client_secret: '',
        site: '',
        scope: '',
        token_method: '',
        auth_scheme: '',
        authorize_url: 'oauth/authorize',
        token_url: 'oauth/token',
        raw_info_url: '',
        info_mappings: {},
        authorize_params: {},
        ensure_matching: {},
      },
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { name: 'Later x', token_method: 'post', auth_scheme: 'request_body', client_secret_set: false },
    });
  });

  it('3.1 names the fields that must be there', async () => {
    const { status, body } = await world.as.admin('POST', '/oauth_auths', { json: { name: 'x' } });
    expect(status).toBe(422);
    expect(body.failures).toEqual(
      ['authority_id', 'client_id', 'site', 'scope'].map((field) => ({ field, reason: 'should not be nil' })),
    );
    const nulled = await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { site: null } });
    expect(nulled.body.failures).toEqual([{ field: 'site', reason: 'should not be nil' }]);
  });

  it.each([
    ['token_url', 'https://evil.example/token'],
    ['authorize_url', 'https://evil.example/authorize'],
    ['raw_info_url', 'https://evil.example/me'],
    ['user_profile_url', 'https://evil.example/me'],
    ['site', 'https://evil.example'],
    ['token_url', 'https://login.microsoftonline.com:8443/token'],
  ])('S-96 asks for the secret again when %s becomes %s', async (field, url) => {
    const path = `/oauth_auths/${id}`;
    const refused = await world.as.admin('PATCH', path, { json: { [field]: url, client_secret: '' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { error: 'secret_required', failures: [{ field: 'client_secret' }] },
    });
    const name = field === 'user_profile_url' ? 'raw_info_url' : field;
    expect((await world.as.admin('GET', path)).body[name]).toBe(
      microsoft[field as keyof typeof microsoft] ?? microsoft.user_profile_url,
    );
    const { kysely } = world.foyer.services.db;
    const [row] = await kysely.selectFrom('audit').selectAll().where('outcome', '=', 'denied').execute();
    expect(row).toMatchObject({ action: 'source.update', reason: 'secret_required' });
    const taken = await world.as.admin('PATCH', path, { json: { [field]: url, client_secret: 'again' } });
    expect(taken.status).toBe(200);
  });

  it('S-96 lets a path change on the same host pass', async () => {
    const answer = await world.as.admin('PATCH', `/oauth_auths/${id}`, {
      json: { token_url: 'https://login.microsoftonline.com/other/oauth2/v2.0/token' },
    });
    expect(answer.status).toBe(200);
  });

  it('S-48 forgets the tokens of people when the token endpoint moves to another host', async () => {
    const { kysely } = world.foyer.services.db;
    const identity = { domain_id: world.a.id, source_id: id, issuer: 'i', subject: 's' };
    await kysely
      .insertInto('identities')
      .values({ ...identity, user_id: world.users.user })
      .execute();
    await kysely.insertInto('upstream_grants').values(identity).execute();
    const left = () => kysely.selectFrom('upstream_grants').selectAll().where('source_id', '=', id).execute();
    await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { name: 'same host' } });
    expect(await left()).toHaveLength(1);
    await world.as.admin('PATCH', `/oauth_auths/${id}`, {
      json: { token_url: 'https://new.example/token', client_secret: 'new' },
    });
    expect(await left()).toEqual([]);
  });

  it.each([
    ['token_url', 'https://169.254.169.254/token'],
    ['token_url', 'http://login.microsoftonline.com/token'],
    ['site', 'https://user:pass@login.microsoftonline.com'],
    ['authorize_params', { redirect_uri: 'https://evil.example' }],
    ['authorize_params', { state: 'x' }],
    ['token_method', 'delete'],
    ['auth_scheme', 'none'],
  ])('S-103, D-12 refuses %s %j', async (field, value) => {
    const answer = await world.as.admin('PATCH', `/oauth_auths/${id}`, {
      json: { [field as string]: value, client_secret: 'again' },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.failures[0].field).toBe(field);
  });

  it('S-10 keeps a source in its domain', async () => {
    const answer = await world.as.platform('PATCH', `/oauth_auths/${id}`, {
      json: { authority_id: world.b.id },
    });
    expect(answer).toMatchObject({ status: 422, body: { failures: [{ field: 'authority_id' }] } });
    const same = await world.as.platform('PATCH', `/oauth_auths/${id}`, {
      json: { authority_id: world.a.id },
    });
    expect(same.status).toBe(200);
  });

  it('S-37 stores whether the source makes accounts and may be joined to existing ones', async () => {
    const json = { provisioning: false, linking: false };
    expect((await world.as.admin('PATCH', `/oauth_auths/${id}`, { json })).body).toMatchObject(json);
  });

  it('S-137 names the legacy switch that was turned on', async () => {
    await world.as.admin('PATCH', `/oauth_auths/${id}`, { json: { link_by_email: true } });
    const { kysely } = world.foyer.services.db;
    const rows = await kysely
      .selectFrom('audit')
      .select(['fields', 'detail'])
      .where('source_id', '=', id)
      .where('action', '=', 'source.update')
      .execute();
    expect(rows).toEqual([{ fields: ['link_by_email'], detail: { legacy_on: ['link_by_email'] } }]);
  });

  it('deletes, and is gone then', async () => {
    expect(await world.as.admin('DELETE', `/oauth_auths/${id}`)).toMatchObject({ status: 202, text: '' });
    const gone = await world.as.admin('GET', `/oauth_auths/${id}`);
    expect(gone).toMatchObject({ status: 404, body: { error: `Key not present: ${id}` } });
  });

  it('is not found under another kind', async () => {
    expect((await world.as.admin('GET', `/saml_auths/${id}`)).status).toBe(404);
    expect((await world.as.admin('DELETE', `/ldap_auths/${id}`)).status).toBe(404);
  });

  it('loses no change when two administrators save at once', async () => {
    const saves = ['one', 'two', 'three'].map((word, i) =>
      world.as.admin('PATCH', `/oauth_auths/${id}`, {
        json: i === 0 ? { name: word } : i === 1 ? { scope: word } : { client_id: word },
      }),
    );
    for (const { status } of await Promise.all(saves)) expect(status).toBe(200);
    const { body } = await world.as.admin('GET', `/oauth_auths/${id}`);
    expect(body).toMatchObject({ name: 'one', scope: 'two', client_id: 'three' });
  });
});

describe('SAML sources (contract 2.3, 6.3)', () => {
  const saml = {
    name: 'ADFS',
    assertion_consumer_service_url: 'https://a.test/auth/adfs/callback?id=adfs_strat-x',
    idp_sso_target_url: 'https://idp.example/sso',
  };

  it('takes a certificate as a file or as its inside, and nothing that is none', async () => {
    const inside = testCa.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
    const fingerprint = 'AB:'.repeat(19);
    const save = (more: object) =>
      world.as.admin('POST', '/saml_auths', { json: { ...saml, authority_id: world.a.id, ...more } });
    for (const idp_cert of [testCa, inside, `  ${testCa.replaceAll('\n', '\r\n')}`]) {
      expect(await save({ idp_cert, idp_cert_fingerprint: `${fingerprint}cd` })).toMatchObject({
        status: 201,
      });
    }
    for (const idp_cert of ['AB:CD', inside.slice(0, -12), testServerKey, 'https://idp.example/cert']) {
      expect(await save({ idp_cert, idp_cert_fingerprint: fingerprint })).toMatchObject({
        status: 422,
        body: { failures: [{ field: 'idp_cert' }, { field: 'idp_cert_fingerprint' }] },
      });
    }
  });

  it('fills in the defaults for members that are absent or blank', async () => {
    for (const blank of [
      {},
      {
        issuer: '',
        name_identifier_format: '',
        attribute_statements: {},
        request_attributes: [],
        idp_cert: '',
        idp_cert_fingerprint: '',
        idp_slo_target_url: '',
        slo_default_relay_state: '',
      },
    ]) {
      const { status, body } = await world.as.admin('POST', '/saml_auths', {
        json: { ...saml, ...blank, authority_id: world.a.id },
      });
      expect({ status, body }).toMatchObject({
        status: 201,
        body: {
          id: expect.stringMatching(/^adfs_strat-/),
          issuer: 'place.technology',
          name_identifier_format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
          attribute_statements: { email: ['email', 'mail'] },
          idp_sso_target_url_runtime_params: {},
        },
      });
      expect(body.request_attributes).toHaveLength(5);
    }
  });

  it('demands its URLs, and that they are URLs', async () => {
    const post = (json: object) =>
      world.as.admin('POST', '/saml_auths', { json: { ...saml, authority_id: world.a.id, ...json } });
    expect((await post({ idp_sso_target_url: '' })).body.failures).toEqual([
      { field: 'idp_sso_target_url', reason: 'is required' },
    ]);
    expect((await post({ idp_sso_target_url: 'javascript:alert(1)' })).status).toBe(422);
    expect((await post({ request_attributes: [{ name: 'x' }] })).status).toBe(422);
  });
});

describe('LDAP sources (contract 2.4, 6.4)', () => {
  const ldap = {
    name: 'AD',
    host: 'ad.corp.example',
    base: 'dc=corp',
    bind_dn: 'cn=x',
    password: 'canary-bind',
  };
  const make = async (more: object = {}) =>
    world.as.admin('POST', '/ldap_auths', { json: { ...ldap, authority_id: world.a.id, ...more } });

  it('fills in defaults, reads a port given as text, hides the password', async () => {
    const { status, body, text } = await make({ port: '', auth_method: '', uid: '', filter: '' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { port: 636, auth_method: 'ssl', uid: 'sAMAccountName', password_set: true },
    });
    expect(text).not.toContain('canary-bind');
    expect(await storedSecret(body.id, 'password')).toBe('canary-bind');
    expect((await make({ port: '389', auth_method: 'TLS' })).body).toMatchObject({
      port: 389,
      auth_method: 'tls',
    });
    expect((await make({ port: 'x' })).body.failures[0].field).toBe('port');
    expect((await make({ auth_method: 'other' })).status).toBe(422);
    expect((await make({ host: 'ldap://x' })).status).toBe(422);
  });

  it('S-96 asks for the password again when it would go elsewhere, or without TLS', async () => {
    const { body } = await make();
    for (const change of [{ host: 'evil.example' }, { auth_method: 'plain' }, { port: 389 }]) {
      const refused = await world.as.admin('PATCH', `/ldap_auths/${body.id}`, {
        json: { ...change, password: '' },
      });
      expect(refused).toMatchObject({ status: 422, body: { error: 'secret_required' } });
    }
    const taken = await world.as.admin('PATCH', `/ldap_auths/${body.id}`, {
      json: { host: 'ad2.corp.example', password: 'new' },
    });
    expect(taken.status).toBe(200);
  });
});
