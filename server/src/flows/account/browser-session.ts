/** The signed-in person behind a page of the account flow, and the proof that a form of theirs is ours (S-84). */
import type { FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor } from '#base/http/csrf.ts';
import { readSessionCookie } from '#base/http/session-cookie.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { findSignedIn } from '#model/sessions/session-store.ts';
import type { AccountDeps } from './deps.ts';

type Deps = Pick<AccountDeps, 'db' | 'keyring' | 'origin'>;

export interface BrowserSession extends SignedIn {
  csrfToken: string;
}

export const findBrowserSession = async (
  deps: Deps,
  request: FastifyRequest,
): Promise<BrowserSession | undefined> => {
  const cookieValue = readSessionCookie(request, deps.origin.secure);
  if (cookieValue === undefined) return undefined;
  const { domain } = request;
  const signedIn = await findSignedIn(deps.db, domain.id, cookieValue, sessionLifetimeOf(domain).idleSeconds);
  return (
    signedIn && { ...signedIn, csrfToken: csrfTokenFor(await deps.keyring.purposeKey('csrf'), cookieValue) }
  );
};

/**
 * The same for a form that was posted; `undefined` when nobody is signed in any more.
 *
 * @throws {FoyerError} `csrf_refused`
 */
export const findFormSession = async (
  deps: Deps,
  request: FastifyRequest,
  rawToken: string | undefined,
): Promise<BrowserSession | undefined> => {
  const session = await findBrowserSession(deps, request);
  if (!session) return undefined;
  checkCsrf(request, {
    origin: deps.origin.of(request.domain.host),
    key: await deps.keyring.purposeKey('csrf'),
    sessionCookieValue: readSessionCookie(request, deps.origin.secure) ?? '',
    rawToken,
  });
  return session;
};
