/** Instants on a page without scripts: the reader's time zone is not known, so UTC is named, and the distance said. */
import { type Html, html } from '#base/http/html.ts';

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

const units: readonly [string, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 minutes ago", "in 2 hours", "now". */
export const distance = (at: Date, now: Date): string => {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? [];
  if (unit === undefined || size === undefined) return 'just now';
  const count = Math.floor(Math.abs(seconds) / size);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
};

export const timeOf = (at: Date): Html =>
  html`<time datetime="${at.toISOString()}">${format.format(at)} UTC</time>`;
