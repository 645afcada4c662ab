/**
 * From the sign-in page to a saved source and a changed mapping with the keyboard alone: every stop can be seen, what was
 * opened closes with Escape, and the focus comes back to where it was.
 */
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openWindow, type Window } from './support/chromium.ts';
import { type Keyboard, keyboardOf } from './support/keyboard.ts';
import { type Demo, startDemo } from './support/start-demo.ts';

let demo: Demo;
let browser: Browser;
let window: Window;
let page: Page;
let keyboard: Keyboard;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
  window = await openWindow(browser, { viewport: { width: 1280, height: 860 } });
  page = window.page;
  keyboard = keyboardOf(page);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const sources = async (): Promise<{ name: string; info_mappings: Record<string, string> }[]> => {
  const answer = await fetch(`${demo.facts.url}/api/engine/v2/oauth_auths`, {
    headers: { 'x-api-key': demo.facts.api_key },
  });
  return (await answer.json()) as { name: string; info_mappings: Record<string, string> }[];
};

describe('with the keyboard alone, an administrator', { timeout: 60_000 }, () => {
  it('signs in, and gets past the navigation to the domain', async () => {
    const { email, password } = demo.facts.admin;
    await page.goto(`${demo.facts.url}/backoffice/`);
    await page.getByLabel('Password').waitFor();
    await keyboard.tabTo('textbox', 'E-mail');
    await keyboard.type(email);
    await keyboard.press('Tab');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Domains' }).waitFor();
    await keyboard.tabTo('link', 'Skip to the content');
    await keyboard.press('Enter');
    await keyboard.tabTo('link', 'Contoso');
    await keyboard.press('Enter');
    await keyboard.isAt('heading', 'About');
    await keyboard.backTo('link', 'Authentication');
    await keyboard.press('Enter');
    await keyboard.isAt('heading', 'Authentication');
  });

  it('opens menus and dialogs, and is back where it was after Escape', async () => {
    await keyboard.tabTo('button', 'More for Microsoft');
    await keyboard.press('Enter');
    await keyboard.isAt('menuitem', 'Duplicate');
    await keyboard.press('ArrowDown', 'Escape');
    await keyboard.isAt('button', 'More for Microsoft');
    for (const [downs, title] of [
      [0, 'Duplicate: Microsoft'],
      [1, 'Send everybody straight to “Microsoft”?'],
      [2, 'Disable “Microsoft”?'],
      [3, 'Delete “Microsoft”?'],
    ] as const) {
      await keyboard.press('Enter');
      await keyboard.isAt('menuitem', 'Duplicate');
      await keyboard.press(...Array(downs).fill('ArrowDown'), 'Enter');
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.waitFor();
      await expect.poll(() => dialog.locator(':focus').count()).toBe(1);
      await keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      await keyboard.isAt('button', 'More for Microsoft');
    }
  });

  it('makes a Microsoft source of three values and saves it', async () => {
    const [microsoft] = (await sources()) as unknown as [{ token_url: string }];
    await keyboard.backTo('link', 'New source');
    await keyboard.press('Enter');
    await keyboard.isAt('heading', 'With what do people sign in?');
    await keyboard.tabTo('button', /^Microsoft Entra/);
    await keyboard.press('Enter');
    await page.waitForURL(/reservation=/);
    await keyboard.isAt('heading', 'New source: Microsoft Entra');
    await keyboard.tabTo('textbox', 'Tenant');
    await keyboard.type(microsoft.token_url);
    await keyboard.tabTo('textbox', 'Client ID');
    await keyboard.type(randomUUID());
    await keyboard.tabTo('textbox', 'Client Secret');
    await keyboard.type(randomUUID().replaceAll('-', ''));
    await keyboard.tabTo('textbox', 'Name');
    await keyboard.overtype('By keyboard');
    await keyboard.tabTo('button', 'Save as draft');
    await keyboard.press('Enter');
    await keyboard.isAt('heading', 'By keyboard');
  });

  it('changes a mapping, and keeps the dialog’s opener', async () => {
    await keyboard.tabTo('button', 'Delete');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await keyboard.isAt('button', 'Delete');
    await keyboard.tabTo('tab', 'Settings');
    await keyboard.press('ArrowRight');
    await keyboard.isAt('tab', 'Try it');
    await keyboard.tabTo('textbox', 'Info Mappings, row 2: Remote');
    await keyboard.overtype('displayName');
    await keyboard.tabTo('button', 'Save');
    await keyboard.press('Space');
    await page.getByText('Saved', { exact: true }).waitFor();
    const saved = (await sources()).find(({ name }) => name === 'By keyboard');
    expect(saved?.info_mappings).toMatchObject({
      email: 'mail,userPrincipalName',
      first_name: 'displayName',
    });
    expect(window.offences).toEqual([]);
  });
});
