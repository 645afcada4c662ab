/**
 * @module Chromium for a journey. Every window notes what one of our pages must never do, and a journey ends by asking
 * that there is no such note. FOYER_SCREENSHOTS names a folder for pictures of the pages on the way.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** @throws {Error} when there is no Chromium: a journey is never skipped. */
export const launchChromium = async (...more: string[]): Promise<Browser> => {
  if (!existsSync(path)) {
    throw new Error(
      `There is no Chromium at ${path}, so the browser journeys cannot run. Install it ` +
        '(Debian: apt-get install chromium) or name one with CHROMIUM_PATH.',
    );
  }
  return chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more],
  });
};

export interface Window {
  page: Page;
  /** Broken content security policies, errors in the console, dialogs, failed requests. */
  offences: string[];
  /** A picture, when pictures are wanted. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A window with an empty cookie jar. A status that a page answers on purpose is no offence. */
export const openWindow = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Window> => {
  // What is fading away is no state that anybody reads: with less motion, a menu is open or gone.
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  // Below a test's own limit, so that a failure names the step.
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const offences: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    const isStatus = /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);
    const isPage = isStatus && message.location().url === page.url();
    if ((message.type() === 'error' || /content security policy/i.test(text)) && !isPage) {
      offences.push(`${message.location().url}: ${text}`);
    }
  });
  page.on('pageerror', (error) => offences.push(String(error)));
  page.on('dialog', (dialog) => {
    offences.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    offences,
    async picture(name) {
      const folder = process.env.FOYER_SCREENSHOTS;
      if (!folder) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds wrong for people who see, hear or move differently (WCAG 2.2 A and AA, and good practice). */
export const findViolations = async (page: Page): Promise<string[]> => {
  // Reading it takes longer than running it, so a page gets it once.
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
    violations: Violation[];
  };
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`);
    return [`${page.url()} ${id}: ${help}`, ...places].join('\n');
  });
};
