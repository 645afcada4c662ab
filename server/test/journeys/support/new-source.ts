/** The way to a new source at a portal's console, as its administrator goes it. */

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { openWindow, type Window } from './chromium.ts';
import { signInByPassword } from './console.ts';
import { administrator, type Portal } from './portal.ts';

/** A story in a window of its own, in which our pages do nothing that they must not. */
export const inWindow = async (
  { browser }: Portal,
  story: (window: Window) => Promise<void>,
): Promise<void> => {
  const window = await openWindow(browser, { ignoreHTTPSErrors: true });
  try {
    await story(window);
    expect(window.offences).toEqual([]);
  } finally {
    await window.close();
  }
};

/** In at the console of that origin, at the choice of a new source. */
export const openNewSource = async (page: Page, at: string): Promise<void> => {
  await page.goto(`${at}/backoffice/`);
  await signInByPassword(page, administrator.email, administrator.password);
  await page.getByRole('link', { name: 'Contoso', exact: true }).first().click();
  await page.getByRole('link', { name: 'Authentication', exact: true }).click();
  await page.getByRole('link', { name: 'New source' }).click();
};
