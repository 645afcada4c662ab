import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusedBrowser, isSignedIn } from '../../support/expectations.ts';
import { type Broker, startBroker } from './broker.ts';

let broker: Broker;
const url = (path: string): string => broker.foyer.url(broker.domain.host, path);
const browserOf = () => broker.foyer.browser(broker.domain.host);
const change = async (fields: { login_url?: string; internals?: string }): Promise<void> => {
  const { db, changes } = broker.foyer.services;
  await db.kysely.updateTable('domains').set(fields).where('id', '=', broker.domain.id).execute();
  await changes.announce({ kind: 'domain', domainId: broker.domain.id });
};

beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

describe('GET /auth/login', () => {
  it('goes to the named source and takes continue along', async () => {
    const answer = await browserOf().get(
      `/auth/login?provider=oauth2&id=${broker.source.id}&continue=${encodeURIComponent(url('/app/?a=b#/c'))}`,
    );
    expect(answer.status).toBe(303);
    expect(answer.location).toBe(
      url(`/auth/oauth2?id=${broker.source.id}&continue=%2Fapp%2F%3Fa%3Db%23%2Fc`),
    );
  });

  it('S-15 goes to the domain’s login URL with continue percent-encoded', async () => {
    const browser = browserOf();
    const to = async (query: string): Promise<string> => (await browser.get(`/auth/login${query}`)).location;
    expect(await to('?continue=/app/?x=1%26y=2')).toBe(url('/login?continue=%2Fapp%2F%3Fx%3D1%26y%3D2'));
    expect(await to('')).toBe(url('/login?continue=%2F'));
    expect(await to('?continue=https://evil.test/')).toBe(url('/login?continue=%2F'));
    expect(await to('?provider=oauth2&continue=/a')).toBe(url('/login?continue=%2Fa'));
    await change({ login_url: `/auth/login?provider=oauth2&id=${broker.source.id}&continue={{url}}` });
    expect(await to('?continue=/a')).toBe(
      url(`/auth/login?provider=oauth2&id=${broker.source.id}&continue=%2Fa`),
    );
    await change({ login_url: 'https://sign-in.example.com/?back={{url}}' });
    expect(await to('?continue=/a')).toBe('https://sign-in.example.com/?back=%2Fa');
  });

  it('shows our own page when the login URL would lead back to itself', async () => {
    const browser = browserOf();
    for (const loop of [
      '/auth/login',
      '/auth/login?continue={{url}}',
      '/auth/login/?id=x',
      url('/auth/login?a=b'),
    ]) {
      await change({ login_url: loop });
      expect((await browser.get('/auth/login?continue=/a')).location).toBe(url('/login?continue=%2Fa'));
    }
    await change({ login_url: '/login?continue={{url}}' });
  });

  it.each([
    ['/app/main.js', 400],
    ['/app/logo.PNG', 400],
    ['/app/site.webmanifest?v=1', 400],
    ['/app/index.html', 303],
    ['/app/', 303],
    ['/app/#/file.js', 303],
    ['/app/?file=a.js', 303],
    ['/v1.2/app', 303],
  ])('answers for continue=%s with %i', async (to, status) => {
    const answer = await browserOf().get(`/auth/login?continue=${encodeURIComponent(to)}`);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toBe('');
  });

  it('S-23 D-24 gives nothing for a key in continue', async () => {
    const browser = browserOf();
    for (const to of ['/app/?api-key=k.s', '/app/#/?x-api-key=k.s', '/app/?access_token=x&bearer_token=y']) {
      const answer = await browser.get(`/auth/login?continue=${encodeURIComponent(to)}`);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('refuses an unknown provider and repeated parameters', async () => {
    expectRefusedBrowser(await browserOf().get('/auth/login?provider=evil&id=x'), 'source_not_found');
    expectRefusedBrowser(await browserOf().get('/auth/login?continue=/a&continue=/b'), 'bad_request');
  });
});

describe('GET and POST /auth/oauth2', () => {
  it('S-14 lands on / for a continue that leads elsewhere, and where the domain lists it', async () => {
    broker.provider.next({ id: 'entry' });
    expect((await broker.signIn(browserOf(), { continueTo: 'https://evil.test/x' })).location).toBe(url('/'));
    expect((await broker.signIn(browserOf(), { continueTo: '//evil.test' })).location).toBe(url('/'));
    await change({ internals: JSON.stringify({ return_urls: ['https://apps.example.com'] }) });
    expect((await broker.signIn(browserOf(), { continueTo: 'https://apps.example.com/x' })).location).toBe(
      'https://apps.example.com/x',
    );
    await change({ internals: '{}' });
  });

  it('takes its parameters from a form as well, but each only once', async () => {
    const browser = browserOf();
    expect((await browser.post('/auth/oauth2', { form: { id: broker.source.id } })).status).toBe(302);
    const twice = await browser.post(`/auth/oauth2?id=${broker.source.id}`, { form: { id: 'x' } });
    expectRefusedBrowser(twice, 'bad_request');
  });

  it('passes a prompt on, and only a known one', async () => {
    const promptOf = async (prompt: string) =>
      new URL(
        (await browserOf().get(`/auth/oauth2?id=${broker.source.id}&prompt=${prompt}`)).location,
      ).searchParams.get('prompt');
    expect(await promptOf('login')).toBe('login');
    expect(await promptOf('none')).toBeNull();
  });

  it('S-39 knows its domain by the host alone', async () => {
    for (const [host, status] of [
      [broker.domain.host, 302],
      [broker.domain.host.toUpperCase(), 302],
      [`${broker.domain.host}:8443`, 302],
      [`${broker.domain.host}.`, 302],
      ['unknown.test', 404],
      ['127.0.0.1', 404],
    ] as const) {
      const answer = await broker.foyer.inject({
        method: 'GET',
        url: `/auth/oauth2?id=${broker.source.id}`,
        headers: { host, 'x-forwarded-host': 'unknown.test' },
      });
      expect(answer.statusCode).toBe(status);
      if (status === 302)
        expect(answer.headers.location).toContain(encodeURIComponent(url('/auth/oauth2/callback')));
    }
  });

  it('S-136 limits how many sign-ins one address begins, and says when to come back', async () => {
    const limited = await startBroker({ config: { signInStartsPerMinute: 5 } });
    const browser = limited.foyer.browser(limited.domain.host);
    const start = (ip: string) => browser.get(`/auth/oauth2?id=${limited.source.id}`, { ip });
    for (let i = 0; i < 5; i++) expect((await start('192.0.2.1')).status).toBe(302);
    const refused = await start('192.0.2.1');
    expectRefusedBrowser(refused, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await start('192.0.2.2')).status).toBe(302);
    // One IPv6 customer has 2^64 addresses.
    for (let i = 0; i < 5; i++) expect((await start(`2001:db8::${i + 1}`)).status).toBe(302);
    expectRefusedBrowser(await start('2001:db8::ffff'), 'rate_limited');
    limited.foyer.clock.advance(60_000);
    expect((await start('192.0.2.1')).status).toBe(302);
    await limited.close();
  });
});
