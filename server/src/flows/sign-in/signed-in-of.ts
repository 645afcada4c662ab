import type { FastifyRequest } from 'fastify';
import { readSessionCookie } from '#base/http/session-cookie.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { findSignedIn } from '#model/sessions/session-store.ts';
import type { SignInDeps } from './deps.ts';

/** Who is signed in in the browser that sent this request, on the domain that it was sent to. */
export const signedInOf = async (
  deps: Pick<SignInDeps, 'db' | 'origin'>,
  request: FastifyRequest,
): Promise<SignedIn | undefined> => {
  const cookie = readSessionCookie(request, deps.origin.secure);
  const { domain } = request;
  if (cookie === undefined) return undefined;
  return findSignedIn(deps.db, domain.id, cookie, sessionLifetimeOf(domain).idleSeconds);
};
