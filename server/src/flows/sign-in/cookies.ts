/** The cookies of a sign-in under way. Callbacks by form_post are cross-site POSTs, so Lax would lose the flow. */
import type { FastifyReply } from 'fastify';

const attributes = (secure: boolean) =>
  ({ path: '/', httpOnly: true, secure, sameSite: secure ? 'none' : 'lax' }) as const;

export const setFlowCookie = (
  reply: FastifyReply,
  secure: boolean,
  { name, value, maxAgeSeconds }: { name: string; value: string; maxAgeSeconds: number },
): void => {
  reply.setCookie(name, value, { ...attributes(secure), maxAge: maxAgeSeconds });
};

export const dropFlowCookie = (reply: FastifyReply, secure: boolean, name: string): void => {
  reply.setCookie(name, '', { ...attributes(secure), maxAge: 0 });
};
