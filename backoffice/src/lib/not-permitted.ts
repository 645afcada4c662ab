/**
 * What a guard says with `notFound({ data })` when a screen is for others: an answer, not an error. The server would refuse
 * what the screen asks for, too.
 */
export interface NotPermitted {
  needed: 'administrator' | 'platform';
}

export const isNotPermitted = (data: unknown): data is NotPermitted =>
  typeof data === 'object' && data !== null && 'needed' in data;
