/**
 * Takes a picture of every screen of the console, light and dark, and of the pages people see, into a folder:
 * `npm run screenshots` (or `npm run screenshots -- <folder>`; default docs/images). Starts the demo for it, signs
 * people in, and lets some of them fail, so that the screens have something to show.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../server/test/journeys/support/chromium.ts';
import { type DemoFacts, startDemo } from '../server/test/journeys/support/start-demo.ts';

const folder = resolve(process.argv[2] ?? new URL('images', import.meta.url).pathname);
mkdirSync(folder, { recursive: true });

const demo = await startDemo();
const browser = await launchChromium();
const { facts } = demo;

const api = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
  const answer = await fetch(`${facts.url}/api/engine/v2${path}`, {
    method,
    headers: { 'x-api-key': facts.api_key, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

const provider = (command: string, body: unknown): Promise<Response> =>
  fetch(`${facts.provider.url}/_control/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** One person's sign-in, in a browser of their own. */
const signIn = async ({ url }: DemoFacts, person: string): Promise<void> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
  await page.getByRole('button', { name: new RegExp(person) }).click();
  await page.waitForLoadState('networkidle');
  await context.close();
};

const openConsole = async (scheme: 'light' | 'dark', of: Browser): Promise<Page> => {
  const context = await of.newContext({
    colorScheme: scheme,
    viewport: { width: 1280, height: 860 },
    locale: 'en-GB',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(`${facts.url}/login`);
  await page.getByLabel('E-mail').fill(facts.admin.email);
  await page.getByLabel('Password').fill(facts.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  return page;
};

for (const person of ['Alice', 'Bob', 'Carol', 'Alice']) await signIn(facts, person);
await provider('fault', { name: 'AADSTS7000222', times: 2 });
for (const person of ['Bob', 'Alice']) await signIn(facts, person);
await provider('clear-faults', {});
await signIn(facts, 'Carol');
await new Promise((done) => setTimeout(done, 2_500));

interface Row {
  id: string;
}
const [domain] = await api<[Row]>('/domains');
const [user] = await api<[Row]>('/users?q=alice');
const [application] = await api<[Row]>('/oauth_apps');
const [attempt] = await api<[Row]>('/sign_in_attempts?outcome=denied');
const soon = Math.floor(Date.now() / 1000) + 21 * 86_400;
await api(`/oauth_auths/${facts.source_id}`, 'PATCH', { client_secret_expires_at: soon });
await api(`/oauth_auths/${facts.source_id}`, 'PATCH', { authorize_params: { prompt: 'select_account' } });

const base = `/backoffice/domains/${domain.id}`;
const source = `${base}/authentication/${facts.source_id}`;
const screens: Record<string, string> = {
  domains: '/backoffice/domains',
  'domain-new': '/backoffice/domains/new',
  'domain-about': `${base}/about`,
  applications: `${base}/applications`,
  application: `${base}/applications/${application.id}`,
  authentication: `${base}/authentication`,
  'source-kinds': `${base}/authentication/new`,
  'source-settings': `${source}?tab=settings`,
  'source-try': `${source}?tab=try`,
  'source-versions': `${source}?tab=versions`,
  'source-secrets': `${source}?tab=secrets`,
  'source-recorder': `${source}?tab=recorder`,
  attempt: `${base}/authentication/attempts/${attempt.id}`,
  users: `${base}/users`,
  user: `${base}/users/${user.id}`,
  'user-new': `${base}/users/new`,
  'user-import': `${base}/users/import`,
  activity: `${base}/activity`,
  'api-keys': '/backoffice/api-keys',
  audit: '/backoffice/audit',
  platform: '/backoffice/platform',
  account: '/backoffice/account',
};

/** The whole screen, with bars that stick to an edge of the window where they belong. */
const takePicture = async (page: Page, name: string): Promise<void> => {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: 1280, height: Math.max(860, height) });
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width: 1280, height: 860 });
  process.stdout.write('.');
};

/** A new Microsoft source as a newcomer makes it: three values, then a dry run. */
const tryNewSource = async (page: Page, scheme: string): Promise<void> => {
  const seeded = await api<{ token_url: string }>(`/oauth_auths/${facts.source_id}`);
  const person = `Dana ${scheme === 'light' ? 'Diaz' : 'Dunn'}`;
  const [given_name, surname] = person.split(' ');
  const email = `${surname}@contoso.example`.toLowerCase();
  await provider('person', { email, display_name: person, given_name, surname });
  await page.goto(`${facts.url}${base}/authentication/new`);
  await page.getByRole('button', { name: /^Microsoft Entra/ }).click();
  await page.waitForURL(/reservation=/);
  const id = new URL(page.url()).searchParams.get('id');
  const app = { client_id: randomUUID(), client_secret: randomUUID().replaceAll('-', '') };
  const redirect_uris = [`${facts.url}/auth/oauth2/callback?id=${id}`];
  await provider('app', { ...app, name: 'Foyer', redirect_uris });
  await page.getByLabel('Tenant', { exact: true }).fill(seeded.token_url);
  await page.getByLabel('Client ID', { exact: true }).fill(app.client_id);
  await page.getByLabel('Client Secret', { exact: true }).fill(app.client_secret);
  await page.waitForTimeout(1_500);
  await takePicture(page, `source-new-${scheme}`);
  const popUp = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Try it', exact: true }).first().click();
  await (await popUp).getByRole('button', { name: person }).click();
  await page.getByText('Would make an account').first().waitFor();
  await takePicture(page, `dry-run-${scheme}`);
};

for (const scheme of ['light', 'dark'] as const) {
  const page = await openConsole(scheme, browser);
  for (const [name, path] of Object.entries(screens)) {
    await page.goto(`${facts.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    await takePicture(page, `${name}-${scheme}`);
  }
  await tryNewSource(page, scheme);
  await page.context().close();
}
await browser.close();
await demo.stop();
process.stdout.write(`\n${folder}\n`);
