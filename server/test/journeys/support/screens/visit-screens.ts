/** Goes from screen to screen as whoever each is for, in one browser. */
import type { Browser, Page } from 'playwright-core';
import { openWindow, type Window } from '../chromium.ts';
import type { Place } from './furnish-demo.ts';
import { type Screen, watchRequests } from './screen.ts';

export interface Visit extends Window {
  /** Waits until all that the screen loads is there. */
  settle: () => Promise<void>;
}

export interface Visitor {
  /** The screen, open in a window of 1280 pixels with light colours. */
  visit: (screen: Screen) => Promise<Visit>;
  /** A page of people's in a browser that asks for German; it opens nothing. */
  visitInGerman: (screen: Screen) => Promise<Visit>;
}

const desk = { width: 1280, height: 860 };

/** Away from what may still be open, unsaved work included: to an address of the console that has nothing to show. */
const leave = async (page: Page): Promise<void> => {
  await lead(page, '/backoffice/nowhere');
  await page
    .getByRole('heading', { level: 1, name: /There is no such page|Diese Seite gibt es nicht/ })
    .waitFor();
};

/** As a link within the console does: no document is loaded anew. */
const lead = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(`__TSR_ROUTER__.navigate({ href: ${JSON.stringify(path)}, ignoreBlocker: true })`);
};

const isConsole = (path: string): boolean => path.startsWith('/backoffice/');

/** What is open stays open: the menu is used as a program uses it. */
export const speak = async (page: Page, language: 'en' | 'de'): Promise<void> => {
  await page.locator('header [aria-haspopup=menu]').nth(1).dispatchEvent('click');
  await page.locator(`[role=menuitemradio][lang=${language}]`).dispatchEvent('click');
  await page.locator(`html[lang=${language}]`).waitFor();
};

/** A browser keeps one session for a host, so each person has a window, and goes on in it from screen to screen. */
export const startVisits = async (browser: Browser, place: Place): Promise<Visitor> => {
  const { url, admin } = place.facts;
  const asAdministrator = await openWindow(browser, { viewport: desk, colorScheme: 'light' });
  await asAdministrator.page.goto(`${url}/login`);
  await asAdministrator.page.getByLabel('E-mail').fill(admin.email);
  await asAdministrator.page.getByLabel('Password').fill(admin.password);
  await asAdministrator.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asAdministrator.page.waitForURL((at) => at.pathname !== '/login');
  const asPerson = await openWindow(browser, { viewport: desk, colorScheme: 'light' });
  await asPerson.page.goto(`${url}/login?continue=/account`);
  await asPerson.page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
  await asPerson.page.getByRole('button', { name: /Alice Adams/ }).click();
  await asPerson.page.waitForURL('**/account');
  const tabs = {
    administrator: { ...asAdministrator, settle: watchRequests(asAdministrator.page) },
    person: { ...asPerson, settle: watchRequests(asPerson.page) },
  };
  const openTab = async ({ as = 'administrator' }: Screen): Promise<Visit> => {
    if (as !== 'nobody') return { ...tabs[as], close: async () => {} };
    const window = await openWindow(browser, { viewport: desk, colorScheme: 'light' });
    return { ...window, settle: watchRequests(window.page) };
  };
  return {
    async visit(screen) {
      const visit = await openTab(screen);
      const { page, settle, offences } = visit;
      const path = screen.path(place);
      const isThere = isConsole(new URL(page.url()).pathname);
      if (isThere) {
        await leave(page);
        if ((await page.locator('html').getAttribute('lang')) !== 'en') await speak(page, 'en');
      }
      offences.length = 0;
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(desk);
      if (isThere && isConsole(path)) await lead(page, path);
      else await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await settle();
      if (screen.open !== undefined) {
        await screen.open(page, place);
        await settle();
      }
      // Away from what explains itself on hovering.
      await page.mouse.move(1, 1);
      return visit;
    },
    async visitInGerman({ as = 'administrator', path }) {
      const storageState = as === 'nobody' ? undefined : await tabs[as].page.context().storageState();
      const options = { viewport: desk, locale: 'de-DE', ...(storageState && { storageState }) };
      const window = await openWindow(browser, options);
      await window.page.goto(`${url}${path(place)}`);
      return { ...window, settle: watchRequests(window.page) };
    },
  };
};
