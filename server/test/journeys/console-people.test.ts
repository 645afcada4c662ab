/**
 * The console's screens of applications, people, keys and the audit log, as an administrator uses them in Chromium: one
 * story, at whose end the audit log tells it.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIdOf } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { password, seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { findViolations, launchChromium, openWindow, type Window } from './support/chromium.ts';
import { startListening } from './support/listen.ts';

const payload = `"'><img src=x onerror=alert(1)><svg onload=alert(1)>{{7*7}}`;
const redirectUri = 'https://planner.contoso.example/oauth-resp.html';

/** What the audit log has to tell at the end. */
const story = [
  ['application.create', `Ada Lovelace added the application ${payload}`],
  ['user.update', 'Ada Lovelace changed Person Nr 2: blocked or not'],
  ['session.end', 'Ada Lovelace ended a session of their own account'],
  ['api_key.create', 'Ada Lovelace made the API key visitor kiosk'],
] as const;

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let window: Window;
let page: Page;
/** Requests to others than Foyer. */
const strayRequests: string[] = [];

const inConsole = (path: string): string => foyer.url('localhost', `/backoffice${path}`);
const ofDomain = (path: string): string => inConsole(`/domains/${domain.id}${path}`);
const open = async (url: string, heading: string): Promise<void> => {
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
};
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

/** A picture, and what axe says of it. */
const look = async (name: string): Promise<void> => {
  await page.waitForLoadState('networkidle');
  // Away from what explains itself on hovering; and what fades in has too little contrast half-way.
  await page.mouse.move(1, 1);
  await page.waitForTimeout(300);
  await window.picture(`console-${name}`);
  expect(await findViolations(page)).toEqual([]);
};

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await seedLocalPerson(foyer, domain, 'ada@example.test', { platform_admin: true });
  browser = await launchChromium();
  window = await openWindow(browser, { viewport: { width: 1280, height: 900 } });
  page = window.page;
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== foyer.url('localhost')) strayRequests.push(request.url());
  });
  // Deep links survive the sign-in.
  await page.goto(ofDomain('/applications'));
  await page.getByLabel('E-mail').fill('ada@example.test');
  await page.getByLabel('Password').fill(password);
  await button('Sign in').click();
  await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

describe('an administrator in the console', { timeout: 120_000 }, () => {
  it('registers an application and takes its id, its secret and its addresses along', async () => {
    await page.getByText('This console').waitFor();
    await look('applications');
    await page.getByRole('link', { name: 'New application' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Planner');
    await page.getByRole('textbox', { name: 'Redirect URIs' }).fill('planner.contoso.example');
    await button('Create application').click();
    expect(await page.getByText('Not a whole web address: planner.contoso.example').count()).toBe(1);
    await look('application-refused');
    await page.getByRole('textbox', { name: 'Redirect URIs' }).fill(redirectUri);
    await page.getByRole('radio', { name: 'Yes: it runs on a server' }).check();
    await button('Create application').click();
    const dialog = page.getByRole('dialog', { name: 'The new secret of Planner' });
    const secret = String(await dialog.locator('code').textContent());
    expect(secret.length).toBeGreaterThan(30);
    // It goes when its reader has it, and not before.
    await page.keyboard.press('Escape');
    expect(await button('Done').isDisabled()).toBe(true);
    await page.getByLabel('I have stored it').check();
    await button('Done').click();
    await page.getByRole('heading', { level: 1, name: 'Planner' }).waitFor();
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy: Client id').click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(clientIdOf(redirectUri));
    expect(await page.getByText(foyer.url('localhost', '/auth/oauth/token')).count()).toBe(1);
    expect(await page.content()).not.toContain(secret);
    await look('application');
  });

  it('S-143 shows what others typed as text, in lists, forms and sentences', async () => {
    await foyer.seedUser(domain, { name: payload, email: 'evil@example.test', groups: [payload] });
    await foyer.services.db.kysely
      .updateTable('applications')
      .set({ name: payload })
      .where('name', '=', 'Planner')
      .execute();
    await page.goto(ofDomain('/applications'));
    await page.getByRole('link', { name: payload }).click();
    await page.getByRole('heading', { level: 1, name: payload, exact: true }).waitFor();
    await page.goto(ofDomain('/users'));
    await page.getByRole('link', { name: payload }).click();
    await page.getByRole('heading', { level: 1, name: payload, exact: true }).waitFor();
    await look('user-hostile');
  });

  it('imports thirty people from a file, and is told of two bad rows before anything is sent', async () => {
    const people = Array.from(
      { length: 28 },
      (_, i) => `p${i}@example.test;Person;Nr ${i};"Staff, Floor ${i}"`,
    );
    const rows = [
      'E-Mail;Vorname;Nachname;Gruppen',
      ...people,
      'no address;Bad;One;',
      'P3@example.test;Twice;;',
    ];
    await open(ofDomain('/users/import'), 'Import users');
    await page.locator('input[type=file]').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${rows.join('\r\n')}`),
    });
    await page.getByText('30 rows, separated by semicolons').waitFor();
    await page.getByText('To be imported: 28. Left out because of problems: 2.').waitFor();
    await page.getByLabel('Only rows with problems').check();
    expect(await page.getByText('“no address” is no e-mail address').count()).toBe(1);
    expect(await page.getByText('E-mail: the same as in line 5').count()).toBe(1);
    await look('import');
    await button('Import 28 users').click();
    await page.getByText('The import is finished').waitFor();
    await page.getByText('Created: 28 · Updated: 0 · Left as they were: 0 · Failed: 0').waitFor();
    await look('import-result');
    const download = page.waitForEvent('download');
    await button('Download the result').click();
    expect((await download).suggestedFilename()).toBe('import-result.csv');
    // The same file again: everybody is there already.
    await button('Import another file').click();
    await page.getByLabel('Or paste it here').fill(['email,last name', 'p1@example.test,Renamed'].join('\n'));
    await page.getByRole('radio', { name: 'Update them with what the file says' }).check();
    await button('Import 1 user').click();
    await page.getByText('Created: 0 · Updated: 1 · Left as they were: 0 · Failed: 0').waitFor();
    await page.getByRole('link', { name: 'To the users' }).click();
    await page.getByRole('searchbox').fill('Renamed');
    await page.getByRole('link', { name: 'Person Renamed' }).waitFor();
    expect(await page.getByRole('link', { name: 'Person Nr 1' }).count()).toBe(0);
    await look('users');
  });

  it('blocks somebody, and signs a browser of theirs out', async () => {
    const { id } = await foyer.services.db.kysely
      .selectFrom('users')
      .select('id')
      .where('email_canonical', '=', 'p2@example.test')
      .executeTakeFirstOrThrow();
    const own = await foyer.services.db.kysely
      .selectFrom('users')
      .select('id')
      .where('email_canonical', '=', 'ada@example.test')
      .executeTakeFirstOrThrow();
    const other = await openWindow(browser);
    await other.page.goto(foyer.url('localhost', '/account'));
    await other.page.getByLabel('E-mail').fill('ada@example.test');
    await other.page.getByLabel('Password').fill(password);
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.waitForURL('**/account');

    await open(ofDomain(`/users/${id}`), 'Person Nr 2');
    await look('user-profile');
    for (const tab of ['Roles and password', 'Sources', 'Block and delete']) {
      await page.getByRole('tab', { name: tab }).click();
      await look(`user-${tab.split(' ')[0]?.toLowerCase()}`);
    }
    await button('Block').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
    await page.getByText('This person is blocked and cannot sign in.').waitFor();

    await page.goto(ofDomain(`/users/${own.id}?tab=sessions`));
    await page.getByText('this browser').waitFor();
    await look('user-sessions');
    const rows = page.getByRole('row').filter({ hasNot: page.getByText('this browser') });
    await rows.getByRole('button', { name: /^Sign out: / }).click();
    await page.getByText('That session has ended').waitFor();
    await other.page.goto(foyer.url('localhost', '/account'));
    expect(new URL(other.page.url()).pathname).toBe('/login');
    await other.close();
  });

  it('makes an API key, which is shown once and works', async () => {
    await open(inConsole('/api-keys'), 'API keys');
    await page.getByRole('link', { name: 'New API key' }).click();
    await page.getByLabel('Name').fill('Visitor kiosk');
    const owner = page.getByRole('combobox', { name: 'Acts for' });
    await owner.or(page.getByRole('textbox', { name: 'Acts for' })).fill('lovelace');
    await page.getByRole('option', { name: 'Ada Lovelace (ada@example.test)' }).click();
    await look('api-key-new');
    await button('Make the key').click();
    const key = String(await page.getByRole('dialog').locator('code').textContent());
    await page.getByLabel('I have stored it').check();
    await button('Done').click();
    await page.getByText('visitor kiosk', { exact: true }).waitFor();
    expect(await page.content()).not.toContain(key);
    await look('api-keys');
    const answer = await foyer.inject({
      url: '/api/engine/v2/users/current',
      headers: { host: 'localhost', 'x-api-key': key },
    });
    expect(answer.json()).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('finds all of it in the audit log, in words, and takes it away as CSV', async () => {
    for (const [action, sentence] of story) {
      await open(`${ofDomain('/activity')}?action=${action}`, 'Activity');
      await page.locator('summary', { hasText: sentence }).waitFor();
    }
    await look('activity');
    await open(`${inConsole('/audit')}?action=user.`, 'Audit');
    await page.locator('summary', { hasText: 'Ada Lovelace added Person Nr 7' }).waitFor();
    await page.locator('summary').first().click();
    await look('audit');
    const download = page.waitForEvent('download');
    await button('Export as CSV').click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines.filter((line) => line.includes('"user.create"'))).toHaveLength(28);
    // That somebody is there already was asked for.
    expect(window.offences.filter((each) => !/users: .*status of 422/.test(each))).toEqual([]);
    expect(strayRequests).toEqual([]);
  });
});
