/** The form of a source: nothing that was typed is lost in silence. */
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  dayToUnix,
  draftOf,
  emptyDraft,
  type OauthView,
  rowProblems,
  rowsAreWhole,
  unixToDay,
} from '#features/sources/draft.ts';

describe('rows', () => {
  it('flags a row with half of it missing, and a key that is there twice', () => {
    const problems = rowProblems([
      { key: 'email', value: 'mail' },
      { key: 'uid', value: ' ' },
      { key: '', value: 'surname' },
      { key: ' email ', value: 'userPrincipalName' },
      { key: '', value: '' },
    ]);
    expect([...problems]).toEqual([
      [1, 'no_value'],
      [2, 'no_key'],
      [3, 'repeated'],
    ]);
  });

  it('an empty row is no mistake and is not sent', () => {
    const draft = { ...emptyDraft, info_mappings: [{ key: '', value: '' }] };
    expect(rowsAreWhole(draft)).toBe(true);
    expect(bodyOf(draft).info_mappings).toEqual({});
  });

  it('a half-filled row keeps the form from being sent', () => {
    expect(rowsAreWhole({ ...emptyDraft, ensure_matching: [{ key: 'hd', value: '' }] })).toBe(false);
  });

  it('values of a condition stand on lines, so that a blank after a comma is nobody’s trap', () => {
    const draft = { ...emptyDraft, ensure_matching: [{ key: 'hd', value: 'a.example\n b.example \n' }] };
    expect(bodyOf(draft).ensure_matching).toEqual({ hd: ['a.example', 'b.example'] });
  });
});

describe('a stored source', () => {
  const view: OauthView = {
    id: 'oauth_strat-1',
    name: 'Microsoft',
    authority_id: 'authority-1',
    enabled: true,
    revision: 3,
    client_id: 'c',
    client_secret_set: true,
    next_client_secret_set: false,
    client_private_key_set: false,
    site: 'https://login.example',
    scope: 'openid',
    token_method: 'post',
    auth_scheme: 'basic_auth',
    authorize_url: '/a',
    token_url: '/t',
    raw_info_url: '',
    info_mappings: { uid: 'id', email: 'mail' },
    authorize_params: { prompt: 'login' },
    ensure_matching: { hd: ['a.example', 'b.example'] },
    issuer: '',
    pkce: true,
    tid_allow: ['6babcaad-604b-40ac-a9d7-9fd97c0b779f'],
    allowed_algs: [],
    trusted_email_domains: ['a.example'],
    provisioning: false,
    linking: true,
    link_by_email: false,
    client_certificate: '',
    secret_notes: { client_secret: { set: true, last_four: 'abcd', expires_at: 1_800_000_000 } },
    created_at: 0,
    updated_at: 0,
  };

  it('comes back from the form as it was, and its secret is kept by saying nothing', () => {
    const body = bodyOf(draftOf(view));
    const { name, client_id, site, scope, auth_scheme, info_mappings, ensure_matching, tid_allow } = view;
    expect(body).toMatchObject({
      name,
      client_id,
      site,
      scope,
      auth_scheme,
      info_mappings,
      ensure_matching,
      tid_allow,
      provisioning: false,
    });
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('client_private_key');
  });
});

describe('days', () => {
  it('a secret ends with the day that was chosen', () => {
    const unix = dayToUnix('2027-01-31');
    expect(new Date((unix ?? 0) * 1000).toISOString()).toBe('2027-01-31T23:59:59.000Z');
    expect(unixToDay(unix ?? 0)).toBe('2027-01-31');
    expect(dayToUnix('')).toBeNull();
  });
});
