import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Answer, Browser } from '../../support/browser.ts';
import { expectRefusedBrowser, expectRefusedToken } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { isLive, type RegisteredApp, refresh, registerApp, signIn } from './support.ts';

let foyer: Foyer;
let domain: Domain;
let app: RegisteredApp;
let panel: Browser;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ host: 'portal.example.test' });
  app = await registerApp(foyer, domain, { name: 'Panel <1>' });
  panel = foyer.browser(domain.host);
});
afterAll(() => foyer.close());

interface Started {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

const start = async (form: Record<string, string> = {}): Promise<Started> => {
  const answer = await panel.post('/auth/oauth/device_authorization', {
    form: { client_id: app.uid, ...form },
  });
  expect(answer.status).toBe(200);
  return answer.json<Started & Record<string, unknown>>();
};

const poll = (device_code: string, client = app): Promise<Answer> =>
  panel.post('/auth/oauth/token', {
    form: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: client.uid, device_code },
  });

const csrfOf = (page: Answer): string => /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] as string;

const answerPage = async (browser: Browser, user_code: string, decision?: string): Promise<Answer> => {
  const csrf = csrfOf(await browser.get('/auth/device'));
  return browser.post('/auth/device', { form: { csrf, user_code, ...(decision && { decision }) } });
};

/** Lets the device's waiting time pass. */
const letPass = async (deviceCode: string): Promise<void> => {
  await foyer.services.db.kysely
    .updateTable('device_codes')
    .set({ last_polled_at: new Date(Date.now() - 100_000) })
    .where('device_hash', '=', sha256(deviceCode))
    .execute();
};

describe('device flow (RFC 8628)', () => {
  it('connects a panel without a keyboard', async () => {
    const started = await start();
    expect(started).toEqual({
      device_code: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: 'https://portal.example.test/auth/device',
      verification_uri_complete: `https://portal.example.test/auth/device?user_code=${started.user_code}`,
      expires_in: 600,
      interval: 5,
    });
    expectRefusedToken(await poll(started.device_code), 'authorization_pending');

    const { browser, userId, sessionCookie } = await signIn(foyer, domain);
    const entry = await browser.get(`/auth/device?user_code=${started.user_code}`);
    expect(entry.body).toContain(`value="${started.user_code}"`);
    expect(entry.body).not.toContain('<script');
    const typed = started.user_code.toLowerCase().replace('-', ' ');
    const confirm = await answerPage(browser, typed);
    expect(confirm.body).toContain('Panel &lt;1&gt;');
    expect(confirm.body).toContain(started.user_code);
    await letPass(started.device_code);
    expectRefusedToken(await poll(started.device_code), 'authorization_pending');
    expect((await answerPage(browser, typed, 'allow')).body).toContain('connected');

    const answer = await poll(started.device_code);
    expect(answer.status).toBe(200);
    const tokens = answer.json<{ access_token: string; refresh_token: string }>();
    const info = await panel.get('/auth/oauth/token/info', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(info.json().resource_owner_id).toBe(userId);
    expectRefusedToken(await poll(started.device_code), 'invalid_grant');

    // Signing out at the desk leaves the panel alone.
    await foyer.services.db.kysely
      .deleteFrom('sessions')
      .where('id_hash', '=', sha256(sessionCookie))
      .execute();
    expect(await isLive(panel, tokens.access_token)).toBe(true);
    expect((await refresh(panel, app, tokens.refresh_token)).status).toBe(200);
  });

  it('tells a device that was refused, and one whose code expired', async () => {
    const { browser } = await signIn(foyer, domain);
    const refused = await start();
    expect((await answerPage(browser, refused.user_code, 'deny')).body).toContain('refused');
    expectRefusedToken(await poll(refused.device_code), 'access_denied');
    const late = await start();
    await foyer.services.db.kysely
      .updateTable('device_codes')
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where('device_hash', '=', sha256(late.device_code))
      .execute();
    expectRefusedToken(await poll(late.device_code), 'expired_token');
    expect((await answerPage(browser, late.user_code, 'allow')).status).toBe(400);
  });

  it('asks a device that polls too fast to slow down', async () => {
    const { device_code } = await start();
    expectRefusedToken(await poll(device_code), 'authorization_pending');
    expectRefusedToken(await poll(device_code), 'slow_down');
    await letPass(device_code);
    expectRefusedToken(await poll(device_code), 'authorization_pending');
  });

  it('S-44 binds a device code to its client and domain, and lets one of 10 parallel polls win', async () => {
    const other = await registerApp(foyer, domain);
    const { device_code, user_code } = await start();
    const { browser } = await signIn(foyer, domain);
    await answerPage(browser, user_code, 'allow');
    expectRefusedToken(await poll(device_code, other), 'invalid_grant');
    const answers = await Promise.all(Array.from({ length: 10 }, () => poll(device_code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('sends a stranger to sign in, and comes back', async () => {
    const answer = await foyer.browser(domain.host).get('/auth/device?user_code=BCDF-GHJK');
    expect(answer.location).toContain(encodeURIComponent('/auth/device?user_code=BCDF-GHJK'));
  });

  it('S-84 is protected against forgery', async () => {
    const { browser } = await signIn(foyer, domain);
    const { user_code, device_code } = await start();
    const form = { csrf: 'x', user_code, decision: 'allow' };
    expectRefusedBrowser(await browser.post('/auth/device', { form }), 'csrf_refused');
    const csrf = csrfOf(await browser.get('/auth/device'));
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' };
    expectRefusedBrowser(
      await browser.post('/auth/device', { form: { ...form, csrf }, headers }),
      'csrf_refused',
    );
    expectRefusedToken(await poll(device_code), 'authorization_pending');
  });

  it('S-134 bounds how many codes a person may try, whatever they look like', async () => {
    const { browser } = await signIn(foyer, domain);
    for (let i = 0; i < 10; i++)
      expect((await answerPage(browser, i % 2 ? 'BCDF-GHJK' : 'nonsense')).status).toBe(400);
    const { user_code } = await start();
    const answer = await answerPage(browser, user_code, 'allow');
    expectRefusedBrowser(answer, 'rate_limited');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('S-67 asks for no more than is registered, and S-69 authenticates the client', async () => {
    const wide = await panel.post('/auth/oauth/device_authorization', {
      form: { client_id: app.uid, scope: 'users' },
    });
    expectRefusedToken(wide, 'invalid_scope');
    const confidential = await registerApp(foyer, domain, { confidential: true });
    expectRefusedToken(
      await panel.post('/auth/oauth/device_authorization', { form: { client_id: confidential.uid } }),
      'invalid_client',
    );
  });

  it('S-99 keeps neither code in clear', async () => {
    const started = await start();
    const rows = await foyer.services.db.kysely.selectFrom('device_codes').selectAll().execute();
    const letters = started.user_code.replace('-', '');
    const hashes = rows
      .flatMap((row) => [row.device_hash, row.user_code_hash])
      .map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(hashes).toContain(sha256(started.device_code).toString('hex'));
    for (const guess of [letters, started.user_code])
      expect(hashes).not.toContain(sha256(guess).toString('hex'));
    expect(JSON.stringify(rows)).not.toContain(letters);
  });
});
