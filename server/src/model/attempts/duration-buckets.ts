/** Durations as counts by bucket, which add up over nodes and hours. Changing the bounds changes what is stored. */
const boundsMs = [
  10, 20, 35, 50, 75, 100, 150, 200, 300, 400, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000,
  15_000, 20_000, 30_000,
] as const;

/** The last bucket holds all that took longer. */
export const bucketCount = boundsMs.length + 1;

export const bucketOf = (durationMs: number): number => {
  const index = boundsMs.findIndex((bound) => durationMs <= bound);
  return index < 0 ? boundsMs.length : index;
};

/** The duration that `share` of all stay below, by its bucket's upper bound; `undefined` when there are none. */
export const quantileMs = (counts: readonly number[], share: number): number | undefined => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let sum = 0;
  for (const [index, count] of counts.entries()) {
    sum += count;
    if (sum >= total * share) return boundsMs[index] ?? boundsMs.at(-1);
  }
  return boundsMs.at(-1);
};
