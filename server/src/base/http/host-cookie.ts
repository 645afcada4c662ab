/**
 * Further cookies of ours beside the session's, with the same protection: bound to the host, unreadable for scripts,
 * not sent from other sites.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

const nameOf = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);

export const readHostCookie = (request: FastifyRequest, name: string, secure: boolean): string | undefined =>
  request.cookies[nameOf(name, secure)];

/** Without `maxAgeSeconds` the cookie lives until the browser closes. */
export const setHostCookie = (
  reply: FastifyReply,
  name: string,
  value: string,
  { secure, maxAgeSeconds }: { secure: boolean; maxAgeSeconds?: number },
): void => {
  reply.setCookie(nameOf(name, secure), value, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'lax',
    ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
  });
};
