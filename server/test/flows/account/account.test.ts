import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Browser } from '../../support/browser.ts';
import { expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { password, seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let userId: string;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain({ name: 'Contoso' });
  browser = foyer.browser(domain.host);
  userId = await seedLocalPerson(foyer, domain, 'ada@example.test', {
    first_name: 'Ada',
    last_name: 'Lovelace',
  });
  expectSignedIn(await signIn(browser));
});
afterAll(() => foyer.close());

const csrf = async (): Promise<string> =>
  /name="csrf" value="([^"]+)"/.exec((await browser.get('/account')).body)?.[1] ?? '';
const text = (body: string): string => body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

const seedIdentity = async (grant: Record<string, unknown> = {}): Promise<void> => {
  const source = await foyer.seedSource(domain, {
    name: 'Microsoft',
    settings: {
      info_mappings: {
        email: 'mail,userPrincipalName',
        first_name: 'givenName',
        uid: 'id',
        access_token: 'token',
      },
    },
  });
  const key = {
    domain_id: domain.id,
    source_id: source.id,
    issuer: 'https://issuer.test',
    subject: 'subject-1',
  };
  const db = foyer.services.db.kysely;
  await db
    .insertInto('identities')
    .values({ ...key, user_id: userId })
    .execute();
  await db
    .insertInto('upstream_grants')
    .values({
      ...key,
      access_token_sealed: Buffer.from('sealed-access'),
      refresh_token_sealed: Buffer.from('sealed-refresh'),
      scope: 'openid calendars.readwrite.shared',
      expires_at: new Date(foyer.clock.nowMs() + 59.5 * 60_000),
      ...grant,
    })
    .execute();
};

const seedApp = async (name: string): Promise<number> => {
  const app = await foyer.services.db.kysely
    .insertInto('applications')
    .values({ domain_id: domain.id, uid: name, name, redirect_uri: `https://${name}.example/cb` })
    .returning('id')
    .executeTakeFirstOrThrow();
  return app.id;
};

const seedFamily = async (id: string, applicationId: number): Promise<void> => {
  await foyer.services.db.kysely
    .insertInto('token_families')
    .values({
      domain_id: domain.id,
      id,
      application_id: applicationId,
      user_id: userId,
      scope: 'public users.read',
      expires_at: new Date(Date.now() + 3_600_000),
    })
    .execute();
};
const livingFamilies = async (): Promise<string[]> =>
  (
    await foyer.services.db.kysely
      .selectFrom('token_families')
      .select('id')
      .where('domain_id', '=', domain.id)
      .where('revoked_at', 'is', null)
      .orderBy('id')
      .execute()
  ).map(({ id }) => id);

describe('GET /account', () => {
  it('sends a stranger to the sign-in page and back', async () => {
    const answer = await foyer.browser(domain.host).get('/account');
    expect(answer).toMatchObject({
      status: 302,
      location: foyer.url(domain.host, '/login?continue=%2Faccount'),
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('says who I am, which source, what was mapped, which scopes and until when the token lives', async () => {
    await seedIdentity();
    const answer = await browser.get('/account');
    expect(answer.headers['cache-control']).toBe('no-store');
    const words = text(answer.body);
    for (const part of [
      'Ada Lovelace',
      'ada@example.test',
      'Signed in through Password',
      'Microsoft',
      'Identifier subject-1 from id',
      'E-mail ada@example.test from mail, userPrincipalName',
      'First name Ada from givenName',
      'openid',
      'calendars.readwrite.shared',
      '(in 59 minutes); it is renewed when needed',
      'this browser',
    ]) {
      expect(words).toContain(part);
    }
    expect(answer.body).not.toMatch(/sealed-access|sealed-refresh/);
  });

  it('says when the provider wants the person again', async () => {
    await seedIdentity({ state: 'needs_consent' });
    expect(text((await browser.get('/account')).body)).toContain('refused by the provider');
  });

  it('S-38 offers to connect further sources, and to disconnect all but the last way to sign in', async () => {
    const google = await foyer.seedSource(domain, { name: 'Google' });
    await foyer.seedSource(domain, { name: 'Directory', kind: 'ldap' });
    await seedIdentity();
    const before = (await browser.get('/account')).body;
    expect(before).toContain('Disconnect Microsoft');
    expect(before).toContain('Connect Google');
    expect(before).toContain(`name="id" value="${google.id}"`);
    expect(before).not.toContain('Connect Directory');
    const form = { csrf: await csrf(), identity: /name="identity" value="([^"]+)"/.exec(before)?.[1] ?? '' };
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ password_digest: null })
      .where('id', '=', userId)
      .execute();
    expect((await browser.get('/account')).body).not.toContain('Disconnect Microsoft');
    expect((await browser.post('/auth/identities/unlink', { form })).status).toBe(409);
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ password_digest: 'x' })
      .where('id', '=', userId)
      .execute();
    const answer = await browser.post('/auth/identities/unlink', { form });
    expect(answer).toMatchObject({ status: 303, location: foyer.url(domain.host, '/account') });
    expect((await browser.get('/account')).body).toContain('Connect Microsoft');
  });

  it("S-143 shows the provider's values as text", async () => {
    const payload = '<img src=x onerror=alert(1)>';
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ name: payload, first_name: payload })
      .where('id', '=', userId)
      .execute();
    await seedIdentity({ scope: `${payload.replaceAll(' ', '/')}` });
    const { body } = await browser.get('/account');
    expect(body).not.toContain('<img');
    expect(body).toContain('&lt;img');
  });
});

describe('S-84 forms of the account page', () => {
  it.each([
    [
      '/account/password',
      { current_password: password, password: 'a new long one', password_again: 'a new long one' },
    ],
    ['/account/sign-out-everywhere', {}],
    ['/account/sessions/end', { session: 'x' }],
    ['/account/apps/disconnect', { application: '1' }],
    ['/auth/logout', {}],
  ] as [string, Record<string, string>][])('%s needs the token and a page of ours', async (path, form) => {
    const token = await csrf();
    const stranger = foyer.browser(domain.host);
    await seedLocalPerson(foyer, domain, 'eve@example.test');
    await signIn(stranger, 'eve@example.test');
    const foreign = /name="csrf" value="([^"]+)"/.exec((await stranger.get('/account')).body)?.[1] ?? '';
    for (const [fields, headers] of [
      [form, {}],
      [{ ...form, csrf: foreign }, {}],
      [
        { ...form, csrf: token },
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      ],
      [
        { ...form, csrf: token },
        { origin: 'null', 'sec-fetch-site': 'cross-site' },
      ],
    ] as [Record<string, string>, Record<string, string>][]) {
      expect((await browser.post(path, { form: fields, headers })).status).toBe(403);
    }
    expect(await isSignedIn(browser)).toBe(true);
  });
});

describe('S-88 sessions', () => {
  it('lists them and ends one of mine, with its tokens, and nobody else’s', async () => {
    const phone = foyer.browser(domain.host);
    await phone.post('/auth/signin', {
      form: { email: 'ada@example.test', password, continue: '/' },
      headers: {
        'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1',
      },
    });
    const { body } = await browser.get('/account');
    expect(text(body)).toContain('Safari on iPhone');
    const session = /name="session" value="([^"]+)"/.exec(body)?.[1] ?? '';
    const eve = foyer.browser(domain.host);
    await seedLocalPerson(foyer, domain, 'eve@example.test');
    await signIn(eve, 'eve@example.test');
    const eveToken = /name="csrf" value="([^"]+)"/.exec((await eve.get('/account')).body)?.[1] ?? '';
    expect((await eve.post('/account/sessions/end', { form: { csrf: eveToken, session } })).status).toBe(404);
    expect(await isSignedIn(phone)).toBe(true);
    const answer = await browser.post('/account/sessions/end', { form: { csrf: await csrf(), session } });
    expect(answer).toMatchObject({
      status: 303,
      location: foyer.url(domain.host, '/account?notice=session_ended'),
    });
    expect(await isSignedIn(phone)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('S-61 signs out everywhere, tokens included', async () => {
    const phone = foyer.browser(domain.host);
    await signIn(phone);
    await seedFamily('f1', await seedApp('app'));
    const answer = await browser.post('/account/sign-out-everywhere', { form: { csrf: await csrf() } });
    expect(answer.status).toBe(303);
    expect([await isSignedIn(browser), await isSignedIn(phone)]).toEqual([false, false]);
    expect(await livingFamilies()).toEqual([]);
    expect((await browser.get('/login?notice=signed_out_everywhere')).body).toContain(
      'signed out everywhere',
    );
  });
});

describe('connected apps', () => {
  it('S-72 lists what may act for me and takes it away, consent and tokens', async () => {
    const rooms = await seedApp('rooms');
    const other = await seedApp('other');
    await seedFamily('rooms-1', rooms);
    await seedFamily('other-1', other);
    await foyer.services.db.kysely
      .insertInto('consents')
      .values({ domain_id: domain.id, user_id: userId, application_id: rooms, scopes: ['calendar'] })
      .execute();
    expect(text((await browser.get('/account')).body)).toMatch(/rooms since .* calendar public users\.read/);
    const form = { csrf: await csrf(), application: String(rooms) };
    expect((await browser.post('/account/apps/disconnect', { form })).status).toBe(303);
    expect(await livingFamilies()).toEqual(['other-1']);
    expect(await foyer.services.db.kysely.selectFrom('consents').selectAll().execute()).toEqual([]);
    for (const application of [String(rooms), 'x', '', '99999999999999999999']) {
      const again = await browser.post('/account/apps/disconnect', { form: { ...form, application } });
      expect(again.status).toBe(404);
    }
  });
});

describe('S-86 password change', () => {
  const change = async (fields: Record<string, string> = {}) =>
    browser.post('/account/password', {
      form: {
        csrf: await csrf(),
        current_password: password,
        password: 'a new and long one',
        password_again: 'a new and long one',
        ...fields,
      },
    });

  it('needs the current one, ends other sessions and their tokens, keeps this one', async () => {
    const phone = foyer.browser(domain.host);
    await signIn(phone);
    await seedFamily('f1', await seedApp('app'));
    expect((await change()).location).toBe(foyer.url(domain.host, '/account?notice=password_changed'));
    expect([await isSignedIn(browser), await isSignedIn(phone)]).toEqual([true, false]);
    expect(await livingFamilies()).toEqual([]);
    const fresh = foyer.browser(domain.host);
    expect((await signIn(fresh)).status).toBe(401);
    const form = { email: 'ada@example.test', password: 'a new and long one', continue: '/' };
    expectSignedIn(await fresh.post('/auth/signin', { form }));
  });

  it.each([
    [{ current_password: 'wrong' }, 'current_password'],
    [{ password: 'short', password_again: 'short' }, 'password'],
    [{ password: 'password1', password_again: 'password1' }, 'password'],
    [{ password_again: 'something else' }, 'password_again'],
  ])('refuses %j', async (fields, field) => {
    const answer = await change(fields as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain(`id="${field}-problem"`);
    expectSignedIn(await signIn(foyer.browser(domain.host)));
  });

  it('takes 128 characters and tells the 73rd byte', async () => {
    const long = `${'x1'.repeat(60)}abcdefgh`;
    await change({ password: long, password_again: long });
    const tryWith = (given: string) =>
      foyer
        .browser(domain.host)
        .post('/auth/signin', { form: { email: 'ada@example.test', password: given, continue: '/' } });
    expect((await tryWith(long.slice(0, 72))).status).toBe(401);
    expect((await tryWith(`${long.slice(0, -1)}X`)).status).toBe(401);
    expectSignedIn(await tryWith(long));
  });

  it('S-134 stops guessing the current one', async () => {
    for (let i = 0; i < 10; i++) expect((await change({ current_password: 'wrong' })).status).toBe(422);
    const answer = await change();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is not offered to people without a password', async () => {
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ password_digest: null })
      .where('id', '=', userId)
      .execute();
    expect((await browser.get('/account')).body).not.toContain('/account/password');
    expect((await change()).status).toBe(422);
  });
});
