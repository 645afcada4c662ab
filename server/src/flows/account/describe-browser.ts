import type { AccountWords } from './words.ts';

/** "Firefox on Windows": enough for a person to recognise their own device in a list. */
export const describeBrowser = (userAgent: string | undefined, words: AccountWords['browsers']): string => {
  if (!userAgent) return words.unknown;
  const browser = first(userAgent, browsers) ?? words.another;
  const system = first(userAgent, systems);
  return system ? words.on(browser, system) : browser;
};

type Pattern = readonly [RegExp, string];

const first = (userAgent: string, patterns: readonly Pattern[]): string | undefined =>
  patterns.find(([pattern]) => pattern.test(userAgent))?.[1];

// In this order: most browsers also carry the names of older ones.
const browsers: readonly Pattern[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
];

const systems: readonly Pattern[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
