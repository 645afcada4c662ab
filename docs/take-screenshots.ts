/**
 * Takes a picture of every screen of the console and every page that people see, light and dark, into a folder:
 * `npm run screenshots` (or `npm run screenshots -- <folder>`). Starts the demo for it, signs people in, and lets some
 * of them fail, so that the screens have something to show. In docs/images, where it puts them if no folder is said, it
 * renews only the pictures that are there: those that a guide uses.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../server/test/journeys/support/chromium.ts';
import { everyScreen } from '../server/test/journeys/support/screens/every-screen.ts';
import { furnishDemo } from '../server/test/journeys/support/screens/furnish-demo.ts';
import { startVisits } from '../server/test/journeys/support/screens/visit-screens.ts';
import { startDemo } from '../server/test/journeys/support/start-demo.ts';

const named = process.argv[2];
const folder = resolve(named ?? new URL('images', import.meta.url).pathname);
mkdirSync(folder, { recursive: true });

const schemes = ['light', 'dark'] as const;
const fileOf = (name: string, scheme: string): string => join(folder, `${name}-${scheme}.png`);
const isWanted = (name: string, scheme: string): boolean =>
  named !== undefined || existsSync(fileOf(name, scheme));

/** The whole screen, with bars that stick to an edge of the window where they belong. */
const takePicture = async (page: Page, path: string): Promise<void> => {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: 1280, height: Math.max(860, height) });
  await page.waitForTimeout(150);
  await page.screenshot({ path });
  await page.setViewportSize({ width: 1280, height: 860 });
  process.stdout.write('.');
};

const demo = await startDemo();
const browser = await launchChromium();
const place = await furnishDemo(demo.facts, browser);
const visitor = await startVisits(browser, place);
for (const screen of everyScreen) {
  const wanted = schemes.filter((scheme) => isWanted(screen.name, scheme));
  if (wanted.length === 0) continue;
  const { page, close } = await visitor.visit(screen);
  for (const colorScheme of wanted) {
    await page.emulateMedia({ colorScheme });
    await takePicture(page, fileOf(screen.name, colorScheme));
  }
  await close();
}
await browser.close();
await demo.stop();
process.stdout.write(`\n${folder}\n`);
