/** Five thousand people from a file: bad rows named by line, a progress bar that moves, and a stop half-way that adds up. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { seedLocalPerson } from '../flows/account/local-person.ts';
import type { Foyer } from '../support/start-foyer.ts';
import { launchChromium } from './support/chromium.ts';
import { type ConsoleWindow, openConsole } from './support/console.ts';
import { startListening } from './support/listen.ts';

vi.setConfig({ testTimeout: 60_000 });

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
let admin: ConsoleWindow;

const rows = Array.from({ length: 5000 }, (_, i) => `p${i}@example.test,Person,Nr ${i},Floor ${i % 9}`);
rows[1000] = 'no address,Bad,One,';
rows[3000] = 'P7@example.test,Twice,,';
const csv = ['email,first name,last name,groups', ...rows].join('\n');

const progress = async (): Promise<number> =>
  Number(await admin.page.getByRole('progressbar').getAttribute('aria-valuenow'));

const imported = async (): Promise<number> => {
  const { n } = await foyer.services.db.kysely
    .selectFrom('users')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('email_canonical', 'like', 'p%@example.test')
    .executeTakeFirstOrThrow();
  return Number(n);
};

beforeAll(async () => {
  foyer = await startListening();
  domain = await foyer.seedDomain({ host: 'localhost', name: 'Contoso' });
  await seedLocalPerson(foyer, domain, 'ada@example.test', { sys_admin: true });
  browser = await launchChromium();
  const path = `/domains/${domain.id}/users/import`;
  admin = await openConsole(browser, foyer, { email: 'ada@example.test', path });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.close();
});

it('names the bad rows of five thousand by their lines', async () => {
  const { page, says } = admin;
  const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.locator('input[type=file]').setInputFiles(file);
  await says('5,000 rows, separated by commas');
  await says('To be imported: 4,998. Left out because of problems: 2.');
  await page.getByLabel('Only rows with problems').check();
  const bad = (line: string) =>
    page.getByRole('row').filter({ has: page.getByRole('cell', { name: line, exact: true }) });
  expect(await bad('1002').or(bad('1,002')).textContent()).toContain('“no address” is no e-mail address');
  expect(await bad('3002').or(bad('3,002')).textContent()).toContain('E-mail: the same as in line 9');
});

it('shows how far it is, and stops when told to, with nothing half done', async () => {
  const { page, button, says } = admin;
  await button('Import 4,998 users').click();
  const seen = new Set<number>();
  await expect
    .poll(async () => seen.add(await progress()).size, { timeout: 30_000, interval: 100 })
    .toBeGreaterThan(5);
  expect([...seen]).toEqual([...seen].toSorted((a, b) => a - b));
  await admin.picture('console-import-running');
  await button('Stop').click();
  await says(/^The import was stopped. Not sent: /);
  await admin.picture('console-import-stopped');
  const created = Number(
    /Created: ([\d,]+)/.exec(String(await page.getByText(/^Created: /).textContent()))?.[1]?.replace(',', ''),
  );
  const left = Number(
    /Not sent: ([\d,]+)/
      .exec(
        String(
          await page
            .getByText(/Not sent: /)
            .first()
            .textContent(),
        ),
      )?.[1]
      ?.replace(',', ''),
  );
  expect(created).toBeGreaterThan(0);
  expect(created + left).toBe(4998);
  expect(await imported()).toBe(created);
  expect(admin.offences).toEqual([]);
});
