/**
 * @module How often a password may be tried (S-134), counted before any hashing.
 *
 * 1. Where the try comes from: one address, and one address at one account. A stranger stops here, for long.
 * 2. What it aims at: the account and the domain, over all addresses. Only what passed the first part counts, and the
 *    windows are a minute, so tries from everywhere slow an account down but never lock it.
 *
 * A browser that has signed in to the account before is spared the second part and other people's share of the
 * first: it has a counter of its own. So nobody else can keep a person from their own account.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { networkOf } from '#base/http/ip-limit.ts';
import { type DomainId, sha256Base64Url } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import { consumeLimits, type Exhausted, giveBackLimits, type Limit } from './rate-limit-store.ts';

const quarterHour = 900;
const minute = 60;

export interface PasswordTry {
  /** In canonical form. */
  email: string;
  ip: string;
  /** From `knownBrowserOf`: names the browser's own counter. */
  knownBrowser: string | undefined;
}

const stagesOf = ({ email, ip, knownBrowser }: PasswordTry): Limit[][] => {
  const account = sha256Base64Url(email).slice(0, 22);
  if (knownBrowser !== undefined) {
    return [[{ key: `password:browser:${account}:${knownBrowser}`, points: 10, windowSeconds: quarterHour }]];
  }
  const address = networkOf(ip);
  return [
    [
      { key: `password:address:${address}`, points: 60, windowSeconds: quarterHour },
      { key: `password:address-account:${address}:${account}`, points: 10, windowSeconds: quarterHour },
    ],
    [
      { key: `password:account:${account}`, points: 20, windowSeconds: minute },
      { key: 'password:domain', points: 600, windowSeconds: minute },
    ],
  ];
};

/** Counts a try; `undefined` when it may go on to the password check. */
export const countPasswordTry = async (
  db: Tx,
  domainId: DomainId,
  attempt: PasswordTry,
): Promise<Exhausted | undefined> => {
  for (const limits of stagesOf(attempt)) {
    const exhausted = await consumeLimits(db, domainId, limits);
    if (exhausted) return exhausted;
  }
  return undefined;
};

/** A right password was no guess, so an office behind one address is not slowed by its own people. */
export const forgivePasswordTry = (db: Tx, domainId: DomainId, attempt: PasswordTry): Promise<void> =>
  giveBackLimits(db, domainId, stagesOf(attempt).flat());

const markOf = (key: Buffer, domainId: DomainId, email: string, nonce: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([domainId, email, nonce]))
    .digest('base64url');

/** What a browser keeps to be known at this account later: a nonce and our mark on it. It grants nothing else. */
export const knownBrowserMark = (key: Buffer, domainId: DomainId, email: string): string => {
  const nonce = randomBytes(12).toString('base64url');
  return `${nonce}.${markOf(key, domainId, email, nonce)}`;
};

/** The nonce of a mark that we made for this account, else `undefined`. */
export const knownBrowserOf = (
  key: Buffer,
  domainId: DomainId,
  email: string,
  rawMark: string | undefined,
): string | undefined => {
  const [nonce, mark] = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/.exec(rawMark ?? '')?.slice(1) ?? [];
  if (nonce === undefined || mark === undefined) return undefined;
  const expected = Buffer.from(markOf(key, domainId, email, nonce));
  return timingSafeEqual(expected, Buffer.from(mark)) ? nonce : undefined;
};
