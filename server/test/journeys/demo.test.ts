/** What the README promises a newcomer: the demo's URL, one click, one person, one's own account page. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations, launchChromium, openWindow, type Window } from './support/chromium.ts';
import { type Demo, startDemo } from './support/start-demo.ts';

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const inWindow = async (options: BrowserContextOptions, story: (window: Window) => Promise<void>) => {
  const window = await openWindow(browser, options);
  try {
    await story(window);
    expect(window.offences).toEqual([]);
  } finally {
    await window.close();
  }
};

/** From the demo's URL to the account page, with the mouse. */
const signIn = async (page: Page, person: RegExp): Promise<void> => {
  await page.goto(demo.facts.url);
  await page.getByRole('link', { name: 'Continue with Microsoft', exact: true }).click();
  expect(page.url()).toContain(demo.facts.provider.url);
  await page.getByRole('button', { name: person }).click();
};

const fact = (page: Page, region: string, label: string) =>
  page
    .getByRole('region', { name: region })
    .locator('dl > div')
    .filter({ has: page.getByText(label, { exact: true }) })
    .locator('dd')
    .first();

const session = async (page: Page): Promise<boolean> => {
  const answer = await page.request.get(`${demo.facts.url}/auth/authority`);
  return ((await answer.json()) as { session: boolean }).session;
};

describe('the demo', () => {
  it('prints one line of JSON with all that a script needs', () => {
    expect(demo.output.split('\n')).toHaveLength(1);
    expect(demo.facts).toEqual({
      url: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      domain: 'localhost',
      admin: { email: 'admin@contoso.example', password: expect.any(String) },
      api_key: expect.stringMatching(/^[0-9a-f]{32}\./),
      source_id: expect.stringMatching(/^oauth_strat-/),
      app: {
        client_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        redirect_uri: `${demo.facts.url}/backoffice/oauth-resp.html`,
      },
      people: [
        { email: 'alice@contoso.example' },
        { email: 'bob@contoso.example' },
        { email: 'carol@contoso.example' },
      ],
      provider: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
    });
  });

  it('signs me in with Microsoft, shows who I am, and signs me out', () =>
    inWindow({}, async ({ page, picture }) => {
      await signIn(page, /Alice Adams/);
      expect(page.url()).toBe(`${demo.facts.url}/account`);
      await picture('demo-account');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Alice Adams');
      expect(await fact(page, 'Who you are', 'Signed in through').textContent()).toBe('Microsoft');
      const told = 'How you sign in';
      expect(await fact(page, told, 'E-mail').textContent()).toBe(
        'alice@contoso.example from mail, userPrincipalName',
      );
      expect(await fact(page, told, 'First name').textContent()).toBe('Alice from givenName');
      expect(await fact(page, told, 'Last name').textContent()).toBe('Adams from surname');
      const scopes = await fact(page, told, 'May act for you').getByRole('listitem').allTextContents();
      expect(scopes).toEqual(
        ['openid', 'profile', 'email'].concat(
          ['Calendars.ReadWrite.Shared', 'Group.Read.All', 'User.Read.All'].map(
            (scope) => `https://graph.microsoft.com/${scope}`,
          ),
        ),
      );
      expect(await fact(page, told, 'Token lives').textContent()).toMatch(
        /^until .* \(in (about )?(an hour|1 hour|\d+ minutes)\)/,
      );
      expect(await session(page)).toBe(true);
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('status').filter({ hasText: 'You are signed out.' }).waitFor();
      await picture('demo-signed-out');
      expect(await session(page)).toBe(false);
    }));

  it('signs me out of every browser', () =>
    inWindow({}, async (here) => {
      await signIn(here.page, /Bob Brown/);
      await inWindow({}, async (there) => {
        await signIn(there.page, /Bob Brown/);
        await there.picture('demo-two-sessions');
        expect(await there.page.getByText('this browser').count()).toBe(1);
        await there.page.getByRole('button', { name: 'Sign out everywhere' }).click();
        await there.page.getByRole('status').filter({ hasText: 'You are signed out everywhere.' }).waitFor();
        expect(await session(there.page)).toBe(false);
      });
      await here.page.reload();
      expect(new URL(here.page.url()).pathname).toBe('/login');
      expect(await session(here.page)).toBe(false);
    }));

  it('works without JavaScript', () =>
    inWindow({ javaScriptEnabled: false }, async ({ page }) => {
      await signIn(page, /Carol Chen/);
      expect(page.url()).toBe(`${demo.facts.url}/account`);
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      expect(await page.getByRole('status').textContent()).toBe('You are signed out.');
    }));

  it('works with the keyboard alone', () =>
    inWindow({}, async ({ page }) => {
      const press = async (name: string): Promise<void> => {
        for (let i = 0; i < 30; i++) {
          await page.keyboard.press('Tab');
          const focused = page.locator(':focus');
          // WCAG 2.2, 2.4.7: a person sees where they are.
          expect(await focused.evaluate('(element) => getComputedStyle(element).outlineStyle')).not.toBe(
            'none',
          );
          if (((await focused.textContent()) ?? '').trim().startsWith(name)) {
            await page.keyboard.press('Enter');
            return;
          }
        }
        throw new Error(`"${name}" cannot be reached with Tab on ${page.url()}`);
      };
      await page.goto(demo.facts.url);
      await press('Continue with Microsoft');
      await page.waitForURL(`${demo.facts.provider.url}/**`);
      await press('Alice Adams');
      await page.waitForURL(`${demo.facts.url}/account`);
      await press('Sign out');
      await page.waitForURL(`${demo.facts.url}/login**`);
    }));

  it.each(['light', 'dark'] as const)('has no accessibility violation (%s)', (colorScheme) =>
    // axe-core is a script; our policy would rightly refuse it.
    inWindow({ colorScheme, bypassCSP: true }, async ({ page, picture }) => {
      await page.goto(demo.facts.url);
      await picture(`login-${colorScheme}`);
      expect(await findViolations(page)).toEqual([]);
      await signIn(page, /Alice Adams/);
      await picture(`account-${colorScheme}`);
      expect(await findViolations(page)).toEqual([]);
    }),
  );

  it('lets the administrator in with the printed password', () =>
    inWindow({}, async ({ page }) => {
      await page.goto(`${demo.facts.url}/login`);
      await page.getByLabel('E-mail').fill(demo.facts.admin.email);
      await page.getByLabel('Password').fill(demo.facts.admin.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('Administrator of this server').waitFor();
    }));
});
