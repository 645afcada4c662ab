/** Times as people say them, in the reader's language and zone. On the wire they are Unix seconds. */
import type { Language } from './words.ts';

const locales: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** Keeps an English reader's own habits (en-US), and falls back to a plain one. */
export const localeOf = (language: Language): string =>
  navigator.languages.find((each) => each.slice(0, 2) === language) ?? locales[language];

export const dateTime = (seconds: number, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' }).format(
    seconds * 1000,
  );

export const exactDateTime = (seconds: number, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'full', timeStyle: 'long' }).format(
    seconds * 1000,
  );

export const date = (seconds: number, language: Language): string =>
  new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium' }).format(seconds * 1000);

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 days ago`, `in 2 hours`, `now`. */
export const relativeTime = (seconds: number, nowSeconds: number, language: Language): string => {
  const distance = seconds - nowSeconds;
  const [unit, size] = units.find(([, each]) => Math.abs(distance) >= each) ?? ['second', 1];
  const count = unit === 'second' ? 0 : Math.round(distance / size);
  return new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' }).format(count, unit);
};

export const number = (value: number, language: Language): string =>
  new Intl.NumberFormat(localeOf(language)).format(value);
