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
