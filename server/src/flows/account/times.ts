/** Instants on a page without scripts: the reader's time zone is not known, so UTC is named, and the distance said. */
import { type Html, html } from '#base/http/html.ts';
import type { Language } from '#base/lib/language.ts';

const format = (locale: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const formats: Readonly<Record<Language, Intl.DateTimeFormat>> = { en: format('en-GB'), de: format('de-DE') };
const distances: Readonly<Record<Language, Intl.RelativeTimeFormat>> = {
  en: new Intl.RelativeTimeFormat('en-GB'),
  de: new Intl.RelativeTimeFormat('de-DE'),
};
const now: Readonly<Record<Language, string>> = { en: 'just now', de: 'gerade eben' };

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 minutes ago", "in 2 hours", "just now". */
export const distance = (at: Date, from: Date, language: Language): string => {
  const seconds = Math.round((at.getTime() - from.getTime()) / 1_000);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? [];
  if (unit === undefined || size === undefined) return now[language];
  return distances[language].format(Math.trunc(seconds / size), unit);
};

export const timeOf = (at: Date, language: Language): Html =>
  html`<time datetime="${at.toISOString()}">${formats[language].format(at)} UTC</time>`;
