/** The console as an administrator meets it: every screen of the shell, in a browser, as `npm run demo` serves it. */
import { get } from 'node:http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWindow, type Window } from './support/chromium.ts';
import { type Demo, startDemo } from './support/start-demo.ts';

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const inWindow = async (options: BrowserContextOptions, story: (window: Window) => Promise<void>) => {
  const window = await openWindow(browser, options);
  // A reload signs in anew and loads the whole console.
  window.page.setDefaultTimeout(30_000);
  try {
    await story(window);
    expect(window.offences).toEqual([]);
  } finally {
    await window.close();
  }
};

/** Goes to an address of the console, and through the sign-in page that comes between. */
const signInTo = async (page: Page, path: string): Promise<void> => {
  await page.goto(`${demo.facts.url}/backoffice${path}`);
  await page.getByLabel('E-mail').fill(demo.facts.admin.email);
  await page.getByLabel('Password').fill(demo.facts.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await heading(page).waitFor();
};

const patience = { timeout: 10_000 };

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

const domainId = async (): Promise<string> => {
  const answer = await fetch(`${demo.facts.url}/api/engine/v2/domains`, {
    headers: { 'x-api-key': demo.facts.api_key },
  });
  const [domain] = (await answer.json()) as { id: string }[];
  return domain?.id ?? '';
};

/** All that a screen loads is there. */
const settle = async (page: Page): Promise<void> => {
  await heading(page).waitFor();
  await page.waitForLoadState('networkidle');
};

const go = async (page: Page, path: string): Promise<void> => {
  await page.goto(`${demo.facts.url}/backoffice${path}`);
  await settle(page);
};

/** Bytes of the body as the server sends it to a browser that takes Brotli. */
const compressedSizeOf = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (answer) => {
      expect(answer.headers['content-encoding']).toBe('br');
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });

const screens = async (): Promise<[string, string][]> => [
  ['/domains', 'Domains'],
  ['/domains/new', 'New domain'],
  [`/domains/${await domainId()}/about`, 'About'],
  ['/platform', 'Platform'],
  ['/account', 'My account'],
  ['/nowhere', 'There is no such page'],
];

describe('the console', { timeout: 120_000 }, () => {
  it('keeps the address that was asked for through the sign-in and a reload', () =>
    inWindow({}, async ({ page }) => {
      await signInTo(page, '/domains?q=cont');
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/backoffice/domains?q=cont');
      await page.getByRole('link', { name: 'Contoso' }).waitFor();
      await page.reload();
      expect(await page.getByRole('searchbox').inputValue()).toBe('cont');
      await page.getByRole('searchbox').fill('no such domain');
      await page.getByText('Nothing matches “no such domain”.').waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe('no such domain');
    }));

  it('has less than 300 kB of compressed scripts for its first screen', () =>
    inWindow({}, async ({ page }) => {
      const scripts = new Set<string>();
      page.on('response', (answer) => {
        if (/javascript/.test(answer.headers()['content-type'] ?? '')) scripts.add(answer.url());
      });
      await signInTo(page, '/domains');
      await settle(page);
      const sizes = await Promise.all([...scripts].map(compressedSizeOf));
      expect(scripts.size).toBeGreaterThan(3);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    }));

  it('S-142 S-144 shows every screen of the shell without breaking its policy, and keeps no token', () =>
    inWindow({}, async ({ page }) => {
      await signInTo(page, '/');
      for (const [path, title] of await screens()) {
        await go(page, path);
        expect(await heading(page).allTextContents()).toEqual([title]);
        expect(await page.title()).toBe(`${title} · Foyer`);
        expect(await page.getByRole('alert').count(), path).toBe(0);
      }
      const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
      expect(kept).not.toMatch(/ey[A-Za-z0-9_-]{20}|token|verifier/);
    }));

  it('puts what the server refuses beside its field, and asks before unsaved work is left', () =>
    inWindow({}, async ({ page, offences }) => {
      await signInTo(page, `/domains/${await domainId()}/about`);
      const name = page.getByRole('textbox', { name: 'Name', exact: true });
      await name.fill('');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('is required').waitFor();
      expect(await name.getAttribute('aria-invalid')).toBe('true');
      await expect.poll(() => page.locator(':focus').getAttribute('name'), patience).toBe('name');
      // The browser notes a refused request as an error; it is one that was asked for.
      expect(offences.splice(0)).toEqual([expect.stringContaining('422')]);
      await page.getByRole('link', { name: 'Users' }).click();
      await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
      await page.getByRole('button', { name: 'Stay here' }).click();
      await name.fill('Contoso Ltd');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('The domain is saved').waitFor();
      await page.getByRole('navigation', { name: 'Where you are' }).getByText('Contoso Ltd').waitFor();
      await name.fill('Contoso');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page
        .getByRole('navigation', { name: 'Where you are' })
        .getByText('Contoso', { exact: true })
        .waitFor();
    }));

  it('makes a domain out of a name and a host, and deletes it when its host is typed', () =>
    inWindow({}, async ({ page }) => {
      await signInTo(page, '/domains');
      await page.getByRole('link', { name: 'New domain' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Second');
      await page.getByRole('textbox', { name: 'Host name' }).fill('https://Second.localhost/x');
      await page.getByRole('button', { name: 'Create domain' }).click();
      await page.waitForURL(/\/domains\/[^/]+\/authentication$/);
      await page.getByRole('link', { name: 'About' }).click();
      expect(await page.getByRole('textbox', { name: 'Host name' }).inputValue()).toBe('second.localhost');
      await page.getByRole('button', { name: 'Delete domain …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('0 people').waitFor();
      expect(await dialog.getByRole('button', { name: 'Delete domain' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('second.localhost');
      await dialog.getByRole('button', { name: 'Delete domain' }).click();
      await page.waitForURL(/\/backoffice\/domains$/);
      await page.getByRole('link', { name: 'Contoso' }).waitFor();
      expect(await page.getByRole('link', { name: 'Second' }).count()).toBe(0);
    }));

  it('speaks German, to screen readers as well', () =>
    inWindow({ locale: 'de-DE' }, async ({ page }) => {
      const asked: { path: string; language: string | undefined }[] = [];
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (!pathname.startsWith('/api/engine/')) return;
        asked.push({ path: pathname, language: request.headers()['accept-language'] });
      });
      await page.goto(`${demo.facts.url}/backoffice/account`);
      await page.locator('input[type=email]').fill(demo.facts.admin.email);
      await page.locator('input[type=password]').fill(demo.facts.admin.password);
      await page.locator('form button').first().click();
      await page.getByRole('heading', { name: 'Mein Konto', level: 1 }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      await page.waitForLoadState('networkidle');
      const inGerman = asked.splice(0);
      expect(new Set(inGerman.map(({ language }) => language))).toEqual(new Set(['de']));
      await page.getByText('English', { exact: true }).click();
      await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
      // What is on the screen is asked for again, in the new language.
      await expect.poll(() => asked.map(({ path }) => path), patience).toContain(inGerman.at(-1)?.path);
      expect(new Set(asked.map(({ language }) => language))).toEqual(new Set(['en']));
      await page.reload();
      await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
    }));

  it('moves the focus to the heading of the next screen, and offers the way past the navigation', () =>
    inWindow({}, async ({ page }) => {
      await signInTo(page, '/domains');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
      await page.getByRole('link', { name: 'Platform' }).click();
      await page.getByRole('heading', { name: 'Platform', level: 1 }).waitFor();
      await expect.poll(() => page.locator(':focus').textContent(), patience).toBe('Platform');
    }));

  it('tells a person who is no administrator whom to ask', () =>
    inWindow({}, async ({ page }) => {
      await page.goto(`${demo.facts.url}/backoffice/domains`);
      await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
      await page.getByRole('button', { name: /Alice Adams/ }).click();
      await page.getByRole('heading', { name: 'This is for administrators', level: 1 }).waitFor();
      await page.getByText('alice@contoso.example').first().waitFor();
      await page.getByRole('link', { name: 'To my account' }).click();
      await page.getByRole('heading', { name: 'My account', level: 1 }).waitFor();
      expect(await page.getByRole('navigation').getByRole('link').count()).toBe(1);
    }));
});
