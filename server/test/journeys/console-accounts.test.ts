/**
 * Accounts in the hands of their administrator, each step tried at the server or in the browser of the person it is about:
 * one's own password and sessions, ranks and groups, blocking, deleting and bringing back.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { password, seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { launchChromium, openWindow } from './support/chromium.ts';
import { type ConsoleWindow, openConsole, signInByPassword } from './support/console.ts';
import { startListening } from './support/listen.ts';

// Each story is many steps in two browsers; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const newPassword = 'another good phrase';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let adaId: string;
let admin: ConsoleWindow;

const ofDomain = (path: string): string => `/domains/${domain.id}${path}`;
const account = (): string => foyer.url('localhost', '/account');

/** A switch, whose name goes on with what it is for. */
const rank = (name: string) => admin.page.getByRole('switch', { name: new RegExp(`^${name}`) });

const personRow = (id: string) =>
  foyer.services.db.kysely.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();

/** Where somebody ends who signs in by this password: their account, or the sign-in page with a reason. */
const triesToSignIn = async (
  email: string,
  word: string,
  from = '/account',
): Promise<{ path: string; alert: string | null }> => {
  const { page, close } = await openWindow(browser);
  try {
    await page.goto(foyer.url('localhost', from));
    await signInByPassword(page, email, word);
    await page.waitForLoadState();
    const alert = page.getByRole('alert');
    const { pathname } = new URL(page.url());
    return { path: pathname, alert: (await alert.count()) > 0 ? await alert.textContent() : null };
  } finally {
    await close();
  }
};

const inTheirBrowser = async <T>(email: string, story: (page: Page) => Promise<T>): Promise<T> => {
  const { page, close } = await openWindow(browser);
  try {
    await page.goto(account());
    await signInByPassword(page, email);
    await page.waitForURL(account());
    return await story(page);
  } finally {
    await close();
  }
};

const isSignedIn = async (page: Page): Promise<boolean> => {
  await page.goto(account());
  return new URL(page.url()).pathname === '/account';
};

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await foyer.services.db.kysely
    .updateTable('domains')
    .set({ internals: JSON.stringify({ soft_delete: true }) })
    .where('id', '=', domain.id)
    .execute();
  await foyer.services.changes.announce({ kind: 'domain', domainId: domain.id });
  adaId = await seedLocalPerson(foyer, domain, 'ada@example.test', { sys_admin: true });
  browser = await launchChromium();
  admin = await openConsole(browser, foyer, { email: 'ada@example.test', path: ofDomain('/users') });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

it('gives and takes ranks and groups, and the person has them at once', async () => {
  const { page, open, button, says } = admin;
  const id = await seedLocalPerson(foyer, domain, 'bob@example.test', { name: 'Bob Brown' });
  await open(ofDomain(`/users/${id}`), 'Bob Brown');
  await page
    .getByRole('textbox', { name: 'Groups' })
    .or(page.getByLabel('Groups'))
    .first()
    .fill('Facilities');
  await page.keyboard.press('Enter');
  await button('Save').click();
  await says('Saved');
  await page.getByRole('tab', { name: 'Roles and password' }).click();
  await rank('Support').check();
  await rank('Domain administrator').check();
  await button('Save').click();
  await says(/Domain administrator$/);
  expect(await personRow(id)).toMatchObject({ support: true, sys_admin: true, groups: ['Facilities'] });
  await inTheirBrowser('bob@example.test', async (theirs) => {
    await theirs.goto(foyer.url('localhost', '/backoffice/'));
    await theirs.getByRole('link', { name: 'Contoso' }).waitFor();
  });
  await rank('Domain administrator').uncheck();
  await button('Save').click();
  await says(/· Support$/);
  await inTheirBrowser('bob@example.test', async (theirs) => {
    await theirs.goto(foyer.url('localhost', '/backoffice/account'));
    await theirs.getByText('Support', { exact: true }).waitFor();
    await theirs.getByText('Facilities', { exact: true }).waitFor();
  });
});

it('asks before an administrator gives up their own rank', async () => {
  const { open, button, dialog } = admin;
  await open(`${ofDomain(`/users/${adaId}`)}?tab=roles`, 'Ada Lovelace');
  await rank('Domain administrator').uncheck();
  await button('Save').click();
  await dialog()
    .getByText(/you cannot change this any more/)
    .waitFor();
  await admin.picture('console-own-rank');
  await button('Cancel', dialog()).click();
  expect(await personRow(adaId)).toMatchObject({ sys_admin: true });
  await button('Discard changes').click();
  expect(await rank('Domain administrator').isChecked()).toBe(true);
});

it('keeps the last administrator of the installation, and leads whoever gave a rank up out of the console', async () => {
  const id = await seedLocalPerson(foyer, domain, 'root@example.test', {
    name: 'Rita Root',
    sys_admin: true,
    platform_admin: true,
  });
  const root = await openConsole(browser, foyer, {
    email: 'root@example.test',
    path: `${ofDomain(`/users/${id}`)}?tab=roles`,
  });
  const { page, button, dialog, says, heading } = root;
  const mine = (name: RegExp) => page.getByRole('switch', { name });
  const giveUp = async (): Promise<void> => {
    await button('Save').click();
    await button('Give it up', dialog()).click();
    await dialog().waitFor({ state: 'hidden' });
  };
  await mine(/^Domain administrator/).uncheck();
  await giveUp();
  await says('an administrator of the installation is one of the domain, too');
  await mine(/^Platform administrator/).uncheck();
  await giveUp();
  await says('The last administrator of the installation must stay');
  await root.picture('console-last-administrator');
  expect(await personRow(id)).toMatchObject({ platform_admin: true });
  await seedLocalPerson(foyer, domain, 'other-root@example.test', { sys_admin: true, platform_admin: true });
  await giveUp();
  await heading('This is for administrators');
  expect(await personRow(id)).toMatchObject({ platform_admin: false, sys_admin: false });
  const places = page.getByRole('navigation', { name: 'Console' }).getByRole('link');
  expect((await places.allTextContents()).map((each) => each.trim())).toEqual(['My account']);
  expect(root.offences.filter((each) => !/status of (409|422)/.test(each))).toEqual([]);
  await root.close();
});

it('marks a break-glass account only where it could get in, and says what it is for', async () => {
  const { page, open, button, says } = admin;
  const id = await seedLocalPerson(foyer, domain, 'glass@example.test', {
    name: 'Glass Breaker',
    password_digest: null,
  });
  await open(`${ofDomain(`/users/${id}`)}?tab=roles`, 'Glass Breaker');
  await says(/so that somebody can still get in when a source fails/);
  await says('No password is set.');
  const flag = rank('Break-glass account');
  await flag.check();
  await button('Save').click();
  await says(/is for administrators with a local password/);
  expect(await flag.getAttribute('aria-invalid')).toBe('true');
  expect(await personRow(id)).toMatchObject({ break_glass: false });
  await rank('Domain administrator').check();
  await page.getByLabel('New password', { exact: true }).fill(newPassword);
  await button('Save').click();
  await says('Break-glass');
  await says('A password is set.');
  expect(await personRow(id)).toMatchObject({ break_glass: true, sys_admin: true });
  // Where passwords are for nobody else, that account gets in, and others do not.
  const passwords = page.getByRole('switch', { name: /^People may sign in/ });
  await open(ofDomain('/about'), 'About');
  await passwords.uncheck();
  await button('Save').click();
  await says('The domain is saved');
  expect((await triesToSignIn('bob@example.test', password, '/login?local=1')).path).not.toBe('/account');
  expect(await triesToSignIn('glass@example.test', newPassword, '/login?local=1')).toEqual({
    path: '/account',
    alert: null,
  });
  await passwords.check();
  await button('Save').click();
  await page.getByText('Not saved yet', { exact: true }).waitFor({ state: 'hidden' });
});

it('blocks somebody, whose browser is out at once, and lets them in again', async () => {
  const { page, open, button, dialog, says } = admin;
  const id = await seedLocalPerson(foyer, domain, 'dora@example.test', { name: 'Dora Dahl' });
  await open(`${ofDomain(`/users/${id}`)}?tab=account`, 'Dora Dahl');
  await inTheirBrowser('dora@example.test', async (theirs) => {
    await button('Block').click();
    await button('Block', dialog()).click();
    await says('This person is blocked and cannot sign in.');
    expect(await isSignedIn(theirs)).toBe(false);
  });
  expect((await triesToSignIn('dora@example.test', password)).path).not.toBe('/account');
  await button('Unblock').click();
  await says('Dora Dahl may sign in again');
  await button('Block').waitFor();
  expect(await triesToSignIn('dora@example.test', password)).toEqual({ path: '/account', alert: null });
  expect(await page.getByText('Blocked', { exact: true }).count()).toBe(0);
});

it('deletes somebody, brings them back, and deletes them for good', async () => {
  const { page, open, button, dialog, says } = admin;
  const id = await seedLocalPerson(foyer, domain, 'carol@example.test', { name: 'Carol Chen' });
  const confirmDeletion = async (action: string): Promise<void> => {
    await button(action).click();
    const confirm = button(action, dialog());
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').fill('carol@example.test');
    await confirm.click();
    await says('Carol Chen is deleted');
    await admin.heading('Users');
  };
  await open(`${ofDomain(`/users/${id}`)}?tab=account`, 'Carol Chen');
  await inTheirBrowser('carol@example.test', async (theirs) => {
    await confirmDeletion('Delete user');
    expect(await isSignedIn(theirs)).toBe(false);
  });
  expect(await page.getByRole('link', { name: 'Carol Chen' }).count()).toBe(0);
  expect((await triesToSignIn('carol@example.test', password)).path).not.toBe('/account');
  await page.getByLabel('Show deleted users').check();
  await page.getByRole('link', { name: 'Carol Chen' }).click();
  await admin.heading('Carol Chen');
  await page.getByRole('tab', { name: 'Block and delete' }).click();
  await says(/^This person is marked as deleted/);
  await admin.picture('console-deleted-user');
  await button('Bring back').click();
  await says('Carol Chen is back');
  await button('Delete user').waitFor();
  expect(await triesToSignIn('carol@example.test', password)).toEqual({ path: '/account', alert: null });
  await confirmDeletion('Delete user');
  await page.getByLabel('Show deleted users').check();
  await page.getByRole('link', { name: 'Carol Chen' }).click();
  await page.getByRole('tab', { name: 'Block and delete' }).click();
  await confirmDeletion('Delete for good');
  expect(await personRow(id)).toBeUndefined();
  await page.getByLabel('Show deleted users').check();
  await page.getByRole('link', { name: 'Bob Brown' }).waitFor();
  expect(await page.getByRole('link', { name: 'Carol Chen' }).count()).toBe(0);
});

it('S-86 changes the own password, and names a wrong present one beside its field', async () => {
  const { page, open, button, says } = admin;
  await open('/account', 'My account');
  const current = page.getByLabel('Present password', { exact: true });
  const type = async (present: string, again: string): Promise<void> => {
    await current.fill(present);
    await page.getByLabel('New password', { exact: true }).fill(newPassword);
    await page.getByLabel('New password, again', { exact: true }).fill(again);
    await button('Change password').click();
  };
  await type('not the one', newPassword);
  await says('is wrong');
  expect(await current.getAttribute('aria-invalid')).toBe('true');
  await admin.picture('console-wrong-password');
  await type(password, 'something else');
  await says('is not the same as the new password');
  await inTheirBrowser('ada@example.test', async (other) => {
    await type(password, newPassword);
    await says('The password is changed; other sessions have ended');
    expect(await isSignedIn(other)).toBe(false);
  });
  expect(await current.inputValue()).toBe('');
  // This window stays.
  await page.getByRole('link', { name: 'Domains' }).click();
  await page.getByRole('link', { name: 'Contoso' }).waitFor();
  expect((await triesToSignIn('ada@example.test', password)).alert).toMatch(/wrong/);
  expect(await triesToSignIn('ada@example.test', newPassword)).toEqual({ path: '/account', alert: null });
});

it('signs the own account out everywhere', async () => {
  const { page, open, button, dialog } = admin;
  const other = await openConsole(browser, foyer, { email: 'ada@example.test', password: newPassword });
  await open('/account', 'My account');
  await button('Sign out everywhere').click();
  await button('Sign out everywhere', dialog()).click();
  await page.waitForURL(/\/login/);
  expect(await isSignedIn(page)).toBe(false);
  // The other window notices with its next request, and leads to the sign-in page.
  await other.page.getByRole('link', { name: 'Audit' }).click();
  await other.page.waitForURL(/\/login/);
  // What an ended session refuses is a status that the browser notes.
  expect(other.offences.filter((each) => !/status of 40[01]/.test(each))).toEqual([]);
  expect(admin.offences.filter((each) => !/status of (422|40[01])/.test(each))).toEqual([]);
});
