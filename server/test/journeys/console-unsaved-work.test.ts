/**
 * Unsaved work in the console: two people edit the same thing, and the later one goes on without losing anything; and who
 * leaves a form by whatever way is asked first.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { findViolations, launchChromium } from './support/chromium.ts';
import { type ConsoleWindow, openConsole } from './support/console.ts';
import { startListening } from './support/listen.ts';

// Each story is many steps in two windows; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
/** Two administrators, each in a browser of their own. */
let ada: ConsoleWindow;
let bob: ConsoleWindow;

const ofDomain = (path: string): string => `/domains/${domain.id}${path}`;
const join = 'Show the newer values, keep what I typed';
const stored = (value: string): string =>
  `Somebody else has stored here meanwhile: “${value}”. Saving puts yours in its place.`;

const field = ({ page }: ConsoleWindow, name: string) => page.getByLabel(name, { exact: true });

const isSaved = ({ page }: ConsoleWindow): Promise<void> =>
  page.getByText('Not saved yet', { exact: true }).waitFor({ state: 'hidden' });

/** What stands in the store, by the API's own words. */
const sourceNow = async (id: string) => {
  const row = await foyer.services.db.kysely
    .selectFrom('sources')
    .select(['name', 'settings', 'version'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { name: row.name, ...(row.settings as Record<string, unknown>), version: row.version };
};

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await seedLocalPerson(foyer, domain, 'ada@example.test', { sys_admin: true });
  await seedLocalPerson(foyer, domain, 'bob@example.test', { sys_admin: true, name: 'Bob Brown' });
  browser = await launchChromium();
  const path = ofDomain('/authentication');
  // axe-core is a script; our policy would rightly refuse it.
  ada = await openConsole(browser, foyer, { email: 'ada@example.test', path, window: { bypassCSP: true } });
  bob = await openConsole(browser, foyer, { email: 'bob@example.test', path });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

it('shows the later of two who edit a source what the other has stored, and keeps what they typed', async () => {
  const { id } = await foyer.seedSource(domain, {
    name: 'Microsoft',
    settings: {
      client_id: 'the-client',
      client_secret: 'a secret',
      site: 'https://login.example.test',
      scope: 'openid',
      token_url: 'https://login.example.test/token',
      authorize_url: 'https://login.example.test/authorize',
      raw_info_url: 'https://login.example.test/me',
      info_mappings: { uid: 'id', email: 'mail', name: 'displayName' },
    },
  });
  await ada.open(ofDomain(`/authentication/${id}`), 'Microsoft');
  await bob.open(ofDomain(`/authentication/${id}`), 'Microsoft');
  await field(bob, 'Name').fill('Microsoft of Bob');
  await field(bob, 'Scope').fill('openid offline_access');
  await bob.button('Save').click();
  await bob.heading('Microsoft of Bob');

  await field(ada, 'Name').fill('Microsoft of Ada');
  await field(ada, 'Client ID').fill('another-client');
  await field(ada, 'Client Secret').fill('a typed secret');
  await ada.button('Save').click();
  await ada.says('This has changed meanwhile');
  await ada.picture('console-changed-meanwhile');
  expect(await findViolations(ada.page)).toEqual([]);
  expect(await sourceNow(id)).toMatchObject({ name: 'Microsoft of Bob', client_id: 'the-client' });
  expect(await field(ada, 'Name').inputValue()).toBe('Microsoft of Ada');
  await ada.button(join).click();
  await ada.says(stored('Microsoft of Bob'));
  await ada.picture('console-newer-values');
  expect(await findViolations(ada.page)).toEqual([]);
  expect(await field(ada, 'Scope').inputValue()).toBe('openid offline_access');
  expect(await field(ada, 'Client ID').inputValue()).toBe('another-client');
  expect(await field(ada, 'Client Secret').inputValue()).toBe('a typed secret');
  await ada.button('Save').click();
  await ada.heading('Microsoft of Ada');
  expect(await sourceNow(id)).toMatchObject({
    name: 'Microsoft of Ada',
    client_id: 'another-client',
    scope: 'openid offline_access',
    version: 3,
  });
  expect(await ada.page.getByText('This has changed meanwhile').count()).toBe(0);
  expect(await field(ada, 'Client Secret').inputValue()).toBe('');
});

it('does the same for a domain, an application, a directory and a person', async () => {
  const userId = await foyer.seedUser(domain, { name: 'Carol Chen', email: 'carol@example.test' });
  const { id: applicationId } = await foyer.services.db.kysely
    .selectFrom('applications')
    .select('id')
    .where('domain_id', '=', domain.id)
    .executeTakeFirstOrThrow();
  const ldap = await foyer.seedSource(domain, {
    kind: 'ldap',
    name: 'Directory',
    settings: { host: 'ldap.example.test', port: 636, auth_method: 'ssl', uid: 'uid', base: 'dc=example' },
  });
  const screens = [
    { path: '/about', heading: 'About', both: 'Name', theirs: 'Description' },
    {
      path: `/applications/${applicationId}`,
      heading: 'backoffice',
      both: 'Name',
    },
    {
      path: `/authentication/${ldap.id}`,
      heading: 'Directory',
      both: 'Bind DN',
      theirs: 'Filter',
    },
    {
      path: `/users/${userId}`,
      heading: 'Carol Chen',
      both: 'Nickname',
      theirs: 'Department',
    },
  ];
  for (const { path, heading, both, theirs } of screens) {
    await ada.open(ofDomain(path), heading);
    await bob.open(ofDomain(path), heading);
    const box = ({ page }: ConsoleWindow, name: string) => page.getByRole('textbox', { name, exact: true });
    await box(bob, both).fill('By Bob');
    if (theirs) await box(bob, theirs).fill('Also by Bob');
    await bob.button('Save').click();
    await isSaved(bob);
    await box(ada, both).fill('By Ada');
    await ada.button('Save').click();
    await ada.says('This has changed meanwhile');
    expect(await box(ada, both).inputValue(), path).toBe('By Ada');
    await ada.button(join).click();
    await ada.says(stored('By Bob'));
    expect(await box(ada, both).inputValue(), path).toBe('By Ada');
    if (theirs) expect(await box(ada, theirs).inputValue(), path).toBe('Also by Bob');
    await ada.button('Save').click();
    await isSaved(ada);
    await bob.page.reload();
    await bob.page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => box(bob, both).inputValue()).toBe('By Ada');
    if (theirs) expect(await box(bob, theirs).inputValue(), path).toBe('Also by Bob');
  }
});

it('keeps what is typed when something beside the form is done, and then saves it', async () => {
  const { page, button, open } = ada;
  const box = (name: string) => page.getByRole('textbox', { name, exact: true });
  const { id: applicationId } = await foyer.services.db.kysely
    .selectFrom('applications')
    .select('id')
    .where('domain_id', '=', domain.id)
    .executeTakeFirstOrThrow();
  await open(ofDomain(`/applications/${applicationId}`), 'By Ada');
  await box('Name').fill('Typed beside a new secret');
  const { id: ldapId } = await foyer.seedSource(domain, {
    kind: 'ldap',
    name: 'Second directory',
    enabled: true,
    settings: { host: 'ldap.example.test', port: 636, auth_method: 'ssl', uid: 'uid', base: 'dc=example' },
  });
  await button('Make a new secret').click();
  await page.getByLabel('I have stored it').check();
  await button('Done').click();
  await ada.says(/Two secrets work now/);
  expect(await box('Name').inputValue()).toBe('Typed beside a new secret');
  await button('Save').click();
  await isSaved(ada);
  await open(ofDomain(`/authentication/${ldapId}`), 'Second directory');
  await box('Filter').fill('(typed=*)');
  await button('Disable').click();
  await button('Enable').waitFor();
  expect(await box('Filter').inputValue()).toBe('(typed=*)');
  await button('Save').click();
  await isSaved(ada);
  expect(await sourceNow(ldapId)).toMatchObject({ filter: '(typed=*)' });
});

it('asks before a new source is left by any way, and keeps every typed value on staying', async () => {
  const { page, button, dialog, open } = ada;
  await open(ofDomain('/authentication'), 'Authentication');
  await page.getByRole('link', { name: 'New source' }).click();
  await button(/^Okta/).click();
  await field(ada, 'Client ID').fill('typed-client');
  await field(ada, 'Client Secret').fill('typed secret');
  await field(ada, 'Scope').fill('openid profile email groups');
  const address = page.url();
  const stays = async (): Promise<void> => {
    await dialog().getByText('Leave without saving?').waitFor();
    await button('Stay here', dialog()).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(page.url()).toBe(address);
    expect(await field(ada, 'Client ID').inputValue()).toBe('typed-client');
    expect(await field(ada, 'Client Secret').inputValue()).toBe('typed secret');
    expect(await field(ada, 'Scope').inputValue()).toBe('openid profile email groups');
  };
  await page.getByRole('link', { name: 'Choose another' }).click();
  await stays();
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await stays();
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await stays();
  await page.goBack().catch(() => undefined);
  await stays();
  // Closing the window: the browser asks in its own words, and here the answer is to stay.
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
  ada.offences.splice(0, ada.offences.length, ...ada.offences.filter((each) => !each.startsWith('dialog')));
  expect(page.isClosed()).toBe(false);
  expect(await field(ada, 'Client Secret').inputValue()).toBe('typed secret');
  // And whoever says so may go.
  await page.getByRole('link', { name: 'Choose another' }).click();
  await button('Leave, lose changes', dialog()).click();
  await button(/^Keycloak/).click();
  await ada.heading('New source: Keycloak');
  expect(await field(ada, 'Client ID').inputValue()).toBe('');
});

it('asks before changes of a stored source are left, but not from tab to tab', async () => {
  const { page, button, dialog } = bob;
  await bob.open(ofDomain('/authentication'), 'Authentication');
  await page.getByRole('link', { name: /^Microsoft of Ada/ }).click();
  await field(bob, 'Scope').fill('openid email');
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  expect(await dialog().count()).toBe(0);
  expect(await field(bob, 'Scope').inputValue()).toBe('openid email');
  await page.goBack().catch(() => undefined);
  await dialog().getByText('Leave without saving?').waitFor();
  await button('Stay here', dialog()).click();
  expect(await field(bob, 'Scope').inputValue()).toBe('openid email');
  await button('Discard changes').click();
  await page.goBack();
  await bob.heading('Authentication');
});

it('keeps a typed secret, when its tab is left and when somebody else was faster', async () => {
  const { page, button, dialog, says } = bob;
  await page.getByRole('link', { name: /^Microsoft of Ada/ }).click();
  await page.getByRole('tab', { name: 'Secrets' }).click();
  const second = page.getByLabel('Second client secret: New value', { exact: true });
  await second.fill('the next secret');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await dialog().getByText('Leave without saving?').waitFor();
  await button('Stay here', dialog()).click();
  expect(await second.inputValue()).toBe('the next secret');
  await ada.open(ofDomain('/authentication'), 'Authentication');
  await ada.page.getByRole('link', { name: /^Microsoft of Ada/ }).click();
  await field(ada, 'Name').fill('Microsoft once more');
  await ada.button('Save').click();
  await ada.heading('Microsoft once more');
  await button('Set the second secret').click();
  await says('This has changed meanwhile');
  await button(join).click();
  await bob.heading('Microsoft once more');
  expect(await second.inputValue()).toBe('the next secret');
  await button('Set the second secret').click();
  await says('…cret');
  await expect.poll(() => second.inputValue()).toBe('');
});

it('had nothing else to complain about', () => {
  for (const { offences } of [ada, bob]) {
    // A refused request is noted by the browser; 412 was asked for.
    expect(offences.filter((each) => !/status of 412/.test(each))).toEqual([]);
  }
});
