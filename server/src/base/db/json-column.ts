/**
 * What a JSON column holds, as the shape that the code counts on. A value of another shape was written by nobody of
 * this version; it counts as empty, so that its row fails alone, where the value is needed, and not every list.
 */
export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
