/**
 * @module Medians, quantiles and how numbers are written.
 */

/** The middle value, or undefined when there is none. */
export function median(values: readonly (number | null | undefined)[]): number | undefined {
  const sorted = values.filter((v): v is number => typeof v === 'number' && !Number.isNaN(v));
  sorted.sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The value below which the share `p` (0 to 1) of a sorted list lies; 0 for an empty list. */
export function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}

/** Rounds to `digits` places behind the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Three significant figures, thousands with a comma; a dash for no value. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  if (Math.abs(value) >= 100) return value.toFixed(0);
  if (Math.abs(value) >= 10) return value.toFixed(1);
  return value.toFixed(Math.abs(value) >= 1 ? 2 : 3);
}

/** Median with the lowest and the highest behind it. */
export function spread(values: readonly (number | null | undefined)[]): string {
  const known = values.filter((v): v is number => typeof v === 'number');
  if (known.length === 0) return '–';
  if (known.length === 1) return figure(known[0]);
  return `${figure(median(known))} (${figure(Math.min(...known))}–${figure(Math.max(...known))})`;
}
