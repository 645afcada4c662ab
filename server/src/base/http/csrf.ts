/**
 * @module Protection of state changes that the session cookie alone would authorize (S-84): the request must come from
 * a page of ours (`Origin`, `Sec-Fetch-Site`), and carry a token that only such a page can know.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';

/** The token of a session, for a hidden form field. `key` is the installation's key for the purpose `csrf`. */
export const csrfTokenFor = (key: Buffer, sessionCookieValue: string): string =>
  createHmac('sha256', key).update(sessionCookieValue).digest('base64url');

/**
 * Whether a browser says that a page of `origin` sent this request; `undefined` when it says nothing (a script).
 *
 * @see Fetch Metadata Request Headers §2.4
 */
export const isSameOrigin = (request: FastifyRequest, origin: string): boolean | undefined => {
  const site = request.headers['sec-fetch-site'];
  const sender = request.headers.origin;
  if (sender === undefined && site === undefined) return undefined;
  return (sender === undefined || sender === origin) && (site === undefined || site === 'same-origin');
};

/** @throws {FoyerError} `csrf_refused` unless the request is same-origin and carries the session's token. */
export const checkCsrf = (
  request: FastifyRequest,
  check: { origin: string; key: Buffer; sessionCookieValue: string; rawToken: unknown },
): void => {
  if (isSameOrigin(request, check.origin) !== true) {
    throw new FoyerError('csrf_refused', { detail: 'not sent by a page of this site' });
  }
  const expected = Buffer.from(csrfTokenFor(check.key, check.sessionCookieValue));
  const given = Buffer.from(typeof check.rawToken === 'string' ? check.rawToken : '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new FoyerError('csrf_refused', { detail: 'missing or wrong token' });
  }
};
