/**
 * Every screen of the console and every page of people's, in light and dark, on a desk and on a phone, and the console
 * in German as well: nothing that hinders people who see, hear or move differently, and nothing cut off.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations, launchChromium } from './support/chromium.ts';
import { everyScreen } from './support/screens/every-screen.ts';
import { furnishDemo, type Place } from './support/screens/furnish-demo.ts';
import { speak, startVisits, type Visitor } from './support/screens/visit-screens.ts';
import { type Demo, startDemo } from './support/start-demo.ts';

let demo: Demo;
let browser: Browser;
let place: Place;
let visitor: Visitor;
beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
  place = await furnishDemo(demo.facts, browser);
  visitor = await startVisits(browser, place);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const ways = [
  ['light', 1280],
  ['light', 390],
  ['dark', 390],
  ['dark', 1280],
] as const;

/** Runs in the page: how much wider it is than its window, and whose text its own box cuts off. */
const measure = `(() => {
  const shown = (element) => {
    const { overflowX, textOverflow, clipPath, position } = getComputedStyle(element);
    const isHidden = clipPath !== 'none' || element.clientWidth <= 1 || textOverflow === 'ellipsis';
    return !isHidden && (overflowX === 'hidden' || overflowX === 'clip');
  };
  const cut = [...document.body.querySelectorAll('*')].filter(
    (element) => element.scrollWidth > element.clientWidth + 1 && shown(element) && element.textContent !== '',
  );
  return {
    tooWide: Math.max(0, document.scrollingElement.scrollWidth - innerWidth),
    cut: cut.map((element) => element.outerHTML.slice(0, 300)),
    headings: [...document.querySelectorAll('h1')].map((heading) => heading.textContent),
    title: document.title,
  };
})()`;

interface Measured {
  tooWide: number;
  cut: string[];
  headings: string[];
  title: string;
}

const examine = async (page: Page): Promise<void> => {
  // What hangs on a place of the page follows it in the next frame.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const { tooWide, cut, headings, title } = (await page.evaluate(measure)) as Measured;
  expect({ tooWide, cut }).toEqual({ tooWide: 0, cut: [] });
  expect(headings).toHaveLength(1);
  expect(title).not.toBe('');
  expect(await findViolations(page)).toEqual([]);
};

describe('every screen', { timeout: 60_000 }, () => {
  it('is listed: each address that the console’s router knows', async () => {
    const { page, close } = await visitor.visit({ name: 'account', path: () => '/backoffice/account' });
    const routes = (await page.evaluate('Object.keys(__TSR_ROUTER__.routesByPath)')) as string[];
    await close();
    // These two only lead on.
    const drawn = routes.filter((route) => route !== '/' && route !== '/domains/$domainId');
    expect(new Set(drawn)).toEqual(new Set(everyScreen.flatMap(({ route }) => route ?? [])));
    expect(new Set(everyScreen.map(({ name }) => name)).size).toBe(everyScreen.length);
  });

  it.each(everyScreen)('$name is for everybody', async (screen) => {
    const { page, offences, settle, picture, close } = await visitor.visit(screen);
    for (const [colorScheme, width] of ways) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 1280 ? 860 : 844 });
      await examine(page);
      await picture(`${screen.name}-${colorScheme}-${width}`);
    }
    if (!screen.name.startsWith('page-')) {
      await speak(page, 'de');
      await settle();
      await examine(page);
      await picture(`${screen.name}-german`);
    } else if (screen.open === undefined) {
      const german = await visitor.visitInGerman(screen);
      expect(await german.page.locator('html').getAttribute('lang')).toBe('de');
      await examine(german.page);
      await german.picture(`${screen.name}-german`);
      expect(german.offences).toEqual([]);
      await german.close();
    }
    expect(offences.filter((each) => !screen.refused?.test(each))).toEqual([]);
    await close();
  });
});

// The API takes elements out of names; what a provider says comes as it is.
const payload = `"'><img src=x onerror=alert(1)>&lt;img src=x onerror=alert(1)&gt;{{7*7}}`;

interface Named {
  id: string;
}

/** Whatever has a name is called so, and a provider has said so of a sign-in; answers that sign-in's id. */
const typeEverywhere = async ({ api, domain, facts }: Place): Promise<string> => {
  const own = `?authority_id=${domain}&limit=100`;
  await api(`/domains/${domain}`, 'PATCH', { name: payload, description: payload });
  for (const list of ['oauth_auths', 'saml_auths', 'ldap_auths', 'oauth_apps', 'users', 'api_keys']) {
    for (const { id } of await api<Named[]>(`/${list}${own}`)) {
      // Some names have to be unique.
      await api(`/${list}/${id}`, 'PATCH', { name: `${payload} ${id}` });
    }
  }
  const source = `id=${facts.source_id}`;
  const begun = await fetch(`${facts.url}/auth/oauth2?${source}`, { redirect: 'manual' });
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const cookie = begun.headers.getSetCookie().map((each) => each.split(';')[0]);
  const answer = new URLSearchParams({ state, error: 'server_error', error_description: payload });
  await fetch(`${facts.url}/auth/oauth2/callback?${source}&${answer}`, {
    headers: { cookie: cookie.join('; ') },
  });
  const newest = async () => (await api<Named[]>(`/sign_in_attempts?authority_id=${domain}&limit=1`))[0]?.id;
  await expect.poll(newest, { timeout: 10_000 }).not.toBe(place.attempt);
  return String(await newest());
};

it('S-143 shows what others typed, and what a provider said, as text on every screen', {
  timeout: 120_000,
}, async () => {
  place.attempt = await typeEverywhere(place);
  const reached = everyScreen.filter(({ route, open }) => route !== undefined && open === undefined);
  const names = reached.map(({ name }) => name);
  const showing: string[] = [];
  for (const screen of reached) {
    const { page, offences, close } = await visitor.visit(screen);
    // An alert would be among the offences, as would a picture that is not there.
    expect(await page.locator('img[src=x]').count(), screen.name).toBe(0);
    expect(
      offences.filter((each) => !screen.refused?.test(each)),
      screen.name,
    ).toEqual([]);
    const text = await page.locator('body').innerText();
    if (text.includes('{{7*7}}')) showing.push(screen.name);
    if (text.includes('<img src=x onerror=alert(1)>&lt;')) showing.push(`${screen.name} as it was said`);
    await close();
  }
  expect(showing).toContain('attempt as it was said');
  expect(names.filter((name) => !showing.includes(name))).toEqual(['not-permitted']);
});
