import { hash as bcryptHash } from '@node-rs/bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Browser } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { password, seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let userId: string;
const form = { email: 'ada@example.test', password, continue: '/account' };

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain();
  browser = foyer.browser(domain.host);
  userId = await seedLocalPerson(foyer, domain);
});
afterAll(() => foyer.close());

const audit = () =>
  foyer.services.db.kysely
    .selectFrom('audit')
    .select(['action', 'outcome', 'reason', 'actor_id', 'target'])
    .where('domain_id', '=', domain.id)
    .orderBy('at')
    .execute();
const user = () =>
  foyer.services.db.kysely.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow();
const sessions = () =>
  foyer.services.db.kysely.selectFrom('sessions').selectAll().where('domain_id', '=', domain.id).execute();

describe('POST /auth/signin', () => {
  it('signs in and lands on `continue`', async () => {
    const answer = await browser.post('/auth/signin', { form });
    expectSignedIn(answer);
    expect(answer.location).toBe(foyer.url(domain.host, '/account'));
    expect(await isSignedIn(browser)).toBe(true);
    expect(await user()).toMatchObject({ login_count: 1, last_login: expect.any(Date) });
    expect((await sessions())[0]).toMatchObject({ user_id: userId, provider: 'internal', source_id: null });
  });

  it('answers 202 without `continue`, also to JSON, and ignores the case of the address', async () => {
    const answer = await browser.post('/auth/signin', { json: { email: ' ADA@example.TEST', password } });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 202, body: '' });
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('answers an empty 401 to programs: unknown, deleted, wrong password', async () => {
    await seedLocalPerson(foyer, domain, 'gone@example.test', { deleted_at: new Date() });
    for (const [email, given] of [
      ['nobody@example.test', password],
      ['gone@example.test', password],
      ['ada@example.test', 'wrong'],
    ] as const) {
      const answer = await browser.post('/auth/signin', { form: { email, password: given } });
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 401, body: '' });
    }
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('S-16 shows a failed try on our own page, never at the Referer', async () => {
    const answer = await browser.post('/auth/signin', {
      form: { ...form, password: 'wrong' },
      headers: { referer: 'https://evil.example/' },
    });
    expectRefusedBrowser(answer, 'bad_credentials');
    expect(answer.location).toBe('');
    expect(answer.body).toContain('role="alert"');
    expect(answer.body).toContain('value="ada@example.test"');
    expect(answer.body).toContain('name="continue" value="/account"');
    expect(answer.body).not.toContain('wrong"');
  });

  it.each([
    'https://evil.example/x',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/.//evil.example',
  ])('S-14 never leads to %s', async (to) => {
    const answer = await browser.post('/auth/signin', { form: { ...form, continue: to } });
    expect(answer.location).toBe(foyer.url(domain.host, '/'));
  });

  it('S-14 leads to another host that the domain lists', async () => {
    await foyer.services.db.kysely
      .updateTable('domains')
      .set({ internals: JSON.stringify({ return_urls: ['https://apps.example'] }) })
      .where('id', '=', domain.id)
      .execute();
    await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
    const answer = await browser.post('/auth/signin', {
      form: { ...form, continue: 'https://apps.example/a' },
    });
    expect(answer.location).toBe('https://apps.example/a');
  });

  it('S-17 gives a new session id each time; a planted cookie never becomes signed in', async () => {
    const planted = 'A'.repeat(43);
    browser.cookies.set('__Host-foyer_session', planted);
    const first = expectSignedIn(await signIn(browser));
    const second = expectSignedIn(await signIn(browser));
    expect(new Set([planted, first, second]).size).toBe(3);
    expect(await sessions()).toHaveLength(1);
    for (const old of [planted, first]) {
      const other = foyer.browser(domain.host);
      other.cookies.set('__Host-foyer_session', old);
      expect(await isSignedIn(other)).toBe(false);
    }
  });

  it('S-80 sets a __Host- cookie of 256 bits and stores only its hash', async () => {
    const value = expectSignedIn(await signIn(browser));
    expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(browser.attributesOf('__Host-foyer_session')).toEqual(
      expect.arrayContaining(['secure', 'httponly', 'samesite=lax', 'path=/']),
    );
    expect(JSON.stringify(await sessions())).not.toContain(value);
  });

  describe('S-84 the sender', () => {
    const headers = (origin: string | undefined, site: string | undefined) => ({
      host: domain.host,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
      ...(origin !== undefined && { origin }),
      ...(site !== undefined && { 'sec-fetch-site': site }),
    });
    const post = (given: Record<string, string>, fields: Record<string, string> = form) =>
      foyer.inject({
        method: 'POST',
        url: '/auth/signin',
        headers: given,
        payload: new URLSearchParams(fields).toString(),
      });

    it.each([
      ['https://evil.example', undefined],
      ['null', undefined],
      [undefined, 'cross-site'],
      [undefined, 'same-site'],
      [undefined, 'none'],
      ['https://evil.example', 'same-origin'],
    ])('refuses Origin %s with Sec-Fetch-Site %s', async (origin, site) => {
      const answer = await post(headers(origin, site));
      expect({ status: answer.statusCode, cookie: answer.headers['set-cookie'] }).toEqual({
        status: 403,
        cookie: undefined,
      });
      expect(answer.body).toContain('csrf_refused');
    });

    it('accepts our own Origin alone, as an XHR of an old browser has it', async () => {
      expect((await post(headers(foyer.url(domain.host), undefined))).statusCode).toBe(302);
    });

    it('T-5 refuses a script without either header, unless the domain has the switch', async () => {
      expect((await post(headers(undefined, undefined))).statusCode).toBe(403);
      await foyer.services.db.kysely
        .updateTable('domains')
        .set({ legacy: JSON.stringify({ scriptedSignIn: true }) })
        .where('id', '=', domain.id)
        .execute();
      await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
      expect((await post(headers(undefined, undefined))).statusCode).toBe(302);
      expect((await post(headers('https://evil.example', undefined))).statusCode).toBe(403);
    });

    it('accepts the token of our own form where the browser says nothing', async () => {
      const page = await browser.get('/login');
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const cookie = `__Host-foyer_form=${browser.cookies.get('__Host-foyer_form')}`;
      const plain = headers(undefined, undefined);
      expect((await post({ ...plain, cookie }, { ...form, csrf })).statusCode).toBe(302);
      expect((await post({ ...plain, cookie }, { ...form, csrf: `${csrf}x` })).statusCode).toBe(403);
      expect((await post(plain, { ...form, csrf })).statusCode).toBe(403);
    });

    it('reads neither JSON sent as text nor a method override', async () => {
      const text = await foyer.inject({
        method: 'POST',
        url: '/auth/signin',
        headers: { ...headers(foyer.url(domain.host), 'same-origin'), 'content-type': 'text/plain' },
        payload: JSON.stringify(form),
      });
      expect(text.statusCode).toBe(415);
      const overridden = await foyer.inject({
        method: 'GET',
        url: '/auth/signin?_method=POST',
        headers: { ...headers(undefined, 'same-origin'), 'x-http-method-override': 'POST' },
      });
      expect(overridden.statusCode).toBe(405);
      expect(overridden.headers.allow).toContain('POST');
    });
  });

  it('S-70 refuses a password in the query', async () => {
    const query = new URLSearchParams(form).toString();
    const answer = await browser.post(`/auth/signin?${query}`);
    expectRefusedBrowser(answer, 'bad_request');
  });

  it('S-87 answers unknown, wrong, disabled and password-less accounts alike', async () => {
    await seedLocalPerson(foyer, domain, 'off@example.test', { disabled_at: new Date() });
    await seedLocalPerson(foyer, domain, 'sso@example.test', { password_digest: null });
    const answers = [];
    for (const [email, given] of [
      ['nobody@example.test', 'wrong password'],
      ['ada@example.test', 'wrong password'],
      ['off@example.test', 'wrong password'],
      ['off@example.test', password],
      ['sso@example.test', 'wrong password'],
    ] as const) {
      const answer = await browser.post('/auth/signin', { form: { email, password: given, continue: '/' } });
      expectRefusedBrowser(answer, 'bad_credentials');
      const { 'x-request-id': _id, date: _date, 'set-cookie': _cookie, ...headers } = answer.headers;
      answers.push({ headers, body: answer.body.replaceAll(email, 'E') });
    }
    expect(
      new Set(
        answers.map((each) => JSON.stringify({ ...each, headers: { ...each.headers, 'content-length': 0 } })),
      ),
    ).toHaveProperty('size', 1);
  });

  it('S-87 takes as long without an account as with a wrong password', { retry: 3 }, async () => {
    const timeOf = async (email: string): Promise<number> => {
      const from = process.hrtime.bigint();
      const { status } = await browser.post('/auth/signin', { form: { email, password: 'wrong one' } });
      expect(status).toBe(401);
      return Number(process.hrtime.bigint() - from) / 1e6;
    };
    const unknown: number[] = [];
    const known: number[] = [];
    // In turns, and the quickest of each: what else the machine does then weighs little.
    for (let i = 0; i < 9; i++) {
      unknown.push(await timeOf('nobody@example.test'));
      known.push(await timeOf('ada@example.test'));
    }
    const [a, b] = [Math.min(...unknown), Math.min(...known)];
    expect(Math.abs(a - b) / Math.max(a, b)).toBeLessThan(0.2);
  });

  it('S-31 keeps disabled and deleted people out with the right password, and says so only in the audit log', async () => {
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ disabled_at: new Date() })
      .where('id', '=', userId)
      .execute();
    expectRefusedBrowser(await signIn(browser), 'bad_credentials');
    expect(await audit()).toEqual([
      expect.objectContaining({
        action: 'sign_in',
        outcome: 'denied',
        reason: 'account_disabled',
        target: userId,
      }),
    ]);
  });

  it('S-137 writes one audit row for each try', async () => {
    await browser.post('/auth/signin', { form: { ...form, password: 'wrong' } });
    await signIn(browser);
    expect(await audit()).toEqual([
      { action: 'sign_in', outcome: 'denied', reason: 'bad_credentials', actor_id: null, target: userId },
      { action: 'sign_in', outcome: 'ok', reason: null, actor_id: userId, target: userId },
    ]);
  });

  it('verifies a bcrypt digest as it is and replaces it by argon2id', async () => {
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ password_digest: await bcryptHash('short1', { cost: 5 }) })
      .where('id', '=', userId)
      .execute();
    for (let i = 0; i < 2; i++) {
      expectSignedIn(await browser.post('/auth/signin', { form: { ...form, password: 'short1' } }));
      expect((await user()).password_digest).toMatch(/^\$argon2id\$/);
    }
  });

  it('refuses where the domain has no passwords', async () => {
    const other = await foyer.seedDomain({ passwordSignIn: false });
    await seedLocalPerson(foyer, other);
    expectRefusedBrowser(await signIn(foyer.browser(other.host)), 'source_not_found');
  });

  it('S-41 keeps the session in its domain', async () => {
    const value = expectSignedIn(await signIn(browser));
    const other = await foyer.seedDomain();
    const elsewhere = foyer.browser(other.host);
    elsewhere.cookies.set('__Host-foyer_session', value);
    expect((await elsewhere.get('/account')).status).toBe(302);
  });
});
