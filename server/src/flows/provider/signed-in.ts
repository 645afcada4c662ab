/** @module The person in front of a page of ours, and the way to the sign-in page for anybody else. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { readSessionCookie } from '#base/http/session-cookie.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { findSignedIn } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';

export interface SignedInDeps {
  db: Db;
  origin: PublicOrigin;
}

export interface Person extends SignedIn {
  sessionCookie: string;
}

export const findPerson = async (
  deps: SignedInDeps,
  request: FastifyRequest,
): Promise<Person | undefined> => {
  const sessionCookie = readSessionCookie(request, deps.origin.secure);
  if (sessionCookie === undefined) return undefined;
  const { domain } = request;
  const signedIn = await findSignedIn(
    deps.db,
    domain.id,
    sessionCookie,
    sessionLifetimeOf(domain).idleSeconds,
  );
  return signedIn && { ...signedIn, sessionCookie };
};

/** To the domain's login URL, which brings the browser back to `returnTo` (path and query). */
export const sendToSignIn = (
  reply: FastifyReply,
  deps: Pick<SignedInDeps, 'origin'>,
  domain: Domain,
  returnTo: string,
): FastifyReply => {
  const url = domain.loginUrl.replaceAll('{{url}}', encodeURIComponent(returnTo));
  return reply
    .header('cache-control', 'no-store')
    .redirect(new URL(url, deps.origin.of(domain.host)).href, 302);
};
