import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import { version } from '#base/lib/version.ts';
import { type Foyer, type StartOptions, startFoyer } from '../../support/start-foyer.ts';
import { api, openWorld } from '../admin/engine-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'foyer-console-'));
const own = join(folder, 'own');
const other = join(folder, 'other');

beforeAll(() => {
  mkdirSync(join(own, 'assets'), { recursive: true });
  const page =
    '<meta name="style-nonce" content="__STYLE_NONCE__"><meta name="console-path" content="__CONSOLE_PATH__">' +
    '<script src="./assets/x-1.js"></script>';
  writeFileSync(join(own, 'index.html'), page);
  writeFileSync(join(own, '.made-from'), 'stamp');
  writeFileSync(join(own, 'assets/x-1.js'), 'plain');
  writeFileSync(join(own, 'assets/x-1.js.br'), 'pressed');
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  mkdirSync(join(other, 'assets'), { recursive: true });
  writeFileSync(join(other, 'index.html'), '<script>inline()</script>');
  writeFileSync(join(other, 'oauth-resp.html'), '<script>parent.location</script>');
  writeFileSync(join(other, 'main.js'), 'eval("1")');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let foyer: Foyer | undefined;
afterEach(async () => {
  await foyer?.close();
  foyer = undefined;
});
const start = async (config: StartOptions['config']) => {
  foyer = await startFoyer({ config: { consoleFolder: own, backofficeFolder: undefined, ...config } });
  const domain = await foyer.seedDomain({ host: 'a.test' });
  return { foyer, domain, browser: foyer.browser('a.test') };
};
const policyOf = (headers: Record<string, unknown>): string => String(headers['content-security-policy']);
const applicationsOf = (at: Foyer) =>
  at.services.db.kysely
    .selectFrom('applications')
    .select(['domain_id', 'name', 'uid', 'redirect_uri', 'skip_authorization', 'confidential'])
    .orderBy('id')
    .execute();

describe("Foyer's own console", () => {
  it('is the same page at every path that is no file, never kept, with a nonce of its own each time', async () => {
    const { browser } = await start({});
    const nonces = new Set<string>();
    for (const path of ['/', '/domains/authority-1/users?q=a', '/oauth-resp.html?code=1', '/index.html']) {
      const answer = await browser.get(`/backoffice${path}`);
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      const nonce = /name="style-nonce" content="([\w-]{20,})"/.exec(answer.body)?.[1] as string;
      expect(policyOf(answer.headers)).toContain(`style-src 'self' 'nonce-${nonce}'`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(4);
  });

  it('S-142 has a policy without unsafe-inline and unsafe-eval, and is framed by nobody', async () => {
    const { browser } = await start({});
    const { headers } = await browser.get('/backoffice/');
    expect(policyOf(headers)).not.toMatch(/unsafe|https?:|\*|blob:/);
    expect(policyOf(headers)).toMatch(/default-src 'none'.*script-src 'self';.*frame-ancestors 'none'/);
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('is reached without the slash, too', async () => {
    const { browser } = await start({});
    expect((await browser.get('/backoffice')).location).toBe('https://a.test/backoffice/');
    expect((await browser.get('/backoffice?a=b')).location).toBe('https://a.test/backoffice/?a=b');
  });

  it('has files that browsers keep for ever, compressed for those who take it', async () => {
    const { browser } = await start({});
    const plain = await browser.get('/backoffice/assets/x-1.js');
    expect(plain).toMatchObject({ status: 200, body: 'plain' });
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toMatch(/^(text|application)\/javascript/);
    const pressed = await browser.get('/backoffice/assets/x-1.js', { headers: { 'accept-encoding': 'br' } });
    expect(pressed).toMatchObject({ body: 'pressed', headers: { 'content-encoding': 'br' } });
    expect((await browser.get('/backoffice/assets/x-0.js')).status).toBe(404);
  });

  it.each([
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/.made-from',
  ])('S-130 shows no file that is not of the console: %s', async (path) => {
    const { browser } = await start({});
    const { body } = await browser.get(`/backoffice${path}`);
    expect(body).not.toMatch(/outside|stamp/);
  });

  it('says how to build it where it is not built', async () => {
    const { browser } = await start({ consoleFolder: join(folder, 'nowhere') });
    const answer = await browser.get('/backoffice/domains');
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('npm run build');
  });

  it('S-39 is not there on a host of no domain', async () => {
    await start({});
    const answer = await foyer?.inject({ url: '/backoffice/settings.json', headers: { host: 'other.test' } });
    expect(answer?.statusCode).toBe(404);
  });
});

describe('the application of the console', () => {
  const redirectUri = 'https://a.test/backoffice/oauth-resp.html';

  it('is told to the console, and made for a domain that has none, once for all who ask at once', async () => {
    const { browser, domain, foyer: first } = await start({});
    const second = await startFoyer({ sameStoreAs: first });
    const browsers = [browser, second.browser('a.test')];
    second.browser('a.test');
    const asked = [...browsers, ...browsers, ...browsers].map((each) =>
      each.get('/backoffice/settings.json'),
    );
    for (const answer of await Promise.all(asked)) {
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.json()).toEqual({
        client_id: clientIdOf(redirectUri),
        redirect_uri: redirectUri,
        version,
      });
    }
    await second.close();
    expect(await applicationsOf(first)).toEqual([
      {
        domain_id: domain.id,
        name: 'backoffice',
        uid: clientIdOf(redirectUri),
        redirect_uri: redirectUri,
        skip_authorization: true,
        confidential: false,
      },
    ]);
    const audited = await first.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'actor_kind', 'target'])
      .execute();
    expect(audited).toEqual([
      { action: 'application.create', actor_kind: 'system', target: clientIdOf(redirectUri) },
    ]);
  });

  it('is made anew when people reach the domain elsewhere; the old one stays', async () => {
    const { browser, foyer: first } = await start({});
    await browser.get('/backoffice/');
    const moved = await startFoyer({
      sameStoreAs: first,
      config: { publicUrl: new URL('https://a.test:8443') },
    });
    const answer = await moved.inject({ url: '/backoffice/settings.json', headers: { host: 'a.test' } });
    expect(answer.json()).toMatchObject({ redirect_uri: 'https://a.test:8443/backoffice/oauth-resp.html' });
    await moved.close();
    expect((await applicationsOf(first)).map(({ name }) => name)).toEqual([
      'backoffice',
      'backoffice https://a.test:8443',
    ]);
  });

  it('comes with a domain that is made by the API', async () => {
    const world = await openWorld();
    const { body } = await world.as.platform('POST', '/domains', {
      json: { name: 'New', domain: 'new.test' },
    });
    const redirect = 'https://new.test/backoffice/oauth-resp.html';
    const all = await applicationsOf(world.foyer);
    await world.foyer.close();
    expect(all).toMatchObject([{ domain_id: body.id, uid: clientIdOf(redirect), redirect_uri: redirect }]);
  });
});

describe('another console in BACKOFFICE_FOLDER', () => {
  it('is served in place of ours at /backoffice/, with the policy that it needs, and may be framed by its own site', async () => {
    const { browser } = await start({ backofficeFolder: other, consolePath: '/console/' });
    for (const path of ['/', '/oauth-resp.html', '/domains']) {
      const answer = await browser.get(`/backoffice${path}`);
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      expect(answer.body).toContain('<script>');
      expect(policyOf(answer.headers)).toMatch(/script-src [^;]*'unsafe-inline' 'unsafe-eval' blob:/);
      expect(policyOf(answer.headers)).toMatch(/frame-ancestors 'self'/);
      expect(answer.headers['x-frame-options']).toBe('SAMEORIGIN');
    }
    const script = await browser.get('/backoffice/main.js');
    expect(script).toMatchObject({ status: 200, body: 'eval("1")' });
    expect(script.headers['cache-control']).toBe('public, max-age=0');
    expect(await applicationsOf(foyer as Foyer)).toHaveLength(1);
  });

  it('S-142 leaves the strict policy to every other page', async () => {
    const { browser } = await start({ backofficeFolder: other, consolePath: '/console/' });
    for (const path of ['/login', '/account', '/nowhere', '/docs', `${api}/`, '/auth/assets/foyer.css']) {
      expect(policyOf((await browser.get(path)).headers)).not.toMatch(/unsafe/);
    }
  });

  it('leaves ours at a path of its own, each with its policy and its application', async () => {
    const { browser } = await start({ backofficeFolder: other, consolePath: '/console/' });
    const ours = await browser.get('/console/domains');
    expect(ours.status).toBe(200);
    expect(policyOf(ours.headers)).not.toMatch(/unsafe/);
    expect(ours.body).toContain('content="/console/"');
    expect(ours.body).not.toMatch(/="\.\//);
    expect((await browser.get('/console/settings.json')).json()).toMatchObject({
      redirect_uri: expect.stringMatching(/\/console\/oauth-resp\.html$/),
    });
    expect(policyOf((await browser.get('/backoffice/')).headers)).toMatch(/'unsafe-inline'/);
    expect((await browser.get('/backoffice/settings.json')).body).toContain('<script>');
    const names = (await applicationsOf(foyer as Foyer)).map(({ name }) => name).sort();
    expect(names).toEqual(['backoffice', 'console']);
  });

  it('says so when the folder has no page', async () => {
    const { browser } = await start({ backofficeFolder: join(folder, 'nowhere'), consolePath: '/console/' });
    const answer = await browser.get('/backoffice/');
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('BACKOFFICE_FOLDER');
  });
});
