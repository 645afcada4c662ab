/** An application from its first mistake to its end, each step tried at the token endpoint as the application would. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { password, seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { findViolations, launchChromium } from './support/chromium.ts';
import { type ConsoleWindow, openConsole } from './support/console.ts';
import { startListening } from './support/listen.ts';

// Each story is many steps; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const first = 'https://planner.contoso.example/oauth-resp.html';
const second = 'https://planner2.contoso.example/oauth-resp.html';
const third = 'https://planner3.contoso.example/oauth-resp.html';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let admin: ConsoleWindow;
let secret: string;

const ask = async (form: Record<string, string>): Promise<string> => {
  const answer = await foyer.inject({
    method: 'POST',
    url: '/auth/oauth/token',
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(form).toString(),
  });
  const { access_token, error } = answer.json() as Record<string, string>;
  return access_token === undefined ? `${answer.statusCode} ${error}` : 'token';
};

/** What the token endpoint answers the application: a token, or why not. */
const asApplication = (client_id: string, client_secret: string): Promise<string> =>
  ask({ grant_type: 'client_credentials', client_id, client_secret });

const asPerson = (client_id: string, client_secret: string): Promise<string> =>
  ask({ grant_type: 'password', client_id, client_secret, username: 'ada@example.test', password });

/** The secret that is shown once; it is gone with its dialog. */
const takeSecret = async (): Promise<string> => {
  const shown = String(await admin.dialog().locator('code').textContent());
  await admin.page.getByLabel('I have stored it').check();
  await admin.button('Done').click();
  await admin.dialog().waitFor({ state: 'hidden' });
  expect(await admin.page.content()).not.toContain(shown);
  return shown;
};

const save = async (): Promise<void> => {
  await admin.button('Save').click();
  await admin.page.getByText('Not saved yet', { exact: true }).waitFor({ state: 'hidden' });
};

const redirects = () => admin.page.getByRole('textbox', { name: 'Redirect URIs' });

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await seedLocalPerson(foyer, domain, 'ada@example.test', { sys_admin: true });
  browser = await launchChromium();
  const path = `/domains/${domain.id}/applications`;
  // axe-core is a script; our policy would rightly refuse it.
  admin = await openConsole(browser, foyer, { email: 'ada@example.test', path, window: { bypassCSP: true } });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

it('names a wrong redirect URI beside its field, then shows the secret once', async () => {
  const { page, button, says } = admin;
  await page.getByRole('link', { name: 'New application' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Planner');
  await page.getByRole('radio', { name: 'Yes: it runs on a server' }).check();
  for (const [typed, said] of [
    ['', 'Say at least one address'],
    ['planner.contoso.example', 'Not a whole web address: planner.contoso.example'],
    [`${first}#part`, `Must not have a part behind #: ${first}#part`],
    [`${first}\nhttps://me:it@contoso.example/`, /Must not have a name or password in it/],
  ] as const) {
    await redirects().fill(typed);
    await button('Create application').click();
    await says(said);
    expect(await redirects().getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => page.locator(':focus').getAttribute('name')).toBe('redirect_uri');
  }
  await redirects().fill(first);
  await button('Create application').click();
  secret = await takeSecret();
  await admin.heading('Planner');
  await page.reload();
  await admin.heading('Planner');
  expect(await page.content()).not.toContain(secret);
  expect(await asApplication(clientIdOf(first), secret)).toBe('token');
  expect(await asApplication(clientIdOf(first), 'not the one')).toBe('401 invalid_client');
});

it('replaces the secret without a gap, and ends the old one when told to', async () => {
  const { button, dialog, says } = admin;
  await button('Make a new secret').click();
  const newer = await takeSecret();
  await says('Two secrets work now. When the application uses the new one, end the old one.');
  expect(await asApplication(clientIdOf(first), secret)).toBe('token');
  expect(await asApplication(clientIdOf(first), newer)).toBe('token');
  await button('End old secrets').click();
  await dialog()
    .getByText(/Only the newest secret works then/)
    .waitFor();
  await button('End old secrets', dialog()).click();
  await says('Only the newest secret works now');
  expect(await asApplication(clientIdOf(first), secret)).toBe('401 invalid_client');
  expect(await asApplication(clientIdOf(first), newer)).toBe('token');
  secret = newer;
});

it('says that the client id moves with the redirect URI, and keeps it where that is wanted', async () => {
  const { page, says, picture } = admin;
  await redirects().fill(second);
  await says('The client id changes with the first redirect URI');
  await picture('console-client-id-moves');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('switch', { name: 'Keep the client id as it is' }).check();
  await save();
  await page.getByText(second).first().waitFor();
  expect(await page.getByText(clientIdOf(first), { exact: true }).count()).toBeGreaterThan(0);
  expect(await asApplication(clientIdOf(first), secret)).toBe('token');
  await redirects().fill(third);
  await save();
  await page.getByText(clientIdOf(third), { exact: true }).first().waitFor();
  expect(await asApplication(clientIdOf(third), secret)).toBe('token');
  expect(await asApplication(clientIdOf(first), secret)).toBe('401 invalid_client');
});

it('explains each legacy switch, and the server then does what it says', async () => {
  const { page, says, open, picture } = admin;
  await says(/the application sees people’s passwords/);
  await says(/Use an API key instead where you can/);
  const passwords = page.getByRole('switch', { name: /^Passwords sent by the application/ });
  expect(await passwords.isChecked()).toBe(false);
  expect(await asPerson(clientIdOf(third), secret)).toBe('400 unsupported_grant_type');
  await passwords.check();
  await save();
  expect(await asPerson(clientIdOf(third), secret)).toBe('token');
  await picture('console-legacy');
  await open(`/domains/${domain.id}/applications`, 'Applications');
  await page.getByText('1 legacy switch', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Planner' }).click();
  await passwords.uncheck();
  await save();
  expect(await asPerson(clientIdOf(third), secret)).toBe('400 unsupported_grant_type');
});

it('deletes it when its name is typed, and says what ends with it', async () => {
  const { page, button, dialog, says } = admin;
  await button('Delete application').click();
  await dialog()
    .getByText(/can sign nobody in from then on/)
    .waitFor();
  const confirm = button('Delete application', dialog());
  await dialog().getByRole('textbox').fill('Planer');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog().getByRole('textbox').fill('Planner');
  await confirm.click();
  await says('Planner is deleted');
  await admin.heading('Applications');
  expect(await page.getByRole('link', { name: 'Planner' }).count()).toBe(0);
  expect(await asApplication(clientIdOf(third), secret)).toBe('401 invalid_client');
  expect(admin.offences).toEqual([]);
});
