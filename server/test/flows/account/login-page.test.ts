import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;

beforeAll(async () => {
  foyer = await startFoyer();
});
beforeEach(async () => {
  domain = await foyer.seedDomain({ name: 'Contoso' });
});
afterAll(() => foyer.close());

const load = (query = '') => foyer.browser(domain.host).get(`/login${query}`);
const links = (body: string): [href: string, name: string][] =>
  [...body.matchAll(/<a class="button" href="([^"]+)">([^<]+)<\/a>/g)].map((match) => [
    (match[1] as string).replaceAll('&amp;', '&'),
    match[2] as string,
  ]);

describe('GET /login', () => {
  it('has one link for each enabled source of this domain, by name', async () => {
    const microsoft = await foyer.seedSource(domain, { name: 'Microsoft' });
    const saml = await foyer.seedSource(domain, { name: 'Head office', kind: 'saml' });
    await foyer.seedSource(domain, { name: 'Switched off', enabled: false });
    await foyer.seedSource(await foyer.seedDomain(), { name: 'Of another domain' });
    const { body } = await load('?continue=%2Fapp%2F%3Fa%3D1%23b');
    const href = (provider: string, id: string): string =>
      `/auth/login?${new URLSearchParams({ provider, id, continue: '/app/?a=1#b' })}`;
    expect(links(body)).toEqual([
      [href('adfs', saml.id), 'Continue with Head office'],
      [href('oauth2', microsoft.id), 'Continue with Microsoft'],
    ]);
  });

  it('has a form for a password that works without scripts and tells password managers its fields', async () => {
    const { body, status } = await load('?continue=/app');
    expect(status).toBe(200);
    expect(body).toContain('<h1>Sign in to Contoso</h1>');
    expect(body).toContain('<form method="post" action="/auth/signin">');
    expect(body).toMatch(
      /<label for="email">.*<input id="email" name="email" type="email" autocomplete="username"/s,
    );
    expect(body).toMatch(
      /<label for="password">.*name="password" type="password" autocomplete="current-password"/s,
    );
    expect(body).toContain('name="continue" value="/app"');
    expect(body).not.toContain('<script');
    expect(body).toContain('<main>');
    expect(body).toContain('<html lang="en">');
  });

  it('has no form where the domain has no passwords, and says so when there is no way at all', async () => {
    domain = await foyer.seedDomain({ passwordSignIn: false });
    expect((await load()).body).toContain('Nobody can sign in here yet');
    await foyer.seedSource(domain);
    const { body } = await load();
    expect(body).not.toContain('<form');
    expect(body).not.toContain('Nobody can sign in');
  });

  it('shows words of ours for `error`, and nothing of anybody else', async () => {
    expect((await load('?error=bad_credentials')).body).toContain(
      'The e-mail address or the password is wrong.',
    );
    for (const error of [
      'internal',
      '<script>alert(1)</script>',
      'Call +1 555 0100',
      'toString',
      '__proto__',
    ]) {
      const { body } = await load(`?error=${encodeURIComponent(error)}`);
      expect(body).not.toContain('role="alert"');
      expect(body).not.toContain('555');
    }
  });

  it('S-14 keeps no address of another host', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const { body } = await load(`?continue=${encodeURIComponent(to)}`);
      expect(body).not.toContain('evil.example');
      expect(body).not.toContain('javascript:');
      expect(body).toContain('name="continue" value="/"');
    }
  });

  it('S-18 ends no session and signs nobody in', async () => {
    await seedLocalPerson(foyer, domain);
    const browser = foyer.browser(domain.host);
    await signIn(browser);
    const before = browser.cookies.get('__Host-foyer_session');
    const { body } = await browser.get('/login?continue=/app');
    expect(browser.cookies.get('__Host-foyer_session')).toBe(before);
    expect(body).toContain('You are signed in as Ada Lovelace');
    expect((await browser.get('/account')).status).toBe(200);
    const stranger = foyer.browser(domain.host);
    await stranger.get('/login');
    expect(stranger.cookies.has('__Host-foyer_session')).toBe(false);
  });

  it('S-142 sends the strict headers', async () => {
    const { headers } = await load();
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      'strict-transport-security': expect.stringContaining('max-age='),
    });
  });

  it('S-142 lets the form lead on to the application that asked, if it is registered', async () => {
    await foyer.services.db.kysely
      .insertInto('applications')
      .values({
        domain_id: domain.id,
        uid: 'u',
        name: 'app',
        redirect_uri: 'https://app.example/cb com.example.app:/cb',
      })
      .execute();
    const policyFor = async (redirectUri: string): Promise<string> => {
      const to = `/auth/oauth/authorize?${new URLSearchParams({ client_id: 'u', redirect_uri: redirectUri })}`;
      return String((await load(`?continue=${encodeURIComponent(to)}`)).headers['content-security-policy']);
    };
    expect(await policyFor('https://app.example/cb')).toContain("form-action 'self' https://app.example;");
    expect(await policyFor('com.example.app:/cb')).toContain("form-action 'self' com.example.app:;");
    expect(await policyFor('https://evil.example/cb')).toContain("form-action 'self';");
  });

  it('S-143 shows names as text', async () => {
    const payload = '"><img src=x onerror=alert(1)>';
    domain = await foyer.seedDomain({ name: payload });
    await foyer.seedSource(domain, { name: payload });
    const { body } = await load();
    expect(body).not.toContain('<img');
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('sends `/` to the account page or to the sign-in page', async () => {
    await seedLocalPerson(foyer, domain);
    const browser = foyer.browser(domain.host);
    expect(await browser.get('/')).toMatchObject({ status: 302, location: foyer.url(domain.host, '/login') });
    await signIn(browser);
    expect(await browser.get('/')).toMatchObject({
      status: 302,
      location: foyer.url(domain.host, '/account'),
    });
  });

  it('S-89 survives odd cookies', async () => {
    for (const cookie of [
      '__Host-foyer_session=a; __Host-foyer_session=b',
      `__Host-foyer_session=${'A'.repeat(8_000)}`,
      '__Host-foyer_session=%ff%00; =; ;;; foyer',
      '__Host-foyer_form=%E0%A4%A; __Host-foyer_known=....',
    ]) {
      for (const path of ['/login', '/account', '/']) {
        const answer = await foyer.browser(domain.host).get(path, { headers: { cookie } });
        expect(answer.status).toBeLessThan(500);
        expect(answer.location === '' || answer.location.includes('/login')).toBe(true);
      }
    }
  });
});
