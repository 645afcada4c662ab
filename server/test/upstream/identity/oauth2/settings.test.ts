import { describe, expect, it } from 'vitest';
import { redirectUriFor } from '#upstream/identity/oauth2/redirect-uri.ts';
import { resolveUrl } from '#upstream/identity/oauth2/resolve-url.ts';
import {
  isOidc,
  normaliseInput,
  oauth2Schema,
  readSettings,
  scopeOf,
} from '#upstream/identity/oauth2/settings.ts';

describe('settings', () => {
  it('takes the names and the spelling of the guides, and answers those of the API', () => {
    const written = {
      authentication_scheme: 'Request Body',
      user_profile_url: ' https://graph.microsoft.com/v1.0/me ',
      token_method: 'POST',
      name: 'is kept elsewhere',
      type: 'oauth',
    };
    expect(normaliseInput(written)).toEqual({
      auth_scheme: 'request_body',
      raw_info_url: 'https://graph.microsoft.com/v1.0/me',
      token_method: 'post',
    });
  });

  it('the API name wins over the name of the guides', () => {
    expect(normaliseInput({ authentication_scheme: 'Basic Auth', auth_scheme: 'request_body' })).toEqual({
      auth_scheme: 'request_body',
    });
  });

  it('touches only the fields that are there, so that a part can be changed', () => {
    expect(normaliseInput({ scope: 'openid', client_id: undefined, raw_info_url: null })).toEqual({
      scope: 'openid',
      raw_info_url: null,
    });
  });

  it('D-06 the pinned key is set by Foyer alone', () => {
    expect(normaliseInput({ uid_key: 'mail', scope: 'openid' })).toEqual({ scope: 'openid' });
    expect(readSettings({ uid_key: 'id' }).uidKey).toBe('id');
  });

  it('S-132 names of the language are no fields', () => {
    const hostile = JSON.parse('{"__proto__":{"client_id":"x"},"constructor":"y","toString":"z"}');
    expect(normaliseInput(hostile)).toEqual({});
    expect(readSettings(hostile).clientId).toBe('');
  });

  it('has the defaults of PlaceOS for fields that are absent, and none for those that are blank', () => {
    expect(readSettings({})).toMatchObject({
      authorizeUrl: '/oauth/authorize',
      tokenUrl: '/oauth/token',
      tokenMethod: 'post',
      authScheme: 'request_body',
      pkce: true,
    });
    expect(
      readSettings({ authorize_url: '', token_url: '', token_method: '', auth_scheme: '' }),
    ).toMatchObject({
      authorizeUrl: '',
      tokenUrl: '',
      tokenMethod: 'post',
      authScheme: 'request_body',
    });
  });

  it('values of a wrong kind count as absent', () => {
    const settings = readSettings({
      client_id: 7,
      info_mappings: ['x'],
      ensure_matching: { hd: 'a' },
      pkce: 'no',
    });
    expect(settings).toMatchObject({
      clientId: '',
      infoMappings: {},
      ensureMatching: { hd: ['a'] },
      pkce: true,
    });
  });

  it('the scope of the source wins over an authorize parameter', () => {
    const params = { scope: 'openid' };
    expect(scopeOf(readSettings({ scope: 'email', authorize_params: params }))).toBe('email');
    expect(isOidc(readSettings({ scope: '', authorize_params: params }))).toBe(true);
    expect(isOidc(readSettings({ scope: 'openidx' }))).toBe(false);
  });

  it('S-94 every secret is marked, and every field has a title and a help text', () => {
    const properties = Object.entries(oauth2Schema.properties) as unknown as [
      string,
      Record<string, unknown>,
    ][];
    const secret = properties.filter(([, property]) => property.secret === true).map(([name]) => name);
    expect(secret).toEqual(['client_secret', 'next_client_secret', 'client_private_key']);
    for (const [name, property] of properties) {
      expect([name, typeof property.title, typeof property.description]).toEqual([name, 'string', 'string']);
    }
  });
});

describe('addresses against the site', () => {
  it.each([
    ['https://idp.example', '/oauth/token', 'https://idp.example/oauth/token'],
    ['https://idp.example/', 'oauth/token', 'https://idp.example/oauth/token'],
    ['https://idp.example/tenant', 'oauth/token', 'https://idp.example/tenant/oauth/token'],
    ['https://idp.example/tenant/', 'oauth/token', 'https://idp.example/tenant/oauth/token'],
    ['https://idp.example/tenant?x=1', '/token?p=2', 'https://idp.example/token?p=2'],
    ['https://idp.example', 'https://other.example/t', 'https://other.example/t'],
    ['', 'https://other.example/t', 'https://other.example/t'],
    ['https://idp.example', '', ''],
  ])('%s with %s is %s', (site, url, expected) => {
    expect(resolveUrl(site, url)).toBe(expected);
  });

  it.each([
    '//evil.example/t',
    '\\\\evil.example/t',
    '/\\evil.example',
    'http:127.0.0.1/t',
    'file:///etc/passwd',
  ])('S-103 %s is left as it is, for the judge of addresses to refuse', (url) => {
    expect(resolveUrl('https://idp.example', url)).toBe(url);
  });
});

describe('redirect URI', () => {
  const id = 'oauth_strat-Dw9b-5_l~3';

  it('S-09 carries the id of the source', () => {
    const settings = { site: 'https://idp.example', authorize_url: '/authorize' };
    expect(redirectUriFor('https://a.example', id, settings)).toBe(
      `https://a.example/auth/oauth2/callback?id=${id}`,
    );
  });

  it('D-10 has the id in the path for Azure AD B2C, also with a relative address', () => {
    const expected = `https://a.example/auth/oauth2/callback/${id}`;
    const site = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_signin';
    expect(redirectUriFor('https://a.example', id, { authorize_url: `${site}/oauth2/v2.0/authorize` })).toBe(
      expected,
    );
    expect(redirectUriFor('https://a.example', id, { site, authorize_url: 'oauth2/v2.0/authorize' })).toBe(
      expected,
    );
    expect(
      redirectUriFor('https://a.example', id, { authorize_url: 'https://b2clogin.com.evil.example/x' }),
    ).toContain('?id=');
  });
});
