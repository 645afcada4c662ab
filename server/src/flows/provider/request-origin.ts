import type { FastifyRequest } from 'fastify';
import type { RequestOrigin } from '#model/token-families/token-family.ts';

export const requestOriginOf = (request: FastifyRequest): RequestOrigin => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
  requestId: request.id,
});
