import type { FastifyInstance } from 'fastify';

/** Headers of every answer; pages add their own content security policy (S-142). */
export const installSecurityHeaders = (app: FastifyInstance, secure: boolean): void => {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('x-request-id', reply.request.id);
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'self'; base-uri 'none'");
    }
    if (!reply.hasHeader('x-frame-options')) reply.header('x-frame-options', 'SAMEORIGIN');
    if (secure) reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
};
