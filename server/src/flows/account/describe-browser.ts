import { deviceOf } from '#base/lib/device.ts';
import type { AccountWords } from './words.ts';

/** "Firefox on Windows": enough for a person to recognise their own device in a list. */
export const describeBrowser = (userAgent: string | undefined, words: AccountWords['browsers']): string => {
  if (!userAgent) return words.unknown;
  const { browser = words.another, system } = deviceOf(userAgent);
  return system ? words.on(browser, system) : browser;
};
