/** A document of the provider (discovery, keys) that is fetched rarely and shared by everyone who needs it. */
import type { Clock } from '#base/lib/clock.ts';
import { type Detail, type OnStep, traced } from './trace.ts';

/** After this a fresh copy is fetched beside the work; the old one still serves. */
const refreshAfterMs = 60 * 60 * 1000;
/** A copy older than this is not used any more. */
const maxAgeMs = 24 * 60 * 60 * 1000;
/** Whoever sends unknown key ids causes at most one fetch in this time. */
const minRefetchMs = 30 * 1000;

export interface CachedDocument<T> {
  /**
   * The copy in hand, or the first one. Whoever has to wait for it is told of the step.
   * @throws what the fetch throws, when there is no usable copy
   */
  get(onStep?: OnStep): Promise<T>;
  /**
   * Fetches a newer copy, unless that was asked for less than 30 seconds ago. Answers the newest copy in hand;
   * `undefined` when there is none.
   */
  refetch(onStep?: OnStep): Promise<T | undefined>;
}

/** Fetches of one document never overlap. Its age is counted by `clock`. */
export const createCachedDocument = <T>(
  clock: Clock,
  step: 'discovery' | 'keys',
  fetchDocument: (detail: Detail | undefined) => Promise<T>,
): CachedDocument<T> => {
  let copy: { value: T; fetchedAtMs: number } | undefined;
  let underWay: Promise<T> | undefined;
  let lastDetail: Detail = {};
  let lastRefetchMs = Number.NEGATIVE_INFINITY;

  const fetchShared = (detail: Detail | undefined): Promise<T> => {
    if (underWay === undefined) {
      lastDetail = detail ?? {};
      underWay = fetchDocument(detail)
        .then((value) => {
          copy = { value, fetchedAtMs: clock.nowMs() };
          return value;
        })
        .finally(() => {
          underWay = undefined;
        });
    }
    return underWay;
  };

  /** Several sign-ins may wait for one fetch; each has the step in its own trace. */
  const fetchOnce = (onStep: OnStep): Promise<T> =>
    traced(onStep, clock, step, async (detail) => {
      const fetching = fetchShared(detail);
      const shared = lastDetail;
      try {
        return await fetching;
      } finally {
        if (detail !== undefined && detail !== shared) Object.assign(detail, shared);
      }
    });

  const refetch = async (onStep?: OnStep): Promise<T | undefined> => {
    const sinceMs = clock.nowMs() - lastRefetchMs;
    const isTooSoon = sinceMs >= 0 && sinceMs < minRefetchMs;
    if (!isTooSoon) lastRefetchMs = clock.nowMs();
    // It failed for the token's key, not for this: that is what the trace ends with.
    const onSuccess: OnStep = onStep && ((told) => told.outcome === 'ok' && onStep(told));
    const fetching = isTooSoon ? underWay : fetchOnce(onSuccess);
    await fetching?.catch(() => undefined);
    return copy?.value;
  };

  return {
    async get(onStep) {
      const ageMs = copy === undefined ? Number.NaN : clock.nowMs() - copy.fetchedAtMs;
      if (copy === undefined || !(ageMs >= 0 && ageMs < maxAgeMs)) return fetchOnce(onStep);
      if (ageMs >= refreshAfterMs) void refetch();
      return copy.value;
    },
    refetch,
  };
};
