/**
 * A newcomer sets a Microsoft source up in the console: from an empty domain to a person who is signed in, with three
 * typed values and no address put together by hand; and the same with the eleven documented fields typed one by one.
 */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/chromium.ts';
import { inWindow, openNewSource } from './support/new-source.ts';
import { login, origin, type Portal, startPortal } from './support/portal.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

const scope = 'openid offline_access calendars.readwrite.shared group.read.all user.read.all';

/** What Microsoft's portal gives for the callback that the page shows. */
const registerAt = async (page: Page) => {
  const callback = page.locator('code').filter({ hasText: '/auth/oauth2/callback?id=' }).first();
  const redirectUri = (await callback.textContent()) ?? '';
  expect(redirectUri).toMatch(/^https:\/\/portal\.example\.test\/auth\/oauth2\/callback\?id=oauth_strat-/);
  const app = { client_id: randomUUID(), client_secret: `8Q~${randomUUID()}` };
  portal.entra.addApp({ ...app, name: 'Portal', redirect_uris: [redirectUri] });
  return app;
};

/** Tries the draft in the pop-up as this person; the page then says that it works. */
const tryAs = async (page: Page, person: RegExp): Promise<void> => {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Try it', exact: true }).first().click();
  const popUp = await opened;
  await popUp.getByRole('button', { name: person }).click();
  await page.getByText('It works.', { exact: true }).waitFor();
};

const signInAs = (person: RegExp, source: string): Promise<void> =>
  inWindow(portal, async ({ page }) => {
    await page.goto(`${origin}/login`);
    await page.getByRole('link', { name: `Continue with ${source}`, exact: true }).click();
    await page.getByRole('button', { name: person }).click();
    await page.waitForURL(`${origin}/account`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(person);
  });

const counts = async () => {
  const { kysely } = portal.foyer.services.db;
  const all = async (table: 'users' | 'identities' | 'sources' | 'sessions') =>
    Number(
      (
        await kysely
          .selectFrom(table)
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirst()
      )?.n,
    );
  return { users: await all('users'), identities: await all('identities'), sources: await all('sources') };
};

describe('a newcomer', () => {
  it('sets Microsoft up with three typed values and no address, and a person signs in', async () => {
    const startedMs = performance.now();
    const typed: string[] = [];
    await inWindow(portal, async ({ page, picture }) => {
      const type = async (label: string, value: string): Promise<void> => {
        typed.push(value);
        await page.getByLabel(label, { exact: true }).fill(value);
      };
      await openNewSource(page, origin);
      await page.getByRole('button', { name: /^Microsoft Entra/ }).click();
      const app = await registerAt(page);
      // A verified domain of the tenant: Microsoft says which tenant that is.
      await type('Tenant', 'contoso.example');
      await type('Client ID', app.client_id);
      await type('Client Secret', app.client_secret);
      await page.getByText(`Found: ${portal.entra.tenantId}`).waitFor();
      const shownIn = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
      expect(await shownIn('Token URL')).toBe(`${login}/${portal.entra.tenantId}/oauth2/v2.0/token`);
      expect(await shownIn('Authorize URL')).toBe(`${login}/${portal.entra.tenantId}/oauth2/v2.0/authorize`);
      expect(await shownIn('User Profile URL')).toBe('https://graph.microsoft.com/v1.0/me');
      expect(await shownIn('Scope')).toBe(scope);
      await picture('console-new-source');
      const before = await counts();
      await tryAs(page, /Alice Adams/);
      expect(await counts()).toEqual(before);
      await page.getByText('Would make an account').first().waitFor();
      await picture('console-dry-run');
      expect(await findViolations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save and publish' }).click();
      await page.getByRole('tab', { name: 'Settings' }).waitFor();
      expect(await page.getByText('Live', { exact: true }).count()).toBe(1);
      // The secret is gone from the page as soon as it is stored.
      expect(await page.content()).not.toContain(app.client_secret);
      expect(await shownIn('Client Secret')).toBe('');
      expect(await findViolations(page)).toEqual([]);
    });
    await signInAs(/Alice Adams/, 'Microsoft');
    expect(typed.length).toBeLessThanOrEqual(3);
    expect(typed.filter((value) => value.includes('/'))).toEqual([]);
    expect((performance.now() - startedMs) / 1000).toBeLessThan(120);
  }, 120_000);

  it(
    'keeps the reserved id when the page is loaded again',
    () =>
      inWindow(portal, async ({ page }) => {
        await openNewSource(page, origin);
        await page.getByRole('button', { name: /^Google Workspace/ }).click();
        const shown = async () =>
          page.locator('code').filter({ hasText: 'callback?id=' }).first().textContent();
        const first = await shown();
        await page.reload();
        expect(await shown()).toBe(first);
      }),
    60_000,
  );

  it('can type all eleven documented fields by hand', async () => {
    await inWindow(portal, async ({ page }) => {
      await openNewSource(page, origin);
      await page.getByRole('button', { name: /^Any OAuth2/ }).click();
      const app = await registerAt(page);
      const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
      await fill('Name', 'By hand');
      await fill('Client ID', app.client_id);
      await fill('Client Secret', app.client_secret);
      await fill('Site', login);
      await fill('Scope', scope);
      await page.getByLabel('Token Method', { exact: true }).selectOption({ label: 'POST' });
      await page.getByLabel('Authentication Scheme', { exact: true }).selectOption({ label: 'Request Body' });
      await fill('Token URL', `${login}/${portal.entra.tenantId}/oauth2/v2.0/token`);
      await fill('Authorize URL', `${login}/${portal.entra.tenantId}/oauth2/v2.0/authorize`);
      await fill('User Profile URL', 'https://graph.microsoft.com/v1.0/me');
      const mappings = {
        email: 'mail,userPrincipalName',
        first_name: 'givenName',
        last_name: 'surname',
        uid: 'id',
        access_token: 'token',
        refresh_token: 'refresh_token',
        expires: 'expires',
        expires_at: 'expires_at',
      };
      for (const [index, [target, key]] of Object.entries(mappings).entries()) {
        await page.getByRole('button', { name: 'Info Mappings: Add a row' }).click();
        await fill(`Info Mappings, row ${index + 1}: Foyer`, target);
        await fill(`Info Mappings, row ${index + 1}: Remote`, key);
      }
      // Whom no other source knows yet: an account is never taken over by its e-mail address.
      await tryAs(page, /Dora Dahl/);
      await page.getByRole('button', { name: 'Save and publish' }).click();
      await page.getByRole('tab', { name: 'Settings' }).waitFor();
    });
    await signInAs(/Dora Dahl/, 'By hand');
  }, 120_000);

  it(
    'is told at the field that the secret’s id is not the secret, and where a wrong secret was refused',
    () =>
      inWindow(portal, async ({ page }) => {
        await openNewSource(page, origin);
        await page.getByRole('button', { name: /^Microsoft Entra/ }).click();
        const app = await registerAt(page);
        await page.getByLabel('Tenant', { exact: true }).fill(portal.entra.tenantId);
        await page.getByLabel('Client ID', { exact: true }).fill(app.client_id);
        const secret = page.getByLabel('Client Secret', { exact: true });
        await secret.fill(randomUUID());
        await page.getByText('This is the secret’s ID, not its value.').first().waitFor();
        expect(await secret.getAttribute('aria-invalid')).toBe('true');
        const opened = page.waitForEvent('popup');
        await page.getByRole('button', { name: 'Try it', exact: true }).first().click();
        await (await opened).getByRole('button', { name: /Alice Adams/ }).click();
        await page.getByText('It stops at “Exchange the code for tokens”.').waitFor();
        await page.getByRole('button', { name: 'Go to “Client Secret”' }).click();
        expect(await secret.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
      }),
    60_000,
  );

  it(
    'finds hostile words of others inert',
    () =>
      inWindow(portal, async ({ page }) => {
        // Tags are taken out of names when they are stored; what is left must stay in its place.
        const name = 'Evil" onmouseover="document.title=1';
        const { status } = await portal.engine('POST', 'oauth_auths', {
          authority_id: portal.domainId,
          name,
          client_id: '"><script>alert(1)</script>',
          site: 'https://login.microsoftonline.com',
          scope: '<svg/onload=alert(1)>',
          enabled: false,
        });
        expect(status).toBe(201);
        await openNewSource(page, origin);
        await page.goto(`${origin}/backoffice/domains/${portal.domainId}/authentication`);
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
        for (const tab of ['Try it', 'Versions', 'Secrets', 'Flight recorder']) {
          await page.getByRole('tab', { name: tab }).click();
          expect(await page.locator('main img, main script').count()).toBe(0);
        }
      }),
    60_000,
  );
});
