/**
 * @module A soft back-off for applications that fail again and again at the token endpoint: `Retry-After`, never a
 * lock. Only failures count, so that many people behind one address, or a browser that signs in anew with every
 * answer it does not understand, are not shut out. Per process: no secret here is short enough to be guessed.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';

export interface FailureLimit {
  /** @throws {FoyerError} `rate_limited` */
  check(key: string): void;
  count(key: string): void;
}

const burst = 120;
const perSecond = 5;

interface Bucket {
  failures: number;
  atMs: number;
}

export const createFailureLimit = (clock: Clock): FailureLimit => {
  const buckets = new LRUCache<string, Bucket>({ max: 20_000 });
  const failuresNow = (key: string): number => {
    const bucket = buckets.get(key);
    if (!bucket) return 0;
    return Math.max(0, bucket.failures - ((clock.nowMs() - bucket.atMs) / 1_000) * perSecond);
  };
  return {
    check(key) {
      if (failuresNow(key) >= burst) throw new FoyerError('rate_limited', { retryAfterSeconds: 1 });
    },
    count(key) {
      buckets.set(key, { failures: failuresNow(key) + 1, atMs: clock.nowMs() });
    },
  };
};
