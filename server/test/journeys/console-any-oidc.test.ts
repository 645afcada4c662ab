/**
 * A provider that nobody made a preset for: an administrator pastes its issuer, tries it and publishes it, and a person
 * signs in. It cuts the tie to whatever opened its pages, so the way back is the harder one; from the console of another
 * host it is the hardest. And the end of an administrator's consent at Microsoft.
 */
import { randomUUID } from 'node:crypto';
import { type OidcVendor, playOidcVendor } from '@foyer/testkit/vendors/oidc-vendor.ts';
import { startVendors, type Vendors } from '@foyer/testkit/vendors/start-vendors.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdmin } from '../../src/cli/operations/create-admin.ts';
import { findViolations } from './support/chromium.ts';
import { inWindow, openNewSource } from './support/new-source.ts';
import { administrator, origin, type Portal, platformHost, startPortal } from './support/portal.ts';

const issuer = 'https://id.example.test';
const provider: OidcVendor = {
  issuer,
  routes: { authorization: '/auth', token: '/token', userinfo: '/me', jwks: '/jwks' },
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  givesRefreshToken: () => true,
  headers: { 'cross-origin-opener-policy': 'same-origin' },
};
const client = { client_id: 'foyer', client_secret: 'a-secret-of-at-least-32-characters' };

let vendors: Vendors;
let portal: Portal;
beforeAll(async () => {
  vendors = await startVendors(['id.example.test']);
  portal = await startPortal({ vendors });
  await createAdmin(portal.foyer.services, { ...administrator, domain: platformHost });
});
afterAll(async () => {
  await portal?.close();
  await vendors?.close();
});

/** Answers the callback that the page shows. */
const choosePreset = async (page: Page, at: string, preset: RegExp): Promise<string> => {
  await openNewSource(page, at);
  await page.getByRole('button', { name: preset }).click();
  const callback = page.locator('code').filter({ hasText: '/auth/oauth2/callback?id=' }).first();
  return (await callback.textContent()) ?? '';
};

/** Types the three values, with the provider registered for the callback that the page shows. */
const fillIn = async (page: Page, at: string): Promise<void> => {
  const callback = await choosePreset(page, at, /^Any OpenID Connect/);
  expect(callback).toContain(`${origin}/auth/oauth2/callback?id=`);
  vendors.set('id.example.test', playOidcVendor(provider, { ...client, redirect_uris: [callback] }));
  await page.getByLabel('Issuer or discovery address', { exact: true }).fill(issuer);
  await page.getByLabel('Client ID', { exact: true }).fill(client.client_id);
  await page.getByLabel('Client Secret', { exact: true }).fill(client.client_secret);
  await page.getByText(`Found: ${issuer}`).waitFor();
};

const signInThere = async (page: Page, person: string): Promise<void> => {
  await page.getByPlaceholder('Enter any login').fill(person);
  await page.getByPlaceholder('and password').fill('x');
  await page.getByRole('button', { name: 'Sign-in', exact: true }).click();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
};

/** Tries the draft; answers what the pop-up knew of its opener when it was at the provider. */
const tryAs = async (page: Page, person: string): Promise<void> => {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Try it', exact: true }).first().click();
  const popUp = await opened;
  await popUp.waitForURL(/^https:\/\/id\.example\.test\//);
  expect(await popUp.evaluate('window.opener === null')).toBe(true);
  await signInThere(popUp, person);
  await page.getByText('It works.', { exact: true }).waitFor();
};

it('is set up by its issuer alone, though it cuts the tie to the console, and a person signs in', async () => {
  await inWindow(portal, async ({ page, picture }) => {
    await fillIn(page, origin);
    const shownIn = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
    expect(await shownIn('Authorize URL')).toBe(`${issuer}/auth`);
    expect(await shownIn('Token URL')).toBe(`${issuer}/token`);
    expect(await shownIn('User Profile URL')).toBe(`${issuer}/me`);
    expect(await shownIn('Scope')).toBe('openid profile email offline_access');
    await tryAs(page, 'ada');
    await picture('any-oidc-tried');
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save and publish' }).click();
    await page.getByRole('tab', { name: 'Settings' }).waitFor();
    expect(await page.getByText('Live', { exact: true }).count()).toBe(1);
  });
  await inWindow(portal, async ({ page }) => {
    await page.goto(`${origin}/login`);
    await page.getByRole('link', { name: 'Continue with id.example.test', exact: true }).click();
    await signInThere(page, 'ada');
    await page.waitForURL(`${origin}/account`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('ada Adams');
  });
}, 90_000);

it('is tried from the console of another host, and only that console hears of it', async () => {
  await inWindow(portal, async ({ page, picture }) => {
    await fillIn(page, `https://${platformHost}`);
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    await tryAs(page, 'eve');
    await picture('any-oidc-other-host');
    // What was handed over stood in no address that a server was asked for, but the callback's own.
    const state = asked.map((url) => new URL(url).searchParams.get('state')).find((each) => each !== null);
    expect(state).toMatch(/^dry-/);
    const passedOn = asked.filter((url) => url.startsWith(`https://${platformHost}/auth/dry-run`));
    expect(passedOn).toHaveLength(1);
    const seen = portal.front.seen.filter(({ path }) => path === '/auth/dry-run');
    expect(seen.map(({ query }) => [...query])).toEqual([[]]);
  });
}, 90_000);

it('ends an administrator’s consent on a page that says so, and the checklist ticks itself', async () => {
  await inWindow(portal, async ({ page, picture }) => {
    const callback = await choosePreset(page, origin, /^Microsoft Entra/);
    const client_id = randomUUID();
    portal.entra.addApp({ client_id, client_secret: 'x', name: 'Portal', redirect_uris: [callback] });
    await page.getByLabel('Tenant', { exact: true }).fill(portal.entra.tenantId);
    await page.getByLabel('Client ID', { exact: true }).fill(client_id);
    const step = page.getByRole('listitem').filter({ hasText: 'Consent for everybody' });
    await step.getByText('not shown yet', { exact: true }).waitFor();
    const opened = page.context().waitForEvent('page');
    await step.getByRole('link', { name: /Open this page/ }).click();
    const landing = await opened;
    await landing.getByRole('heading', { name: 'Consent was given' }).waitFor();
    expect(landing.url()).toBe(callback.split('?')[0]);
    expect(await landing.evaluate('window.opener === null')).toBe(true);
    if (process.env.FOYER_SCREENSHOTS) {
      await landing.screenshot({ path: `${process.env.FOYER_SCREENSHOTS}/consent-given.png` });
    }
    expect(await findViolations(landing)).toEqual([]);
    await step.getByText('done', { exact: true }).waitFor();
    await picture('consent-ticked');
  });
}, 60_000);
