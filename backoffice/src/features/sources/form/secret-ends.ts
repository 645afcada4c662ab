/** Entra's choices for the end of a secret, as days. */

export type EndChoice = 'unknown' | 'm6' | 'm12' | 'm24' | 'custom';

const months: Readonly<Partial<Record<EndChoice, number>>> = { m6: 6, m12: 12, m24: 24 };

/** `YYYY-MM-DD`, so many months after a day; the last day of a shorter month. */
export const monthsAfter = (day: Date, count: number): string => {
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + count + 1, 0)).getUTCDate();
  const end = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + count, Math.min(day.getUTCDate(), last));
  return new Date(end).toISOString().slice(0, 10);
};

export const dayOfChoice = (choice: EndChoice, today: Date): string | undefined => {
  if (choice === 'unknown') return '';
  const count = months[choice];
  return count === undefined ? undefined : monthsAfter(today, count);
};

/** The choice that a day came from. */
export const choiceOfDay = (day: string, today: Date): EndChoice => {
  if (day === '') return 'unknown';
  const found = (Object.keys(months) as EndChoice[]).find((choice) => dayOfChoice(choice, today) === day);
  return found ?? 'custom';
};
