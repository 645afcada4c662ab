/** When a new key ends, as it is asked. */
export const expiries = ['never', 'days30', 'days90', 'year', 'date'] as const;
export type Expiry = (typeof expiries)[number];

const days: Partial<Record<Expiry, number>> = { days30: 30, days90: 90, year: 365 };

/** The end of a day in the reader's zone, as Unix seconds; `undefined` for a text that is no day. */
const endOfDay = (day: string): number | undefined => {
  const at = new Date(`${day}T23:59:59`).getTime();
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000);
};

/** Unix seconds; `null`: it does not end; `undefined`: no such day, or a day that is over. */
export const expiresAt = (expiry: Expiry, day: string, nowSeconds: number): number | null | undefined => {
  if (expiry === 'never') return null;
  const count = days[expiry];
  if (count !== undefined) return Math.floor(nowSeconds) + count * 86_400;
  const end = endOfDay(day);
  return end !== undefined && end > nowSeconds ? end : undefined;
};
