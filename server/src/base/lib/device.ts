/** What a browser says of itself, short enough to recognise one's own devices by: `Firefox`, `Windows`. */
export interface Device {
  browser?: string;
  system?: string;
}

type Pattern = readonly [RegExp, string];

// In this order: most browsers also carry the names of older ones.
const browsers: readonly Pattern[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bTeams\//, 'Teams'],
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

export const deviceOf = (userAgent: string): Device => {
  const [browser, system] = [first(userAgent, browsers), first(userAgent, systems)];
  return { ...(browser && { browser }), ...(system && { system }) };
};
