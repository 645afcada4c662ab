/**
 * Going live against the console's advice: the guards of a default source say what is missing, an override wants a reason
 * and stands in the audit log, and a browser that blocks the dry run's window is no dead end.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findViolations, openWindow } from './support/chromium.ts';
import { type ConsoleWindow, openConsole } from './support/console.ts';
import { administrator, host, origin, type Portal, startPortal } from './support/portal.ts';

// Each story is many steps in two browsers; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let portal: Portal;
let admin: ConsoleWindow;
let sourceId: string;

const ofDomain = (path: string): string => `/domains/${portal.domainId}${path}`;

/** Where somebody lands who is sent to sign in. */
const landing = async (): Promise<string> => {
  const { page, close } = await openWindow(portal.browser, { ignoreHTTPSErrors: true });
  try {
    await page.goto(`${origin}/auth/login?continue=/account`);
    return new URL(page.url()).origin;
  } finally {
    await close();
  }
};

/** Whether a password is good for anything here, beside that of a marked account. */
const setPasswordSignIn = async (password_sign_in: boolean): Promise<void> => {
  const { status } = await portal.engine('PATCH', `domains/${portal.domainId}`, { password_sign_in });
  expect(status).toBe(200);
};

const askForDefault = async (): Promise<void> => {
  await admin.page.getByRole('link', { name: 'Authentication', exact: true }).first().click();
  await admin.button('More for Microsoft').click();
  await admin.page.getByRole('menuitem', { name: 'Make default', exact: true }).click();
};

beforeAll(async () => {
  portal = await startPortal();
  ({ id: sourceId } = await portal.addMicrosoft());
  admin = await openConsole(portal.browser, portal.foyer, {
    ...administrator,
    host,
    path: ofDomain('/authentication'),
    // axe-core is a script; our policy would rightly refuse it.
    window: { ignoreHTTPSErrors: true, bypassCSP: true },
  });
});
afterAll(() => portal?.close());

it('wants a reason for a default that nobody has tried and that could lock everybody out', async () => {
  const { page, button, dialog, says } = admin;
  await setPasswordSignIn(false);
  await askForDefault();
  await dialog().getByText('This version has not passed a dry run.').waitFor();
  await dialog()
    .getByText(/^No administrator can get in without it/)
    .waitFor();
  const make = button('Make default', dialog());
  expect(await make.isDisabled()).toBe(true);
  // The server says the same to whoever asks it directly.
  expect(await portal.engine('POST', `sources/${sourceId}/default`, {})).toMatchObject({
    status: 409,
    body: { code: 'not_tested' },
  });
  await dialog()
    .getByRole('switch', { name: /^Do it all the same/ })
    .check();
  await dialog().getByText('What is missing and the reason are written to the audit log.').waitFor();
  expect(await make.isDisabled()).toBe(true);
  await dialog().getByRole('textbox', { name: 'Reason' }).fill('   ');
  expect(await make.isDisabled()).toBe(true);
  await dialog().getByRole('textbox', { name: 'Reason' }).fill('The pilot begins on Monday');
  await admin.picture('console-override');
  expect(await findViolations(page)).toEqual([]);
  expect(await landing()).toBe(origin);
  await make.click();
  await says('People are now sent straight to it');
  expect(await landing()).toBe('https://login.microsoftonline.com');
});

it('tells the override and its reason in the audit log', async () => {
  const { page, open } = admin;
  await open(`/audit?action=source.make_default`, 'Audit');
  const summary = page.locator('summary', { hasText: 'made Microsoft the default way to sign in' });
  await summary.waitFor();
  expect(await summary.textContent()).toContain(
    'although this version had passed no dry run and no administrator could have got in without it: ' +
      'The pilot begins on Monday',
  );
  await admin.picture('console-override-audit');
});

it('goes live without an override once an administrator can get in without it', async () => {
  const { page, button, dialog, says, open } = admin;
  await open(ofDomain('/authentication'), 'Authentication');
  await button('More for Microsoft').click();
  await page.getByRole('menuitem', { name: 'No longer the default', exact: true }).click();
  await dialog().getByRole('button').last().click();
  await expect.poll(landing).toBe(origin);
  await setPasswordSignIn(true);
  await page.reload();
  await askForDefault();
  await dialog()
    .getByText(/^Can get in without it: .*admin@contoso.example/)
    .waitFor();
  await dialog().getByRole('link', { name: 'Try it now' }).click();
  // A browser that lets no window be opened.
  await page.evaluate('void (window.open = () => null)');
  await button('Try it').first().click();
  await says('The browser has blocked the window.');
  await admin.picture('console-blocked-window');
  expect(await findViolations(page)).toEqual([]);
  // What stays on the provider's page can be looked up here.
  await button('The provider shows an error').click();
  await page.getByLabel('Code that was shown').fill('AADSTS50011');
  await button('Explain it').click();
  await says('The callback address is not registered at Microsoft');
  await button('Try again').first().click();
  await says('The browser has blocked the window.');
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Sign in at the provider' }).click();
  await (await opened).getByRole('button', { name: /Alice Adams/ }).click();
  await says('It works.');
  await expect.poll(() => page.context().pages().length).toBe(1);
  await button('Note the test').first().click();
  await says('Noted: this version is tested');
  await askForDefault();
  await dialog().getByText('This very version has passed a dry run.').waitFor();
  expect(await dialog().getByRole('switch').count()).toBe(0);
  await button('Make default', dialog()).click();
  await says('People are now sent straight to it');
  expect(await landing()).toBe('https://login.microsoftonline.com');
  expect(admin.offences).toEqual([]);
});
