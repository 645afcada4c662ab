import { startProvider } from '@foyer/testkit/oauth2/start-provider.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusedBrowser, expectSignedIn, isSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
let people = 0;
const host = (): string => broker.domain.host;
const browserOf = () => broker.foyer.browser(host());
const tokenRequests = (): number => broker.provider.count('token');
const lastAudit = async () => (await broker.audit()).at(-1);

beforeAll(async () => {
  broker = await startBroker({ config: { signInStartsPerMinute: 0 } });
});
beforeEach(() => {
  people += 1;
  broker.provider.next({
    id: `p${people}`,
    email: `p${people}@example.com`,
    given: 'Pat',
    family: `N${people}`,
  });
  broker.provider.hits.length = 0;
  broker.provider.refuseWith = undefined;
  broker.provider.tokenAnswer = {};
});
afterAll(() => broker.close());

describe('a sign-in', () => {
  it('lands where it was begun for, with a session', async () => {
    const browser = browserOf();
    const answer = await broker.signIn(browser, {
      continueTo: `https://${host()}/backoffice/?a=b c#/domains`,
    });
    expectSignedIn(answer);
    expect(answer.location).toBe(`https://${host()}/backoffice/?a=b%20c#/domains`);
    expect((await browser.get('/auth/whoami')).json()).toMatchObject({
      name: `Pat N${people}`,
      email: `p${people}@example.com`,
      source: broker.source.id,
      session: { provider: 'oauth2' },
    });
  });

  it('S-80 sets a session cookie that scripts, other hosts and other sites do not get', async () => {
    const browser = browserOf();
    await broker.signIn(browser);
    expect([...browser.cookies.keys()]).toEqual(['__Host-foyer_session', 'verified']);
    const attributes = browser.attributesOf('__Host-foyer_session');
    expect(attributes).toEqual(expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']));
    expect(attributes.some((each) => each.startsWith('domain='))).toBe(false);
  });

  it('S-01 S-05 sends a state of at least 128 bits and an S256 challenge, both new each time', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const { location } = await browserOf().get(`/auth/oauth2?id=${broker.source.id}`);
      const params = new URL(location).searchParams;
      expect(params.get('state')).toMatch(/^[A-Za-z0-9_-]{32,}$/);
      expect(params.get('code_challenge')).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(params.get('code_challenge_method')).toBe('S256');
      seen.add(params.get('state') as string).add(params.get('code_challenge') as string);
    }
    expect(seen.size).toBe(6);
  });

  it('S-01 keeps the flow in a __Host- cookie that a cross-site POST brings along', async () => {
    const browser = browserOf();
    await broker.begin(browser);
    const [name = ''] = [...browser.cookies.keys()];
    expect(name).toMatch(/^__Host-foyer_flow_[A-Za-z0-9_-]{8}$/);
    expect(browser.attributesOf(name)).toEqual(
      expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=none']),
    );
  });

  it('S-01 refuses a state of another browser and sends nothing upstream', async () => {
    const [mine, theirs] = [browserOf(), browserOf()];
    const [myCallback, theirCallback] = [await broker.begin(mine), await broker.begin(theirs)];
    for (const [browser, callback] of [
      [mine, theirCallback],
      [theirs, myCallback],
    ] as const) {
      expectRefusedBrowser(await browser.get(callback), 'state_mismatch');
      expect(await isSignedIn(browser)).toBe(false);
    }
    expect(tokenRequests()).toBe(0);
    expect(await lastAudit()).toMatchObject({ outcome: 'denied', reason: 'state_mismatch' });
    expectSignedIn(await mine.get(myCallback));
  });

  it('S-01 refuses a flow cookie that was changed', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser);
    const [[name, value] = ['', '']] = [...browser.cookies];
    const at = value.indexOf('.') + 30;
    browser.cookies.set(name, `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`);
    expectRefusedBrowser(await browser.get(callback), 'state_mismatch');
  });

  it('S-02 completes once', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser);
    const flowCookies = [...browser.cookies];
    expectSignedIn(await browser.get(callback));
    expectRefusedBrowser(await browser.get(callback), 'flow_used');
    // The cookie was taken away; a browser that kept it fares no better.
    for (const [name, value] of flowCookies) browser.cookies.set(name, value);
    expectRefusedBrowser(await browser.get(callback), 'flow_used');
    expect(tokenRequests()).toBe(1);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('S-02 completes once when the callback comes twenty times at the same instant', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get(callback)));
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 302))
      expectRefusedBrowser(answer, 'flow_used');
    expect(tokenRequests()).toBe(1);
  });

  it('S-02 expires after ten minutes', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser);
    broker.foyer.clock.advance(10 * 60_000 + 1_000);
    expectRefusedBrowser(await browser.get(callback), 'flow_expired');
    expect(tokenRequests()).toBe(0);
    broker.foyer.clock.advance(-10 * 60_000 - 1_000);
  });

  it('R-07 accepts a flow of a node whose clock is a minute ahead, not of one ten minutes ahead', async () => {
    for (const [aheadMs, code] of [
      [59_000, undefined],
      [600_000, 'flow_expired'],
    ] as const) {
      const browser = browserOf();
      broker.foyer.clock.advance(aheadMs);
      const callback = await broker.begin(browser);
      broker.foyer.clock.advance(-aheadMs);
      const answer = await browser.get(callback);
      if (code) expectRefusedBrowser(answer, code);
      else expectSignedIn(answer);
    }
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state'), 'bad_request'],
    ['an empty state', (url: URL) => url.searchParams.set('state', ''), 'bad_request'],
    ['two states', (url: URL) => url.searchParams.append('state', 'x'), 'bad_request'],
    ['no code', (url: URL) => url.searchParams.delete('code'), 'bad_request'],
    ['an empty code', (url: URL) => url.searchParams.set('code', ''), 'bad_request'],
    ['two codes', (url: URL) => url.searchParams.append('code', 'x'), 'bad_request'],
    ['two ids', (url: URL) => url.searchParams.append('id', 'x'), 'bad_request'],
    ['a foreign state', (url: URL) => url.searchParams.set('state', 'x'.repeat(32)), 'state_mismatch'],
    ['a huge state', (url: URL) => url.searchParams.set('state', 'x'.repeat(4_000)), 'state_mismatch'],
  ] as const)('S-03 refuses a callback with %s and sends nothing upstream', async (_what, spoil, code) => {
    const browser = browserOf();
    const url = new URL(await broker.begin(browser));
    spoil(url);
    expectRefusedBrowser(await browser.get(url.href), code);
    expect(tokenRequests()).toBe(0);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('S-03 refuses state[] and code[]', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser);
    expectRefusedBrowser(await browser.get(callback.replace('state=', 'state[]=')), 'bad_request');
    expectRefusedBrowser(await browser.get(callback.replace('code=', 'code[]=')), 'bad_request');
  });

  it('S-04 S-09 refuses a callback at another source than the flow began at', async () => {
    const other = await broker.addSource(broker.domain, { name: 'Other' });
    const browser = browserOf();
    const callback = new URL(await broker.begin(browser));
    callback.searchParams.set('id', other.id);
    expectRefusedBrowser(await browser.get(callback.href), 'source_mismatch');
    expect(tokenRequests()).toBe(0);
  });

  it('S-04 ignores a continue on the callback', async () => {
    const browser = browserOf();
    const callback = await broker.begin(browser, { continueTo: '/mine' });
    const answer = await browser.get(`${callback}&continue=${encodeURIComponent('/theirs')}`);
    expect(answer.location).toBe(`https://${host()}/mine`);
  });

  it('S-09 never gives an honest code to the provider that the flow began at (COAT)', async () => {
    const evil = await startProvider();
    const foyer = await startBroker({
      allow: [broker.provider.address, evil.address],
    });
    const evilSource = await foyer.addSource(foyer.domain, { at: evil });
    const honest = await foyer.addSource(foyer.domain, { at: broker.provider });
    const browser = foyer.foyer.browser(foyer.domain.host);
    // The evil provider sends the browser on to the honest one, with its own flow's state.
    const atEvil = new URL((await browser.get(`/auth/oauth2?id=${evilSource.id}`)).location);
    const detour = new URL(`${broker.provider.url}/authorize`);
    for (const [name, value] of atEvil.searchParams) detour.searchParams.set(name, value);
    detour.searchParams.set(
      'redirect_uri',
      foyer.foyer.url(foyer.domain.host, `/auth/oauth2/callback?id=${honest.id}`),
    );
    const callback = (await browser.get(detour.href)).location;
    expectRefusedBrowser(await browser.get(callback), 'source_mismatch');
    expect(evil.count('token')).toBe(0);
    await foyer.close();
    await evil.close();
  });

  it('S-09 takes the callback with the id in its path, and refuses two different ids', async () => {
    const browser = browserOf();
    const callback = new URL(await broker.begin(browser));
    callback.pathname = `/auth/oauth2/callback/${broker.source.id}`;
    callback.searchParams.set('id', 'oauth_strat-other');
    expectRefusedBrowser(await browser.get(callback.href), 'bad_request');
    callback.searchParams.delete('id');
    expectSignedIn(await browser.get(callback.href));
  });

  it('D-10 sends B2C the path form, the same in both steps', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: { authorize_url: 'https://contoso.b2clogin.com/authorize' },
    });
    const browser = browserOf();
    const { location } = await browser.get(`/auth/oauth2?id=${source.id}`);
    const redirectUri = `https://${host()}/auth/oauth2/callback/${source.id}`;
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(redirectUri);
    const answered = await browser.get(location.replace('https://contoso.b2clogin.com', broker.provider.url));
    expectSignedIn(await browser.get(answered.location));
    const token = broker.provider.hits.find(({ endpoint }) => endpoint === 'token');
    expect(token?.params.redirect_uri).toBe(redirectUri);
  });

  it('takes the callback as a cross-site form_post', async () => {
    const browser = browserOf();
    const callback = new URL(await broker.begin(browser));
    const form = {
      code: callback.searchParams.get('code') as string,
      state: callback.searchParams.get('state') as string,
    };
    const answer = await browser.post(`${callback.pathname}?id=${broker.source.id}`, {
      form,
      headers: { origin: broker.provider.url, 'sec-fetch-site': 'cross-site' },
    });
    expectSignedIn(answer);
  });

  it('S-13 cuts and hides what the provider says in its error', async () => {
    for (const text of ['<script>alert(1)</script>', 'a\r\nSet-Cookie: x=1', 'x'.repeat(5_000)]) {
      broker.provider.refuseWith = { error: 'access_denied', error_description: text };
      const browser = browserOf();
      const answer = await broker.signIn(browser);
      expectRefusedBrowser(answer, 'upstream_refused');
      expect(answer.body).not.toContain(text);
      expect(JSON.stringify((await lastAudit())?.detail).length).toBeLessThan(1_500);
    }
    expect(tokenRequests()).toBe(0);
  });

  it('S-16 never goes to the Referer', async () => {
    const browser = browserOf();
    broker.provider.refuseWith = { error: 'access_denied' };
    const answer = await browser.get(await broker.begin(browser), {
      headers: { referer: 'https://evil.test/' },
    });
    expectRefusedBrowser(answer, 'upstream_refused');
    expect(answer.body).not.toContain('evil.test');
    expect(answer.headers.location).toBeUndefined();
  });

  it('S-17 gives a new session id at every sign-in; the old one and a planted one are nobody', async () => {
    const browser = browserOf();
    const planted = 'A'.repeat(43);
    browser.cookies.set('__Host-foyer_session', planted);
    const first = expectSignedIn(await broker.signIn(browser));
    const second = expectSignedIn(await broker.signIn(browser));
    expect(new Set([planted, first, second]).size).toBe(3);
    for (const old of [planted, first]) {
      browser.cookies.set('__Host-foyer_session', old);
      expect(await isSignedIn(browser)).toBe(false);
    }
  });

  it('S-18 S-19 leaves the session alone until a flow has been completed', async () => {
    const browser = browserOf();
    await broker.signIn(browser);
    await browser.get('/auth/login?continue=%2Fapp');
    await browser.get(`/auth/login?provider=oauth2&id=${broker.source.id}&continue=%2Fapp`);
    await broker.begin(browser);
    expect(await isSignedIn(browser)).toBe(true);
    const failed = await browser.get(`/auth/oauth2/callback?id=${broker.source.id}&code=c&state=s`);
    expectRefusedBrowser(failed, 'state_mismatch');
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('S-24 completes ten flows of one browser in any order; the eleventh evicts the oldest', async () => {
    const browser = browserOf();
    const callbacks: string[] = [];
    for (let i = 0; i < 11; i++) {
      callbacks.push(await broker.begin(browser, { continueTo: `/tab/${i}` }));
      broker.foyer.clock.advance(1_000);
    }
    const [evicted = '', ...rest] = callbacks;
    expectRefusedBrowser(await browser.get(evicted), 'state_mismatch');
    for (const [i, callback] of rest.reverse().entries()) {
      const answer = await browser.get(callback);
      expectSignedIn(answer);
      expect(answer.location).toBe(`https://${host()}/tab/${10 - i}`);
    }
  });

  it('S-24 keeps the flow cookies of long addresses below what a request may carry', async () => {
    const browser = browserOf();
    for (let i = 0; i < 12; i++) {
      await broker.begin(browser, { continueTo: `/${'x'.repeat(2_000)}` });
      broker.foyer.clock.advance(1_000);
    }
    const bytes = [...browser.cookies].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    expect(bytes).toBeLessThan(10_000);
    for (const value of browser.cookies.values()) expect(value.length).toBeLessThan(4_000);
  });

  it('S-26 keeps what the provider said out of headers, addresses and pages', async () => {
    const browser = browserOf();
    const answers = [await broker.signIn(browser)];
    const accessToken = broker.provider.issued.at(-1)?.accessToken as string;
    const refreshToken = broker.provider.issued.at(-1)?.refreshToken as string;
    broker.provider.next('not json {"secret":"canary-profile"');
    const failed = await broker.signIn(browserOf());
    answers.push(failed, await browser.get('/auth/whoami'), await browser.get('/auth/authority'));
    for (const answer of answers) {
      const all = JSON.stringify(answer.headers) + answer.body;
      for (const secret of [accessToken, refreshToken, 'canary-profile']) expect(all).not.toContain(secret);
    }
  });

  it.each([
    ['text instead of JSON', 'hello'],
    ['a list', '[1,2]'],
    ['a wrong type for the id', '{"id":{"a":1}}'],
    ['a list as the id', '{"id":["a"]}'],
    ['no id', '{"email":"a@example.com"}'],
    ['an empty id', '{"id":""}'],
    ['a blank id', '{"id":"   "}'],
    ['null as the id', '{"id":null}'],
    ['a repeated key', '{"id":"a","id":"b"}'],
    ['a NUL in the id', '{"id":"a\\u0000b"}'],
    ['half a surrogate pair', '{"id":"\\ud800"}'],
    ['an id of a megabyte', JSON.stringify({ id: 'x'.repeat(900_000) })],
    ['a name of a megabyte', JSON.stringify({ id: 'x', given: 'x'.repeat(900_000) })],
    ['a NUL in a name', '{"id":"nul-name","given":"a\\u0000b"}'],
  ])('S-25 S-28 refuses a profile with %s', async (_what, profile) => {
    const before = await broker.foyer.services.db.kysely.selectFrom('users').select('id').execute();
    broker.provider.next(profile);
    const answer = await broker.signIn(browserOf());
    expectRefusedBrowser(answer, 'bad_profile');
    const after = await broker.foyer.services.db.kysely.selectFrom('users').select('id').execute();
    expect(after.length).toBe(before.length);
  });

  it('S-137 writes one audit row for each sign-in and each refusal, without a secret', async () => {
    const before = (await broker.audit()).length;
    const browser = browserOf();
    await broker.signIn(browser);
    expect((await broker.audit()).length).toBe(before + 1);
    expect(await lastAudit()).toMatchObject({
      action: 'sign_in',
      outcome: 'ok',
      source_id: broker.source.id,
    });
    await browser.get(`/auth/oauth2/callback?id=${broker.source.id}&code=canary-code&state=canary-state`);
    expect((await broker.audit()).length).toBe(before + 2);
    expect(JSON.stringify(await broker.audit())).not.toMatch(/canary|at-[0-9a-f]{8}-|rt-[0-9a-f]{8}-/);
  });

  it('R-10 is completed by another node than the one that began it', async () => {
    const { startFoyer } = await import('../../support/start-foyer.ts');
    const second = await startFoyer({
      sameStoreAs: broker.foyer,
      config: { egressAllow: broker.provider.address },
    });
    const browser = browserOf();
    const callback = new URL(await broker.begin(browser));
    const answer = await second.inject({
      method: 'GET',
      url: callback.pathname + callback.search,
      headers: { host: host(), cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') },
    });
    expect(answer.statusCode).toBe(302);
    expectRefusedBrowser(await browser.get(callback.href), 'flow_used');
    await second.close();
  });
});
