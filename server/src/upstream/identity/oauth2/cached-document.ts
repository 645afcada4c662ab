/** A document of the provider (discovery, keys) that is fetched rarely and shared by everyone who needs it. */
import type { Clock } from '#base/lib/clock.ts';

/** After this a fresh copy is fetched beside the work; the old one still serves. */
const refreshAfterMs = 60 * 60 * 1000;
/** A copy older than this is not used any more. */
const maxAgeMs = 24 * 60 * 60 * 1000;
/** Whoever sends unknown key ids causes at most one fetch in this time. */
const minRefetchMs = 30 * 1000;

export interface CachedDocument<T> {
  /** The copy in hand, or the first one. @throws what the fetch throws, when there is no usable copy */
  get(): Promise<T>;
  /**
   * Fetches a newer copy, unless that was asked for less than 30 seconds ago. Answers the newest copy in hand;
   * `undefined` when there is none.
   */
  refetch(): Promise<T | undefined>;
}

/** Fetches of one document never overlap. Its age is counted by `clock`. */
export const createCachedDocument = <T>(clock: Clock, fetchDocument: () => Promise<T>): CachedDocument<T> => {
  let copy: { value: T; fetchedAtMs: number } | undefined;
  let underWay: Promise<T> | undefined;
  let lastRefetchMs = Number.NEGATIVE_INFINITY;

  const fetchOnce = (): Promise<T> => {
    underWay ??= fetchDocument()
      .then((value) => {
        copy = { value, fetchedAtMs: clock.nowMs() };
        return value;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };

  const refetch = async (): Promise<T | undefined> => {
    const sinceMs = clock.nowMs() - lastRefetchMs;
    const isTooSoon = sinceMs >= 0 && sinceMs < minRefetchMs;
    if (!isTooSoon) lastRefetchMs = clock.nowMs();
    const fetching = isTooSoon ? underWay : fetchOnce();
    await fetching?.catch(() => undefined);
    return copy?.value;
  };

  return {
    async get() {
      const ageMs = copy === undefined ? Number.NaN : clock.nowMs() - copy.fetchedAtMs;
      if (copy === undefined || !(ageMs >= 0 && ageMs < maxAgeMs)) return fetchOnce();
      if (ageMs >= refreshAfterMs) void refetch();
      return copy.value;
    },
    refetch,
  };
};
