import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { issueAccessToken } from '#model/tokens/access-token.ts';
import type { Browser } from '../../support/browser.ts';
import { expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let userId: string;
let cookie: string;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain();
  browser = foyer.browser(domain.host);
  userId = await seedLocalPerson(foyer, domain);
  cookie = expectSignedIn(await signIn(browser));
});
afterAll(() => foyer.close());

const publicId = async (value: string): Promise<string> =>
  (
    await foyer.services.db.kysely
      .selectFrom('sessions')
      .select('public_id')
      .where('id_hash', '=', sha256(value))
      .executeTakeFirstOrThrow()
  ).public_id;

const seedFamily = async (id: string, sessionPublicId: string | null): Promise<void> => {
  const app = await foyer.services.db.kysely
    .insertInto('applications')
    .values({ domain_id: domain.id, uid: id, name: id, redirect_uri: `https://${id}.example/cb` })
    .returning('id')
    .executeTakeFirstOrThrow();
  await foyer.services.db.kysely
    .insertInto('token_families')
    .values({
      domain_id: domain.id,
      id,
      application_id: app.id,
      user_id: userId,
      session_public_id: sessionPublicId,
      scope: 'public',
      expires_at: new Date(Date.now() + 3_600_000),
    })
    .execute();
};
const revoked = async (): Promise<string[]> =>
  (
    await foyer.services.db.kysely
      .selectFrom('token_families')
      .select('id')
      .where('domain_id', '=', domain.id)
      .where('revoked_at', 'is not', null)
      .orderBy('id')
      .execute()
  ).map(({ id }) => id);

const csrfOf = (body: string): string => /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';

describe('GET /auth/logout', () => {
  it('S-81 ends the session on the server and clears the cookie, as often as it is asked', async () => {
    for (let i = 0; i < 2; i++) {
      expect(await browser.get('/auth/logout')).toMatchObject({
        status: 302,
        location: foyer.url(domain.host, '/'),
      });
    }
    expect(browser.cookies.has('__Host-foyer_session')).toBe(false);
    browser.cookies.set('__Host-foyer_session', cookie);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('S-61 revokes the tokens of this session, with or without a bearer, and no others', async () => {
    const other = foyer.browser(domain.host);
    const otherCookie = expectSignedIn(await signIn(other));
    await seedFamily('mine', await publicId(cookie));
    await seedFamily('elsewhere', await publicId(otherCookie));
    await browser.get('/auth/logout');
    expect(await revoked()).toEqual(['mine']);
    expect(await isSignedIn(other)).toBe(true);
  });

  it('revokes the family of a bearer token, also without a cookie; a bad one is passed over', async () => {
    await seedFamily('panel', null);
    const { token } = await issueAccessToken(foyer.services, {
      domain,
      user: {
        id: userId as never,
        name: '',
        email: '',
        groups: [],
        sysAdmin: false,
        platformAdmin: false,
        support: false,
      },
      scopes: ['public'],
      clientId: 'panel',
      familyId: 'panel',
    });
    const panel = foyer.browser(domain.host);
    for (const given of ['nonsense', `${token}x`]) {
      const answer = await panel.get('/auth/logout', { headers: { authorization: `Bearer ${given}` } });
      expect(answer.status).toBe(302);
    }
    expect(await revoked()).toEqual([]);
    await panel.get('/auth/logout', { headers: { authorization: `Bearer ${token}` } });
    expect(await revoked()).toEqual(['panel']);
  });

  it('S-83 asks first when another site sends the browser, and keeps the session', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const page = await browser.get('/auth/logout?continue=/bye', { headers });
    expect(page).toMatchObject({ status: 200, location: '' });
    expect(page.body).toContain('<form method="post" action="/auth/logout">');
    expect(await isSignedIn(browser)).toBe(true);
    const form = { csrf: csrfOf(page.body), continue: foyer.url(domain.host, '/bye') };
    const answer = await browser.post('/auth/logout', { form });
    expect(answer).toMatchObject({ status: 302, location: foyer.url(domain.host, '/bye') });
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('S-84 takes the confirmation only with its token, from a page of ours', async () => {
    const page = await browser.get('/auth/logout', { headers: { 'sec-fetch-site': 'cross-site' } });
    const csrf = csrfOf(page.body);
    for (const [form, headers] of [
      [{}, {}],
      [{ csrf: `${csrf}x` }, {}],
      [{ csrf }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ] as [Record<string, string>, Record<string, string>][]) {
      expect((await browser.post('/auth/logout', { form, headers })).status).toBe(403);
    }
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('writes an audit row for the sign-out that ended something', async () => {
    await browser.get('/auth/logout');
    await browser.get('/auth/logout');
    const rows = await foyer.services.db.kysely
      .selectFrom('audit')
      .select(['actor_id', 'outcome'])
      .where('domain_id', '=', domain.id)
      .where('action', '=', 'sign_out')
      .execute();
    expect(rows).toEqual([{ actor_id: userId, outcome: 'ok' }]);
  });
});

describe('where a sign-out lands', () => {
  const targetOf = async (to: string | undefined, logoutUrl = '/auth/logout'): Promise<string> => {
    await foyer.services.db.kysely
      .updateTable('domains')
      .set({ logout_url: logoutUrl })
      .where('id', '=', domain.id)
      .execute();
    await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
    const query = to === undefined ? '' : `?continue=${encodeURIComponent(to)}`;
    const { location } = await foyer.browser(domain.host).get(`/auth/logout${query}`);
    const own = foyer.url(domain.host);
    return location.startsWith(own) ? location.slice(own.length) : location;
  };

  it.each([
    [undefined, '/'],
    ['/', '/'],
    ['/app/#/bye?a=1', '/app/#/bye?a=1'],
    ['/app?next=//elsewhere', '/app?next=//elsewhere'],
    ['/with space', '/with%20space'],
  ])('a path of this host stays: %s', async (to, lands) => {
    expect(await targetOf(to)).toBe(lands);
  });

  it('a URL at the domain or below it is reduced to its path', async () => {
    expect(await targetOf(`https://${domain.host}:8443/a?b#c`)).toBe('/a?b#c');
    expect(await targetOf(`http://app.${domain.host}/a`)).toBe('/a');
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'https:evil.example',
    '/a//b\\c',
  ])('S-75 %s leads to what the domain configured, else to /', async (to) => {
    expect(await targetOf(to)).toBe('/');
    const idp = 'https://idp.example/logout?post_logout_redirect_uri=https%3A%2F%2Fa.example';
    expect(await targetOf(to, `/auth/logout?continue=${encodeURIComponent(idp)}`)).toBe(idp);
    expect(await targetOf(to, '/bye')).toBe('/bye');
    expect(await targetOf(to, '/auth/logout?continue=javascript:alert(1)')).toBe('/');
  });

  it('a host that only ends like ours is another one', async () => {
    expect(await targetOf(`https://not${domain.host}/a`)).toBe('/');
  });
});
