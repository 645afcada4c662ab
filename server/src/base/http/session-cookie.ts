/**
 * @module The session cookie: its name, attributes, and how it is read. The value is 256 random bits; only its hash
 * is stored (S-80, S-99). On plain http (development) a `__Host-` cookie is not possible, so the name differs.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

export const sessionCookieName = (secure: boolean): string =>
  secure ? '__Host-foyer_session' : 'foyer_session';

/** The cookie's value when it has the right form; anything else counts as absent (S-89). */
export const readSessionCookie = (request: FastifyRequest, secure: boolean): string | undefined => {
  const value = request.cookies[sessionCookieName(secure)];
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
};

export interface SessionCookieOptions {
  secure: boolean;
  /** SameSite=None, for domains whose apps are embedded in a foreign page (legacy switch). */
  embedded: boolean;
}

export const setSessionCookie = (
  reply: FastifyReply,
  value: string,
  { secure, embedded, maxAgeSeconds }: SessionCookieOptions & { maxAgeSeconds: number },
): void => {
  reply.setCookie(sessionCookieName(secure), value, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: embedded && secure ? 'none' : 'lax',
    maxAge: maxAgeSeconds,
  });
};

export const clearSessionCookie = (reply: FastifyReply, { secure, embedded }: SessionCookieOptions): void => {
  reply.setCookie(sessionCookieName(secure), '', {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: embedded && secure ? 'none' : 'lax',
    maxAge: 0,
  });
};
