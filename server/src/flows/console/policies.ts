/**
 * Content security policies of the console (S-142). Ours runs its own files only; its component library adds `<style>`
 * elements, for which each answer has a nonce. PlaceOS' console needs more, and gets it below `/backoffice/` alone.
 */
import type { FastifyReply } from 'fastify';

export const setOwnPolicy = (reply: FastifyReply, nonce: string): FastifyReply =>
  reply
    .header(
      'content-security-policy',
      [
        "default-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
    )
    .header('x-frame-options', 'DENY')
    // A dry run's pop-up goes to the provider and has to find its way back to the window that opened it.
    .header('cross-origin-opener-policy', 'same-origin-allow-popups');

export const setLoosePolicy = (reply: FastifyReply): FastifyReply =>
  reply
    .header(
      'content-security-policy',
      [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline' https:",
        "img-src 'self' https: data: blob:",
        "font-src 'self' https: data:",
        "connect-src 'self' https: wss: data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "object-src 'none'",
      ].join('; '),
    )
    .header('x-frame-options', 'SAMEORIGIN');
