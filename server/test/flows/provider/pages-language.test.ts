/** What the provider asks of a person, in German where their browser asks for German first. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Browser } from '../../support/browser.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { authorizePath, registerApp, signIn } from './support.ts';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
const german = { headers: { 'accept-language': 'de' } };

beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
  ({ browser } = await signIn(foyer, domain));
});
afterAll(() => foyer.close());

it('asks for consent in German, scope by scope, and in English otherwise', async () => {
  const app = await registerApp(foyer, domain, {
    name: 'Planner',
    skipAuthorization: false,
    scopes: 'public openid systems.read',
  });
  const path = authorizePath(app, { scope: 'public openid systems.read' });
  const page = (await browser.get(path, german)).body;
  for (const text of ['Planner erlauben?', 'Wissen, wer Sie sind', 'Lesen: systems', 'Nicht erlauben']) {
    expect(page).toContain(text);
  }
  expect(page).not.toMatch(/Do not allow|asks to act|your account page/);
  const other = (await browser.get(path)).body;
  for (const text of ['Allow Planner?', 'Know who you are', 'Read systems', 'Do not allow']) {
    expect(other).toContain(text);
  }
});

it.each([
  ['/auth/device', 'Geben Sie den Code ein, den das Gerät zeigt.'],
  ['/auth/oauth/authorized_applications', 'Es gibt keine.'],
  ['/auth/oauth/logout', 'Abmelden?'],
])('%s is German, too', async (path, text) => {
  const page = await browser.get(path, german);
  expect(page.body).toContain('<html lang="de">');
  expect(page.body).toContain(text);
});
