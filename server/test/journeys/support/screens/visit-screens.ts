/** Goes from screen to screen as whoever each is for, in one browser. */
import type { Browser } from 'playwright-core';
import { openTab, openWindow, type Window } from '../chromium.ts';
import type { Place } from './furnish-demo.ts';
import { type Screen, watchRequests } from './screen.ts';

export interface Visit extends Window {
  /** Waits until all that the screen loads is there. */
  settle: () => Promise<void>;
}

export interface Visitor {
  /** The screen, open in a window of 1280 pixels with light colours. */
  visit: (screen: Screen) => Promise<Visit>;
}

const desk = { width: 1280, height: 860 };

/** Three people's windows: a browser keeps one session for a host. */
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
  const windows = { administrator: asAdministrator, person: asPerson };
  const options = { viewport: desk, colorScheme: 'light' } as const;
  return {
    async visit(screen) {
      const { as = 'administrator' } = screen;
      const window =
        as === 'nobody' ? await openWindow(browser, options) : await openTab(windows[as].page.context());
      const { page } = window;
      const settle = watchRequests(page);
      await page.goto(`${url}${screen.path(place)}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await settle();
      await screen.open?.(page, place);
      await settle();
      // Away from what explains itself on hovering.
      await page.mouse.move(1, 1);
      return { ...window, settle };
    },
  };
};
