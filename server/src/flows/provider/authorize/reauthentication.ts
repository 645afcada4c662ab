/**
 * @module `prompt=login` and `max_age`: the person must sign in anew, and the request that comes back from the
 * sign-in page must know that they did. A mark in its query says after which sign-in it counts as done; it is
 * authentic for this very request only.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignedIn } from '#model/sessions/session.ts';
import type { Params } from '../read-client-params.ts';

export const markName = 'signed_in_after';
export const markPurpose = 'reauthentication mark';

const macOf = (key: Buffer, atMs: number, params: Params): string => {
  const others = Object.entries(params).filter(([name]) => name !== markName);
  return createHmac('sha256', key)
    .update(JSON.stringify([atMs, others.sort()]))
    .digest('base64url');
};

/** The request's query with a mark: only a sign-in later than `atMs` will do. */
export const markedQuery = (key: Buffer, params: Params, atMs: number): string =>
  Object.entries({ ...params, [markName]: `${atMs}.${macOf(key, atMs, params)}` })
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');

/** Whether this session began after the request asked for a new sign-in. */
export const isReauthenticated = (key: Buffer, params: Params, session: SignedIn['session']): boolean => {
  const [rawMs = '', rawMac = ''] = (params[markName] ?? '').split('.');
  if (!/^\d{1,15}$/.test(rawMs)) return false;
  const [expected, given] = [Buffer.from(macOf(key, Number(rawMs), params)), Buffer.from(rawMac)];
  return (
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    session.authenticatedAt.getTime() > Number(rawMs)
  );
};
