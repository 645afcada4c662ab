/** The first minutes of an operator: `foyer start` on an empty folder, the printed link, the first sign-in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FoyerProcess, startFoyerProcess } from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findViolations, launchChromium, openWindow, type Window } from './support/chromium.ts';

const person = { name: 'Ada Lovelace', email: 'ada@contoso.example', password: 'correct horse battery' };

let folder: string;
let port: number;
let origin: string;
let foyer: FoyerProcess;
let browser: Browser;
let window: Window;
let link: string;

const start = (): Promise<FoyerProcess> => startFoyerProcess({ env: { FOYER_DATA: folder }, port });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foyer-first-start-'));
  port = await freePort();
  origin = `http://localhost:${port}`;
  [foyer, browser] = await Promise.all([start(), launchChromium()]);
  // axe-core is a script; our policy would rightly refuse it.
  window = await openWindow(browser, { bypassCSP: true });
});
afterAll(async () => {
  await browser?.close();
  await foyer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the first start', () => {
  it('S-90 prints a link to the set-up page', async () => {
    link = await vi.waitFor(() => {
      const found = /^ +(http:\S+\/setup\?token=\S+)$/m.exec(foyer.output())?.[1];
      expect(found).toBeDefined();
      return found as string;
    });
    expect(link.startsWith(`${origin}/setup?token=`)).toBe(true);
  });

  it('has nothing else to offer yet, and says so', async () => {
    const answer = await window.page.goto(`${origin}/`);
    expect(answer?.status()).toBe(404);
    await window.picture('first-start-nothing');
    expect(await window.page.locator('main').textContent()).toContain('the link that it printed');
    expect(await window.page.getByRole('link').count()).toBe(0);
    expect((await window.page.goto(`${origin}/setup`))?.status()).toBe(404);
    await window.picture('first-start-no-token');
  });

  it('S-90 makes the administrator and the domain behind the link', async () => {
    const { page, picture } = window;
    await page.goto(link);
    await picture('set-up');
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('Name of the domain', { exact: true }).fill('Contoso');
    await page.getByLabel('Your name').fill(person.name);
    await page.getByLabel('Your e-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByLabel('Password, again').fill('something else');
    await page.getByRole('button', { name: 'Finish set-up' }).click();
    await picture('set-up-problem');
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was created yet');
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByLabel('Password, again').fill(person.password);
    await page.getByRole('button', { name: 'Finish set-up' }).click();
    // Where a new domain goes on: in the console, at how its people will sign in.
    await page.getByRole('heading', { level: 1, name: 'Authentication' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/backoffice\/domains\/[^/]+\/authentication$/);
    await page.getByText('Contoso', { exact: true }).first().waitFor();
    await picture('set-up-done');
    expect(await findViolations(page)).toEqual([]);
    await page.goto(`${origin}/account`);
    expect(await page.getByText('Administrator of this server').count()).toBe(1);
  });

  it('lets the administrator out and in again', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(page.url()).toBe(`${origin}/account`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(person.name);
  });

  it('S-90 leaves a dead link, and prints no other one at the next start', async () => {
    const { page, picture, offences } = window;
    expect((await page.goto(link))?.status()).toBe(404);
    await picture('set-up-dead-link');
    expect(await page.locator('main').textContent()).toContain('A link works once');
    await foyer.stop();
    foyer = await start();
    await page.goto(`${origin}/account`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(person.name);
    expect(foyer.output()).not.toContain('/setup');
    expect(offences).toEqual([]);
  });
});
