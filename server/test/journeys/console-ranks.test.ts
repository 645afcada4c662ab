/** The console as each rank finds it: one domain's administrator, a support person, and somebody without a rank. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { findViolations, launchChromium } from './support/chromium.ts';
import { type ConsoleWindow, openConsole } from './support/console.ts';
import { startListening } from './support/listen.ts';

// Each story walks many screens; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let foyer: Foyer;
let domain: Domain;
let other: Domain;
let browser: Browser;
/** What is in the other domain, by id. */
let foreign: { user: string; source: string };
let own: { user: string };

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  other = await foyer.seedDomain({ host: 'globex.localhost', name: 'Globex' });
  await seedLocalPerson(foyer, domain, 'ada@example.test', { sys_admin: true });
  await seedLocalPerson(foyer, domain, 'sue@example.test', { support: true, name: 'Sue Support' });
  await seedLocalPerson(foyer, domain, 'bob@example.test', { name: 'Bob Brown' });
  own = { user: await foyer.seedUser(domain, { name: 'Carol Chen', email: 'carol@example.test' }) };
  foreign = {
    user: await foyer.seedUser(other, { name: 'Gina Globex', email: 'gina@globex.example' }),
    source: (await foyer.seedSource(other, { name: 'Globex sign-in' })).id,
  };
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

const as = async (email: string, story: (window: ConsoleWindow) => Promise<void>): Promise<void> => {
  // axe-core is a script; our policy would rightly refuse it.
  const window = await openConsole(browser, foyer, { email, window: { bypassCSP: true } });
  try {
    await story(window);
    // What is not there for them is a status that the browser notes.
    expect(window.offences.filter((each) => !/status of 404/.test(each))).toEqual([]);
  } finally {
    await window.close();
  }
};

/** Names in the navigation, in order. */
const places = ({ page }: ConsoleWindow): Promise<string[]> =>
  page.getByRole('navigation', { name: 'Console' }).getByRole('link').allTextContents();

/** No answer with which the server refused something that the screen had asked for. */
const watchRefusals = ({ page }: ConsoleWindow): string[] => {
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(`${answer.request().method()} ${answer.url()}`);
  });
  return refused;
};

it('S-45 shows the administrator of one domain that domain only', () =>
  as('ada@example.test', async (window) => {
    const { page, open, heading } = window;
    const refused = watchRefusals(window);
    expect((await places(window)).map((each) => each.trim())).toEqual([
      'Domains',
      'Audit',
      'API keys',
      'My account',
    ]);
    await page.getByRole('link', { name: 'Contoso' }).waitFor();
    expect(await page.getByText('Globex').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New domain' }).count()).toBe(0);
    for (const path of ['/platform', '/domains/new']) {
      await open(path, 'This is for administrators');
      await page.getByText(/an administrator of your own domain/).waitFor();
    }
    for (const path of [
      '',
      '/about',
      '/applications',
      '/authentication',
      `/authentication/${foreign.source}`,
      '/users',
      '/users/import',
      `/users/${foreign.user}`,
      '/activity',
    ]) {
      await open(`/domains/${other.id}${path}`, 'There is no such page');
      expect(await page.content(), path).not.toMatch(/globex/i);
    }
    await window.picture('console-foreign-domain');
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'To the domains' }).click();
    await heading('Domains');
    // The own domain is no way around it.
    for (const path of [`/authentication/${foreign.source}`, `/users/${foreign.user}`]) {
      await page.goto(foyer.url('localhost', `/backoffice/domains/${domain.id}${path}`));
      await page.getByText('There is no such thing here, or not any more.').waitFor();
      expect(await page.content(), path).not.toMatch(/globex/i);
    }
    await open('/audit', 'Audit');
    await page.getByText('Ada Lovelace').first().waitFor();
    expect(await page.content()).not.toMatch(/globex/i);
    expect(refused).toEqual([]);
  }));

it('lets a support person see and help people, and offers nothing that would be refused', () =>
  as('sue@example.test', async (window) => {
    const { page, open, heading, button, says } = window;
    const refused = watchRefusals(window);
    expect((await places(window)).map((each) => each.trim())).toEqual(['Domains', 'My account']);
    await page.getByRole('link', { name: 'Contoso' }).click();
    await heading('Users');
    const tabs = page.getByRole('navigation', { name: 'Of this domain' }).getByRole('link');
    expect(await tabs.allTextContents()).toEqual(['Users']);
    expect(await page.getByRole('link', { name: 'Import CSV' }).count()).toBe(0);
    expect(await page.getByRole('columnheader', { name: 'Role' }).count()).toBe(0);
    await window.picture('console-support-users');
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Carol Chen' }).click();
    await heading('Carol Chen');
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Profile']);
    await page.getByRole('textbox', { name: 'Phone' }).fill('+49 30 1234');
    await button('Save').click();
    await says('Saved');
    await window.picture('console-support-user');
    const carol = await foyer.services.db.kysely
      .selectFrom('users')
      .selectAll()
      .where('id', '=', own.user)
      .executeTakeFirst();
    expect(carol).toMatchObject({ phone: '+49 30 1234', name: 'Carol Chen' });
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('link', { name: 'New user' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('new@example.test');
    await page.getByRole('textbox', { name: 'First name' }).fill('Nina');
    expect(await page.getByRole('switch').count()).toBe(0);
    await button('Create user').click();
    await heading('Nina');
    for (const path of ['/about', '/applications', '/authentication', '/users/import', '/activity']) {
      await open(`/domains/${domain.id}${path}`, 'This is for administrators');
    }
    for (const path of ['/audit', '/api-keys', '/platform']) await open(path, 'This is for administrators');
    await says(/support person/);
    await open(`/domains/${other.id}/users`, 'There is no such page');
    expect(refused).toEqual([]);
  }));

it('tells somebody without a rank whom to ask, wherever they go', () =>
  as('bob@example.test', async (window) => {
    const { page, open, heading, says } = window;
    const refused = watchRefusals(window);
    await heading('This is for administrators');
    expect((await places(window)).map((each) => each.trim())).toEqual(['My account']);
    for (const path of ['/domains', `/domains/${domain.id}/users`, '/audit', '/platform']) {
      await open(path, 'This is for administrators');
      await says(/signed in as Bob Brown \(bob@example.test\)/);
      await says(/ask the people who look after sign-in/);
    }
    await window.picture('console-no-rank');
    await page.getByRole('link', { name: 'To my account' }).click();
    await heading('My account');
    await says('No role here');
    expect(refused).toEqual([]);
  }));
