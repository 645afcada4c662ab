/**
 * @module How often one address may do something, counted in this process alone: a first wall against floods, cheap
 * enough for every request. An IPv6 customer has a whole /64, so that is what counts as one address.
 */
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';

export interface IpLimit {
  /** @throws {FoyerError} `rate_limited` with the seconds after which a retry makes sense. */
  take(ip: string): void;
}

const windowMs = 60_000;

/** `perMinute` 0 turns the limit off. */
export const createIpLimit = (clock: Clock, perMinute: number): IpLimit => {
  const counts = new LRUCache<string, { endsAtMs: number; count: number }>({ max: 50_000 });
  return {
    take(ip) {
      // A loopback address is a proxy or a tool on this machine, never one person's.
      if (perMinute === 0 || isLoopback(ip)) return;
      const key = networkOf(ip);
      const nowMs = clock.nowMs();
      const known = counts.get(key);
      if (!known || known.endsAtMs <= nowMs) {
        counts.set(key, { endsAtMs: nowMs + windowMs, count: 1 });
        return;
      }
      known.count++;
      if (known.count > perMinute) {
        throw new FoyerError('rate_limited', {
          retryAfterSeconds: Math.ceil((known.endsAtMs - nowMs) / 1_000),
        });
      }
    },
  };
};

const isLoopback = (ip: string): boolean =>
  ip.startsWith('127.') || ip === '::1' || ip.startsWith('::ffff:127.');

/** The network that counts as one address. */
export const networkOf = (ip: string): string => {
  if (!ip.includes(':') || !ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).join(':') : address.toString();
};
