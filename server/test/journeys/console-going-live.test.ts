/**
 * A live source in the hands of its administrator: tried and made the default, changed and rolled back, a bad secret found
 * by the short id that a person saw, copied, switched off, deleted.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findViolations, launchChromium, openWindow, type Window } from './support/chromium.ts';
import { type Demo, startDemo } from './support/start-demo.ts';

// Each story is many steps in two browsers; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let demo: Demo;
let browser: Browser;
let window: Window;
let page: Page;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
  window = await openWindow(browser);
  page = window.page;
  const { email, password } = demo.facts.admin;
  await page.goto(`${demo.facts.url}/backoffice/`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Contoso', exact: true }).first().click();
  await page.getByRole('link', { name: 'Authentication', exact: true }).click();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const openSource = async (tab: string): Promise<void> => {
  await page.getByRole('link', { name: 'Authentication', exact: true }).first().click();
  await page.getByRole('link', { name: 'Microsoft', exact: true }).click();
  await page.getByRole('tab', { name: tab }).click();
};

const choose = async (action: string, source = 'Microsoft'): Promise<void> => {
  await page.getByRole('link', { name: 'Authentication', exact: true }).first().click();
  await page.getByRole('button', { name: `More for ${source}`, exact: true }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
};

const dialog = () => page.getByRole('dialog');
const done = (words: string) => page.getByText(words, { exact: true }).waitFor();

/** Somebody else's browser, sent to sign in; answers it where it ends. */
const asPerson = async <T>(person: RegExp, story: (theirs: Page) => Promise<T>): Promise<T> => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const theirs = await context.newPage();
  try {
    await theirs.goto(`${demo.facts.url}/auth/login?continue=/account`);
    if (new URL(theirs.url()).pathname === '/login') {
      await theirs.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
    }
    await theirs.getByRole('button', { name: person }).click();
    return await story(theirs);
  } finally {
    await context.close();
  }
};

it('makes a source the default once it was tried, and people no longer see the sign-in page', async () => {
  await choose('Make default');
  await dialog().getByText('This version has not passed a dry run.').waitFor();
  expect(await dialog().getByRole('button', { name: 'Make default', exact: true }).isEnabled()).toBe(false);
  await dialog().getByRole('link', { name: 'Try it now' }).click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Try it', exact: true }).first().click();
  await (await opened).getByRole('button', { name: /Bob Brown/ }).click();
  await done('It works.');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Note the test', exact: true }).first().click();
  await done('Noted: this version is tested');
  await choose('Make default');
  await dialog().getByText('This very version has passed a dry run.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Make default', exact: true }).click();
  await done('People are now sent straight to it');
  await page.getByText('Default', { exact: true }).waitFor();
  await asPerson(/Bob Brown/, async (theirs) => {
    await theirs.waitForURL(`${demo.facts.url}/account`);
    expect(await theirs.getByRole('heading', { level: 1 }).textContent()).toBe('Bob Brown');
  });
  expect(window.offences).toEqual([]);
});

it('finds a bad secret by the short id that a person saw, and rolls back in one step', async () => {
  await openSource('Secrets');
  await page.getByLabel('Second client secret: New value', { exact: true }).fill('not-the-right-one');
  await page.getByRole('button', { name: 'Set the second secret', exact: true }).click();
  await done('Saved. It counts from the next sign-in.');
  await page.getByText('…-one', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('not-the-right-one');
  await page.getByRole('button', { name: 'Promote: it becomes the first', exact: true }).click();
  await dialog().getByRole('button', { name: 'Promote: it becomes the first', exact: true }).click();
  await done('The second secret is now the first');
  const shortId = await asPerson(/Carol Chen/, async (theirs) => {
    await theirs.getByText('Tell your administrator this reference').waitFor();
    return theirs.locator('p code').first().textContent();
  });
  expect(shortId).toMatch(/^[2-9a-z]{8}$/);
  await openSource('Flight recorder');
  await page
    .getByLabel('Short id')
    .or(page.getByPlaceholder(/Short id/))
    .first()
    .fill(String(shortId));
  await page
    .getByRole('link', { name: String(shortId), exact: true })
    .last()
    .click();
  await page.getByText('The client secret is wrong', { exact: true }).first().waitFor();
  await page
    .getByText(/Client Secret/)
    .first()
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
  await openSource('Versions');
  const first = page.getByRole('listitem').filter({ hasText: /^Version 1(?!\d)/ });
  await first.getByRole('button', { name: 'Roll back to this', exact: true }).click();
  await dialog().getByRole('button', { name: 'Roll back', exact: true }).click();
  await done('Rolled back to version 1');
  // The very configuration that was tried is back, and its test with it.
  const current = page.getByRole('listitem').filter({ hasText: 'current' }).first();
  await current.getByText('tested', { exact: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await asPerson(/Carol Chen/, async (theirs) => {
    await theirs.waitForURL(`${demo.facts.url}/account`);
  });
  expect(window.offences).toEqual([]);
});

it('copies a source as a draft, switches the default off, and deletes it when its name is typed', async () => {
  await choose('Duplicate');
  await dialog().getByRole('button', { name: 'Duplicate', exact: true }).click();
  await done('Duplicated as a draft, without its secrets');
  await page.getByRole('heading', { level: 1, name: /copy/ }).waitFor();
  await choose('Disable');
  await dialog()
    .getByText(/get the sign-in page again/)
    .waitFor();
  await dialog().getByRole('button', { name: 'Disable', exact: true }).click();
  await done('Disabled: nobody is offered it');
  expect(await page.getByText('Default', { exact: true }).count()).toBe(0);
  const answer = await page.request.get(`${demo.facts.url}/auth/login?continue=/account`);
  expect(new URL(answer.url()).pathname).toBe('/login');
  await choose('Delete');
  await dialog()
    .getByText(/2 people have signed in through it/)
    .waitFor();
  await dialog().getByText('Bob Brown').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog().getByRole('textbox').fill('Microsoft');
  await dialog().getByRole('button', { name: 'Delete source', exact: true }).click();
  await done('Deleted');
  expect(await page.getByRole('link', { name: 'Microsoft', exact: true }).count()).toBe(0);
  expect(window.offences).toEqual([]);
});
