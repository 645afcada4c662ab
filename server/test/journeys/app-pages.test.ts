/** What a person sees when an app or a device asks to act for them: consent, device, and its refusals. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { password, seedLocalPerson } from '../flows/account/local-person.ts';
import { authorizePath, type RegisteredApp, registerApp } from '../flows/provider/support.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { findViolations, launchChromium, openWindow, type Window } from './support/chromium.ts';
import { startListening } from './support/listen.ts';

let foyer: Foyer;
let browser: Browser;
let domain: Domain;
let app: RegisteredApp;
let panel: RegisteredApp;

beforeAll(async () => {
  [foyer, browser] = await Promise.all([startListening(), launchChromium()]);
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await seedLocalPerson(foyer, domain);
  const redirectUri = foyer.url('localhost', '/planner/oauth-resp.html');
  const scopes = 'public openid email systems.read';
  app = await registerApp(foyer, domain, { name: 'Planner', skipAuthorization: false, redirectUri, scopes });
  panel = await registerApp(foyer, domain, { name: 'Wall panel', skipAuthorization: false });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

const url = (path: string): string => foyer.url('localhost', path);

const signIn = async (page: Page): Promise<void> => {
  await page.getByLabel('E-mail').fill('ada@example.test');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};

describe.each(['light', 'dark'] as const)('an app that must ask (%s)', (colorScheme) => {
  let window: Window;
  beforeAll(async () => {
    await foyer.services.db.kysely.deleteFrom('consents').where('domain_id', '=', domain.id).execute();
    window = await openWindow(browser, { colorScheme, bypassCSP: true });
  });
  afterAll(() => window.close());

  const look = async (name: string): Promise<void> => {
    await window.picture(`${name}-${colorScheme}`);
    expect(await findViolations(window.page)).toEqual([]);
  };

  it('asks once, by name and with its wishes in words, and takes no for an answer', async () => {
    const { page } = window;
    const asked = url(authorizePath(app, { scope: app.scopes }));
    await page.goto(asked);
    await signIn(page);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Allow Planner?');
    await look('consent');
    await page.getByRole('button', { name: 'Do not allow' }).click();
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
    await page.goto(asked);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    expect(new URL(page.url()).searchParams.get('code')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await page.goto(asked);
    expect(page.url()).toContain(`${app.redirectUri}?code=`);
  });

  it('connects a device that has no keyboard', async () => {
    const { page } = window;
    const started = await foyer.inject({
      method: 'POST',
      url: '/auth/oauth/device_authorization',
      headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
      payload: `client_id=${panel.uid}`,
    });
    const { user_code } = started.json<{ user_code: string }>();
    await page.goto(url('/auth/device'));
    await look('device');
    await page.getByLabel('Code').fill('BCDF-GHJK');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.getByRole('alert').count()).toBe(1);
    await look('device-problem');
    await page.getByLabel('Code').fill(user_code.toLowerCase());
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.getByText(user_code).count()).toBe(1);
    await look('device-confirm');
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The device is connected');
    await look('device-done');
  });

  it('shows on the account page what acts for me, and lets me end it', async () => {
    const { page } = window;
    await page.goto(url('/account'));
    await look('account-apps');
    await page.getByRole('button', { name: 'Disconnect Planner' }).click();
    expect(await page.getByRole('status').textContent()).toContain('can no longer act for you');
  });

  it('shows a page, and goes nowhere, when the app’s request cannot be trusted', async () => {
    const { page } = window;
    await page.goto(url(authorizePath(app, { redirect_uri: 'https://evil.example/' })));
    expect(page.url()).toContain('/auth/oauth/authorize');
    await look('authorize-refused');
    await page.goto(url('/no-such-page'));
    await look('not-found');
    expect(window.offences).toEqual([]);
  });
});
