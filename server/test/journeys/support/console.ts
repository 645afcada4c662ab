/** @module The console in a window of its own, as somebody who signed in to it by password. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { password } from '../../flows/account/local-person.ts';
import type { Foyer } from '../../support/start-foyer.ts';
import { openWindow, type Window } from './chromium.ts';

export const signInByPassword = async (page: Page, email: string, word = password): Promise<void> => {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(word);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};

export interface ConsoleOptions {
  email: string;
  password?: string;
  host?: string;
  /** Below the console's own path. */
  path?: string;
  window?: BrowserContextOptions;
}

export interface ConsoleWindow extends Window {
  /** Goes to a path of the console, and waits for its heading. */
  open(path: string, heading: string): Promise<void>;
  heading(name: string): Promise<void>;
  button(name: string | RegExp, within?: Locator): Locator;
  dialog(): Locator;
  says(words: string | RegExp): Promise<void>;
}

export const openConsole = async (
  browser: Browser,
  foyer: Foyer,
  { email, password: word, host = 'localhost', path = '/', window: options }: ConsoleOptions,
): Promise<ConsoleWindow> => {
  const window = await openWindow(browser, options);
  const { page } = window;
  const heading = (name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.goto(foyer.url(host, `/backoffice${path}`));
  await signInByPassword(page, email, word);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return {
    ...window,
    heading,
    async open(to, name) {
      await page.goto(foyer.url(host, `/backoffice${to}`));
      await heading(name);
    },
    button: (name, within) => (within ?? page).getByRole('button', { name, exact: typeof name === 'string' }),
    dialog: () => page.getByRole('dialog'),
    says: (words) =>
      page
        .getByText(words, { exact: typeof words === 'string' })
        .first()
        .waitFor(),
  };
};
