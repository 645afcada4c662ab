import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { createSetupToken } from '#model/set-up/setup-tokens.ts';
import { password, seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { launchChromium } from './support/chromium.ts';
import { startListening } from './support/listen.ts';

interface PageMeasure {
  /** Pixels that the page is wider than the window. */
  overflow: number;
  ratios: { text: string; ratio: number }[];
}

/** Runs in the page, so it is text: the types of a browser are not those of the server. @see WCAG 2.2 (contrast) */
const measurePage = `(() => {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (!backgroundColor.endsWith(', 0)')) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = [...document.querySelectorAll('h1, p, label, a, button, input')];
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    ratios: texts.map((element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
      return { text: element.textContent, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    }),
  };
})()`;

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let origin: string;
/** What a page must never do: break its own policy, ask another origin, open a dialog. */
let offences: string[];

beforeAll(async () => {
  foyer = await startListening();
  origin = foyer.url('localhost');
  browser = await launchChromium();
});
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
  page = await context.newPage();
  offences = [];
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) offences.push(message.text());
  });
  page.on('dialog', (dialog) => offences.push(`dialog ${dialog.message()}`));
  page.on('request', (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (protocol !== 'data:' && target !== origin) offences.push(request.url());
  });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

describe("Foyer's pages in Chromium, without scripts", () => {
  it('S-90 sets the server up from the printed link', async () => {
    const token = await createSetupToken(foyer.services.db);
    await page.goto(`${origin}/setup?token=${token}`);
    await page.getByLabel('Name of the domain', { exact: true }).fill('Contoso');
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('Your e-mail').fill('admin@contoso.example');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password, again').fill(password);
    await page.getByRole('button', { name: 'Finish set-up' }).click();
    // On to the console, which needs scripts; the account page does not.
    expect(page.url()).toMatch(/\/backoffice\/domains\/[^/]+\/authentication/);
    await page.goto(`${origin}/account`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Ada Lovelace');
    expect(offences).toEqual([]);
    domain = (await foyer.services.domains.byHost('localhost')) as Domain;
    await seedLocalPerson(foyer, domain);
    await foyer.seedSource(domain, { name: 'Microsoft' });
  });

  it('signs in with the keyboard alone, changes the password, signs out', async () => {
    await page.goto(`${origin}/account`);
    expect(page.url()).toBe(`${origin}/login?continue=%2Faccount`);
    expect(await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).count()).toBe(1);
    const focused: string[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      focused.push(
        (await page.locator(':focus').getAttribute('id')) ??
          String(await page.locator(':focus').textContent()),
      );
    }
    expect(focused).toEqual(['Continue with Microsoft', 'email', 'password', 'Sign in']);
    await page.getByLabel('E-mail').fill('ada@example.test');
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/auth/signin`);
    expect(await page.getByRole('alert').textContent()).toBe('The e-mail address or the password is wrong.');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/account`);
    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password', { exact: true }).fill('another good phrase');
    await page.getByLabel('New password, again').fill('another good phrase');
    await page.getByRole('button', { name: 'Change password' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Your password is changed');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    expect(page.url()).toBe(`${origin}/login?notice=signed_out`);
    expect(await page.getByRole('status').textContent()).toBe('You are signed out.');
    expect(offences).toEqual([]);
  });

  it('S-143 keeps every typed value inert', async () => {
    const payload = `"'><img src=x onerror=alert(1)><svg onload=alert(1)>{{7*7}}`;
    await foyer.services.db.kysely
      .updateTable('users')
      .set({ name: payload, first_name: payload, groups: [payload], image: 'javascript:alert(1)' })
      .where('email', '=', 'admin@contoso.example')
      .execute();
    await foyer.seedSource(domain, { name: payload });
    context = await browser.newContext();
    const scripted = await context.newPage();
    scripted.on('dialog', (dialog) => offences.push(dialog.message()));
    scripted.on('console', (message) => {
      if (/content security policy/i.test(message.text())) offences.push(message.text());
    });
    await scripted.goto(
      `${origin}/login?error=${encodeURIComponent(payload)}&continue=${encodeURIComponent(payload)}`,
    );
    await scripted.getByLabel('E-mail').fill('admin@contoso.example');
    await scripted.getByLabel('Password').fill(password);
    await scripted.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(scripted.url()).toBe(`${origin}/account`);
    expect(await scripted.locator('img, svg, script').count()).toBe(0);
    expect(await scripted.getByRole('heading', { level: 1 }).textContent()).toBe(payload);
    expect(offences).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has readable contrast and fits a phone (%s)', async (colorScheme) => {
    context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } });
    const phone = await context.newPage();
    await phone.goto(`${origin}/login?error=bad_credentials`);
    const { overflow, ratios } = (await phone.evaluate(measurePage)) as PageMeasure;
    expect(overflow).toBeLessThanOrEqual(0);
    // WCAG 2.2, 1.4.3
    expect(ratios.length).toBeGreaterThan(5);
    expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });
});
