/**
 * @module The session cookie: its name, attributes, and how it is read. The value is 256 random bits; only its hash
 * is stored (S-80, S-99). On plain http (development) a `__Host-` cookie is not possible, so the name differs.
 */
import { createHmac, hash, type KeyObject } from 'node:crypto';
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

/**
 * The cookie that gates static files: `<16 hex>.<HMAC-SHA256 of them>`. A gate can check it with the key alone; it is
 * made from the session's own id and set, replaced and cleared together with it (S-89).
 */
const verifiedCookieName = 'verified';

/** Purpose of the key behind `verified` (`Keyring.sealingKey`). */
export const verifiedKeyPurpose = 'verified cookie';

const verifiedValue = (sessionValue: string, key: KeyObject): string => {
  const id = hash('sha256', sessionValue, 'hex').slice(0, 16);
  return `${id}.${createHmac('sha256', key).update(id).digest('hex')}`;
};

const attributes = ({ secure, embedded }: SessionCookieOptions) =>
  ({ path: '/', httpOnly: true, secure, sameSite: embedded && secure ? 'none' : 'lax' }) as const;

export const setSessionCookie = (
  reply: FastifyReply,
  value: string,
  options: SessionCookieOptions & { maxAgeSeconds: number; verifiedKey: KeyObject },
): void => {
  const cookie = { ...attributes(options), maxAge: options.maxAgeSeconds };
  reply.setCookie(sessionCookieName(options.secure), value, cookie);
  reply.setCookie(verifiedCookieName, verifiedValue(value, options.verifiedKey), cookie);
};

export const clearSessionCookie = (reply: FastifyReply, options: SessionCookieOptions): void => {
  const cookie = { ...attributes(options), maxAge: 0 };
  reply.setCookie(sessionCookieName(options.secure), '', cookie);
  reply.setCookie(verifiedCookieName, '', cookie);
};
