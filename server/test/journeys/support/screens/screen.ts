/**
 * @module What there is to look at: every screen of the console and every page that people see, as one list for the
 * journey that examines them and for the command that takes their pictures.
 */
import type { Page } from 'playwright-core';
import type { Place } from './furnish-demo.ts';

export interface Screen {
  /** Also its picture's. */
  name: string;
  /** As the console's router spells it; people's pages have none. */
  route?: string;
  path: (place: Place) => string;
  /** What to do on a screen in English until it shows what it is listed for. */
  open?: (page: Page, place: Place) => Promise<void>;
  /** Who looks; administrators, if it is not said. */
  as?: 'administrator' | 'nobody' | 'person';
  /** Refusals of the server that belong to it: a browser notes them as errors. */
  refused?: RegExp;
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

/** Opens a dialog, and waits for what it loads. */
export const ask = async (page: Page, name: string): Promise<void> => {
  await press(page, name);
  await page.getByRole('dialog').waitFor();
};

export const choose = async (page: Page, menu: string, item: string): Promise<void> => {
  await press(page, menu);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

export const fill = (page: Page, label: string, value: string): Promise<void> =>
  page.getByLabel(label, { exact: true }).fill(value);

/** Answers a function that waits until the page has had no request under way for a moment. */
export const watchRequests = (page: Page): (() => Promise<void>) => {
  const underWay = new Set<unknown>();
  let changedAt = performance.now();
  const note = (change: () => void) => (): void => {
    change();
    changedAt = performance.now();
  };
  page.on('request', (request) => note(() => underWay.add(request))());
  page.on('requestfinished', (request) => note(() => underWay.delete(request))());
  page.on('requestfailed', (request) => note(() => underWay.delete(request))());
  const quietMs = 120;
  return async () => {
    const deadline = performance.now() + 15_000;
    while (underWay.size > 0 || performance.now() - changedAt < quietMs) {
      if (performance.now() > deadline) throw new Error(`${page.url()} never comes to rest`);
      await page.waitForTimeout(20);
    }
  };
};
