import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Answer } from '../../support/browser.ts';
import { expectRefusedBrowser } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import {
  auditActions,
  authorize,
  isLive,
  queryOf,
  type RegisteredApp,
  registerApp,
  signIn,
  tokensFor,
} from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
const landing = 'https://app.test/signed-out';
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'portal.example.test' });
  app = await registerApp(foyer, domain, { redirectUri: `https://app.test/cb ${landing}`, scopes: 'openid' });
});
afterAll(() => foyer.close());

const person = async () => {
  const signedIn = await signIn(foyer, domain);
  const tokens = await tokensFor(signedIn.browser, app, { scope: 'openid' });
  const isSignedIn = async (): Promise<boolean> =>
    new URL((await authorize(signedIn.browser, app, { scope: 'openid' })).location).searchParams.has('code');
  return { ...signedIn, tokens, hint: tokens.id_token as string, isSignedIn };
};

const path = (params: Record<string, string>): string => `/auth/oauth/logout?${queryOf(params)}`;

const expectAsked = (answer: Answer): void => {
  expect(answer.status).toBe(200);
  expect(answer.location).toBe('');
  expect(answer.body).toContain('Sign out?');
};

describe('S-75 sign-out at the request of an application', () => {
  it('happens at once with a genuine hint, ends the tokens, and goes on to the exact registered URI', async () => {
    const { browser, hint, tokens, isSignedIn } = await person();
    const answer = await browser.get(
      path({ id_token_hint: hint, post_logout_redirect_uri: landing, state: 'a b' }),
    );
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${landing}?state=a%20b`);
    expect(await isSignedIn()).toBe(false);
    expect(await isLive(browser, tokens.access_token)).toBe(false);
    expect(await auditActions(foyer, domain)).toContain('sign_out ok');
    // Again, without a session: the same answer.
    expect(
      (await browser.get(path({ id_token_hint: hint, post_logout_redirect_uri: landing }))).location,
    ).toBe(landing);
  });

  it.each([
    `${landing}/`,
    `${landing}?x=1`,
    'https://evil.test/signed-out',
    'https://app.test.evil.test/signed-out',
    '//evil.test',
    'javascript:alert(1)',
    '/',
  ])('asks instead of going to %s', async (target) => {
    const { browser, hint, isSignedIn } = await person();
    expectAsked(await browser.get(path({ id_token_hint: hint, post_logout_redirect_uri: target })));
    expect(await isSignedIn()).toBe(true);
  });

  it('asks without a hint, with a forged one, and with one of another person, client or domain', async () => {
    const { browser, hint, isSignedIn } = await person();
    const other = await person();
    const [head, payload, signature] = hint.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forged = [
      head,
      Buffer.from(JSON.stringify({ ...claims, iat: 1 })).toString('base64url'),
      signature,
    ].join('.');
    const bare = [Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url'), payload, ''].join('.');
    const elsewhere = await foyer.seedDomain();
    const foreignApp = await registerApp(foyer, elsewhere, {
      redirectUri: app.redirectUri,
      scopes: 'openid',
    });
    const foreign = await signIn(foyer, elsewhere);
    const foreignHint = (await tokensFor(foreign.browser, foreignApp, { scope: 'openid' }))
      .id_token as string;
    for (const id_token_hint of ['', forged, bare, other.hint, other.tokens.access_token, foreignHint, 'x']) {
      expectAsked(await browser.get(path({ id_token_hint })));
    }
    expectAsked(
      await browser.get(path({ id_token_hint: hint, post_logout_redirect_uri: landing, client_id: 'other' })),
    );
    expect(await isSignedIn()).toBe(true);
  });

  it('S-84 the confirmation is protected against forgery, and then signs out here', async () => {
    const { browser, isSignedIn } = await person();
    const page = await browser.get('/auth/oauth/logout');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] as string;
    const confirm = '/auth/oauth/logout/confirm';
    expectRefusedBrowser(await browser.post(confirm, { form: { csrf: 'x' } }), 'csrf_refused');
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    expectRefusedBrowser(await browser.post(confirm, { form: { csrf }, headers }), 'csrf_refused');
    expect(await isSignedIn()).toBe(true);
    const answer = await browser.post(confirm, { form: { csrf } });
    expect({ status: answer.status, location: answer.location }).toEqual({ status: 200, location: '' });
    expect(await isSignedIn()).toBe(false);
  });
});
