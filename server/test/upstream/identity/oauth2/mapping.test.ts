import { describe, expect, it } from 'vitest';
import { isEmailVerified } from '#upstream/identity/oauth2/email-verified.ts';
import { compileWanted, createPermission } from '#upstream/identity/oauth2/ensure-matching.ts';
import { identityKeyOf } from '#upstream/identity/oauth2/identity-key.ts';
import { createLookUp, snakeCase } from '#upstream/identity/oauth2/look-up.ts';
import { mapProfile } from '#upstream/identity/oauth2/map-profile.ts';
import { readSettings } from '#upstream/identity/oauth2/settings.ts';
import { refusalOf } from './open-source.ts';

const map = (infoMappings: Record<string, string>, profile: Record<string, unknown>, more = {}) =>
  mapProfile({ infoMappings, profile, ...more });

const refused = (run: () => unknown) => refusalOf(Promise.resolve().then(run));

describe('looking up', () => {
  it.each([
    ['givenName', 'given_name'],
    ['userPrincipalName', 'user_principal_name'],
    ['employeeID', 'employee_id'],
    ['HTTPServer', 'http_server'],
    ['given-name', 'given_name'],
    ['mail', 'mail'],
  ])('%s is the key %s', (key, expected) => {
    expect(snakeCase(key)).toBe(expected);
  });

  it('finds a key in either spelling, the exact one first', () => {
    const find = createLookUp({ givenName: 'A', family_name: 'B', mail: 'exact', Mail: 'other' });
    expect([find('given_name'), find('familyName'), find('mail')]).toEqual(['A', 'B', 'exact']);
  });

  it('finds nested values, and literal keys with dots before them', () => {
    const find = createLookUp({
      address: { country: 'NO', deep: { er: 1 } },
      'https://ns.example/role': 'admin',
      list: [{ a: 1 }],
    });
    expect(find('address.country')).toBe('NO');
    expect(find('address.deep.er')).toBe(1);
    expect(find('https://ns.example/role')).toBe('admin');
    for (const key of [
      'address.nope',
      'address.country.x',
      'list.a',
      'address.constructor',
      '__proto__',
      'toString',
      '',
    ]) {
      expect([key, find(key)]).toEqual([key, undefined]);
    }
  });

  it.each([null, false, '', '   ', []])('%j says nothing', (value) => {
    expect(createLookUp({ key: value })('key')).toBeUndefined();
  });

  it('zero says something', () => {
    expect(createLookUp({ key: 0 })('key')).toBe(0);
  });
});

describe('mapping', () => {
  it('tells which of its keys filled a target', () => {
    const { fields, winners } = map(
      { email: 'mail, userPrincipalName', uid: 'id', phone: 'mobilePhone' },
      { mail: null, user_principal_name: 'a@b.test', id: '1' },
    );
    expect(fields).toEqual({ email: 'a@b.test', name: 'a@b.test' });
    expect(winners).toEqual({
      email: { key: 'userPrincipalName', from: 'profile' },
      uid: { key: 'id', from: 'profile' },
    });
  });

  it('asks the ID token where the profile says nothing', () => {
    const { fields, winners } = map(
      { country: 'ctry', groups: 'groups' },
      {},
      { claims: { ctry: 'NO', groups: ['a'] } },
    );
    expect(fields).toEqual({ country: 'NO', groups: ['a'] });
    expect(winners.country?.from).toBe('id_token');
  });

  it('S-26 token targets name the credentials and never hold them; no other target sees them', () => {
    const credentials = { refreshToken: true, expiresAt: new Date(1_800_000_000_000) };
    const { fields, winners } = map(
      {
        access_token: 'token',
        refresh_token: 'refresh_token',
        expires: 'expires',
        expires_at: 'expires_at',
        misc: 'token,refresh_token',
      },
      {},
      { credentials },
    );
    expect(fields).toEqual({});
    expect(Object.keys(winners)).toEqual(['access_token', 'refresh_token', 'expires', 'expires_at']);
  });

  it('S-32 claims never set who somebody is or what they may do', () => {
    const targets = [
      'id',
      'authority_id',
      'sys_admin',
      'support',
      'password',
      'password_digest',
      'deleted',
      'metadata',
      '__proto__',
      'constructor',
    ];
    const infoMappings = Object.fromEntries(targets.map((target) => [target, 'evil']));
    const { fields, winners, ignored } = map(infoMappings, { evil: 'x' });
    expect(fields).toEqual({});
    expect(winners).toEqual({});
    expect(ignored).toEqual(Object.keys(infoMappings));
  });

  it('D-15 several values: the first for a text, all for groups', () => {
    const { fields } = map(
      { department: 'dep', groups: 'groups' },
      { dep: ['IT', 'HR'], groups: ['a', 7, true] },
    );
    expect(fields).toEqual({ department: 'IT', groups: ['a', '7', 'true'] });
  });

  it.each([['staff'], [{ a: 1 }], [[{ a: 1 }]]])('groups of %j are none', (groups) => {
    expect(map({ groups: 'groups' }, { groups: groups as unknown }).fields).toEqual({});
  });

  it.each<[Record<string, unknown>, string | undefined]>([
    [{ first: 'Ann', last: 'Lee', name: 'Mapped' }, 'Ann Lee'],
    [{ first: 'Ann' }, 'Ann'],
    [{ last: 'Lee', name: 'Mapped' }, 'Mapped'],
    [{ last: 'Lee', nick: 'Al' }, 'Lee'],
    [{ nick: 'Al', mail: 'a@b.test' }, 'Al'],
    [{ mail: 'a@b.test' }, 'a@b.test'],
    [{}, undefined],
  ])('the name of %j is %s', (profile, expected) => {
    const mappings = {
      name: 'name',
      first_name: 'first',
      last_name: 'last',
      nickname: 'nick',
      email: 'mail',
    };
    expect(map(mappings, profile).fields.name).toBe(expected);
  });

  it('scalars become texts, trimmed, on one line', () => {
    const { fields } = map(
      { staff_id: 'n', misc: 'b', department: 'd' },
      { n: 12, b: true, d: ' a\r\n\u2028b ' },
    );
    expect(fields).toEqual({ staff_id: '12', misc: 'true', department: 'a b' });
  });

  it.each<[string, unknown]>([
    ['an object', { a: 1 }],
    ['a list of objects', [{ a: 1 }]],
    ['a NUL', 'a\0b'],
    ['half a pair', 'a\ud800'],
    ['a very long text', 'x'.repeat(100_000)],
  ])('S-25 %s is refused', async (_name, value) => {
    const error = await refused(() => map({ department: 'd' }, { d: value }));
    expect(error).toMatchObject({ code: 'bad_profile', evidence: { target: 'department' } });
  });

  it.each(['no address', 'a@b@c', 'a b@c.test', '@', 'a@', `${'a'.repeat(300)}@b.test`])(
    'S-25 %.20s is no e-mail address',
    async (mail) => {
      expect((await refused(() => map({ email: 'mail' }, { mail }))).code).toBe('bad_profile');
    },
  );

  it('S-25 more groups than anyone has are refused', async () => {
    const groups = Array.from({ length: 2001 }, (_, i) => `g${i}`);
    expect((await refused(() => map({ groups: 'groups' }, { groups }))).code).toBe('bad_profile');
  });
});

describe('conditions', () => {
  const permits = async (
    conditions: Record<string, string[]>,
    profile: Record<string, unknown>,
    claims = {},
  ) => {
    try {
      createPermission(conditions)(profile, claims);
      return true;
    } catch {
      return false;
    }
  };

  it.each<[string, unknown, boolean]>([
    ['example.com', 'example.com', true],
    ['example.com', 'EXAMPLE.com', true],
    ['example.com', 'notexample.com', false],
    ['example.com', 'example.com.evil.test', false],
    ['example.com', 'exampleXcom', false],
    ['skype.com', '\u017fkype.com', false],
    ['^.*@example\\.com$', 'a@example.com', true],
    ['^.*@example\\.com$', 'a@example.com.evil.test', false],
    ['^.*@example\\.com$', 'a@exampleXcom', false],
    ['^.*@example\\.com$', 'evil@x.test\na@example.com', false],
    ['^a|b$', 'ax', false],
    ['^a|b$', 'xb', false],
    ['^a|b$', 'b', true],
    ['^.*@skype\\.com$', 'a@\u017fkype.com', false],
    ['^.*@kpn\\.nl$', 'a@\u212apn.nl', false],
    ['7', 7, true],
    ['true', true, true],
    ['staff', ['guest', 'staff'], true],
    ['staff', { staff: true }, false],
    ['staff', [{ staff: true }], false],
  ])('S-22 %s against %j: %s', async (wanted, value, expected) => {
    expect(await permits({ claim: [wanted] }, { claim: value })).toBe(expected);
  });

  it('S-22 every claim must match, with any of its values; a missing one does not', async () => {
    const conditions = { hd: ['a.test', 'b.test'], dep: ['it'] };
    expect(await permits(conditions, { hd: 'b.test', dep: 'IT' })).toBe(true);
    expect(await permits(conditions, { hd: 'b.test' })).toBe(false);
    expect(await permits(conditions, { hd: 'b.test' }, { dep: 'it' })).toBe(true);
    expect(await permits({ hd: [] }, { hd: 'a.test' })).toBe(false);
    expect(await permits({}, {})).toBe(true);
  });

  it.each([
    '^(a+)+$',
    '^(a*)*$',
    '^([a-z]+)*$',
    '^(x{1,9}){1,9}$',
    '^(?=a).*$',
    '^(a)\\1$',
    '^($',
    '@example\\.com$',
    '.*',
    '',
    ' ',
    `^${'a'.repeat(600)}$`,
  ])('S-22 %.20s cannot be saved, and matches nobody', async (wanted) => {
    expect(typeof compileWanted(wanted)).toBe('string');
    expect(await permits({ claim: [wanted] }, { claim: wanted })).toBe(false);
  });

  it('S-22 a pattern with alternatives that overlap takes linear time', () => {
    const matches = compileWanted('^(a|aa)+$');
    if (typeof matches === 'string') throw new Error(matches);
    expect(matches(`${'a'.repeat(4000)}b`)).toBe(false);
    expect(matches('a'.repeat(4000))).toBe(true);
  });

  it('S-22 says which claim, never its value', async () => {
    const error = await refused(() => createPermission({ hd: ['a.test'] })({ hd: 'secret.test' }, undefined));
    expect(error).toMatchObject({
      code: 'not_permitted',
      evidence: { claim: 'hd', reason: 'claim_mismatch' },
    });
    expect(JSON.stringify([error.message, error.evidence])).not.toContain('secret.test');
  });
});

describe('identity key', () => {
  const key = (
    more: Record<string, unknown>,
    profile: Record<string, unknown>,
    claims?: Record<string, unknown>,
  ) =>
    identityKeyOf({
      settings: readSettings({ info_mappings: { uid: 'id' }, ...more }),
      knownIssuer: undefined,
      tokenUrl: 'https://idp.example/token?p=1#x',
      profile,
      claims: claims as never,
    });

  it('S-27 of plain OAuth2 is the token address without its query', () => {
    expect(key({}, { id: 'a' })).toEqual({
      issuer: 'https://idp.example/token',
      subject: 'a',
      subjectKey: 'id',
    });
  });

  it('S-28 numbers of OpenID providers are no subjects', async () => {
    expect(key({}, { id: 7 }).subject).toBe('7');
    expect((await refused(() => key({}, { id: 7 }, { iss: 'i', sub: 's' }))).code).toBe('bad_profile');
  });

  it('D-05 a mapped key that is missing is not replaced by another claim', async () => {
    expect((await refused(() => key({}, { sub: 'x' }, { iss: 'i', sub: 's' }))).code).toBe('bad_profile');
  });

  it('D-06 a pin that is not among the keys any more does not count', () => {
    expect(key({ uid_key: 'old' }, { id: 'a' }).subject).toBe('a');
  });

  it.each(['a\u0000b', 'a\nb', 'a\ud800', 'x'.repeat(256)])('S-28 %j is no subject', async (id) => {
    expect((await refused(() => key({}, { id }))).code).toBe('bad_profile');
  });
});

describe('S-29 verified e-mail addresses', () => {
  const email = 'a@b.test';
  const claims = (more: Record<string, unknown>) => ({ iss: 'i', sub: 's', ...more });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
    ['other', { email, email_verified: true }, {}, true],
    ['other', { email: 'A@B.test', email_verified: true }, {}, true],
    ['other', {}, { email, email_verified: true }, true],
    ['other', { email, email_verified: 'true' }, {}, false],
    ['other', { email, email_verified: 1 }, {}, false],
    ['other', { email: 'c@d.test', email_verified: true }, {}, false],
    ['other', { mail: email, email_verified: true }, {}, false],
    ['other', { email }, {}, false],
    ['entra', { email, email_verified: true }, { email, email_verified: true }, false],
    ['entra', {}, { email, xms_edov: true }, true],
    ['entra', {}, { email, xms_edov: '1' }, true],
    ['entra', {}, { email, xms_edov: false }, false],
    ['entra', {}, { email: 'c@d.test', xms_edov: true }, false],
    ['entra', { email, xms_edov: true }, {}, false],
  ])('%s, profile %j, ID token %j: %s', (family, profile, more, expected) => {
    expect(isEmailVerified(family, email, profile, claims(more))).toBe(expected);
  });
});
