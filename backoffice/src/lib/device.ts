/** What a browser says of itself, short enough to recognise one's own devices by: `Firefox`, `Windows`. */
export interface Device {
  browser: string | undefined;
  system: string | undefined;
}

type Pattern = readonly [RegExp, string];

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

const first = (text: string, patterns: readonly Pattern[]): string | undefined =>
  patterns.find(([pattern]) => pattern.test(text))?.[1];

export const deviceOf = (userAgent = ''): Device => ({
  browser: first(userAgent, browsers),
  system: first(userAgent, systems),
});
