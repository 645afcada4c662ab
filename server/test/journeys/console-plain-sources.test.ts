/** SAML and LDAP sources in the console: stored and judged, with every refusal at its field, and no promise too much. */
import { testCa } from '@foyer/testkit/tls/tls.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findViolations, openWindow, type Window } from './support/chromium.ts';
import { administrator, origin, type Portal, startPortal } from './support/portal.ts';

let portal: Portal;
let window: Window;
beforeAll(async () => {
  portal = await startPortal();
  window = await openWindow(portal.browser, { ignoreHTTPSErrors: true });
  const { page } = window;
  await page.goto(`${origin}/backoffice/`);
  await page.getByLabel('E-mail').fill(administrator.email);
  await page.getByLabel('Password').fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Contoso', exact: true }).first().waitFor();
});
afterAll(async () => {
  await window?.close();
  await portal?.close();
});

/** The refusals are the point here; the browser notes each. */
const isRefusal = (offence: string): boolean => /\/(saml|ldap)_auths: .* status of 422 /.test(offence);

const list = (): string => `${origin}/backoffice/domains/${portal.domainId}/authentication`;
const newSource = async (page: Page, kind: RegExp): Promise<void> => {
  await page.goto(list());
  await page.getByRole('link', { name: 'New source' }).click();
  await page.getByRole('button', { name: kind }).click();
};
/** By the name that a screen reader says: without the asterisk of a required field. */
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

it('a SAML source takes a pasted certificate and says beside the field what is none', async () => {
  const { page, picture, offences } = window;
  await newSource(page, /^SAML/);
  // Foyer's own side is filled in: what has to be given to the provider, and is not typed.
  expect(await field(page, 'Assertion URL').inputValue()).toMatch(/\/auth\/adfs\/callback\?id=adfs_strat-/);
  await field(page, 'Name').fill('Federation');
  await field(page, 'IdP Target URL').fill('idp.example.com/sso');
  await field(page, 'Full Certificate').fill('the certificate');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByText('must be a certificate in PEM or Base64').waitFor();
  await picture('saml-refused');
  for (const label of ['IdP Target URL', 'Full Certificate']) {
    expect(await field(page, label).getAttribute('aria-invalid'), label).toBe('true');
  }
  expect(await findViolations(page)).toEqual([]);
  await field(page, 'IdP Target URL').fill('https://idp.example.com/sso');
  await field(page, 'Full Certificate').fill(testCa);
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
  expect(await page.getByRole('tab').allTextContents()).toEqual(['Settings', 'Versions']);
  expect(await field(page, 'Full Certificate').inputValue()).toContain('BEGIN CERTIFICATE');
  await page.getByRole('button', { name: 'Enable', exact: true }).click();
  await page.getByText('Shown, but nobody can sign in through it yet', { exact: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await picture('saml-stored');
  expect(offences.filter((each) => !isRefusal(each))).toEqual([]);
}, 60_000);

it('an LDAP source keeps its password to itself, and neither is offered as the default', async () => {
  const { page, picture, offences } = window;
  await newSource(page, /^LDAP/);
  await field(page, 'Name').fill('Directory');
  await field(page, 'Host').fill('dc1 corp');
  await field(page, 'Base').fill('DC=corp,DC=example');
  await field(page, 'Port').fill('70000');
  await page.getByLabel('Password', { exact: true }).fill('hunter2-bind');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByText('must be a port number').waitFor();
  await page.getByText('must be a host name or address').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await field(page, 'Host').fill('dc1.corp.example');
  await field(page, 'Port').fill('636');
  await page.getByRole('button', { name: 'Save as draft' }).click();
  await page.getByRole('tab', { name: 'Settings' }).waitFor();
  expect(await page.content()).not.toContain('hunter2-bind');
  await picture('ldap-stored');
  await page.goto(list());
  for (const name of ['Federation', 'Directory']) {
    await page.getByRole('button', { name: `More for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Make default' }).count(), name).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor({ state: 'hidden' });
  }
  await picture('plain-list');
  expect(offences.filter((each) => !isRefusal(each))).toEqual([]);
}, 60_000);
