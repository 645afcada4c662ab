import type { FastifyRequest } from 'fastify';
import type { Actor } from '#model/audit/audit.ts';

/** Who acts, for the audit row of a change. */
export const actorOf = (request: FastifyRequest): Actor => {
  const { caller } = request;
  const userAgent = request.headers['user-agent'];
  const id = caller.apiKeyId ?? caller.userId ?? caller.payload.sub;
  return {
    kind: caller.via === 'api_key' ? 'api_key' : caller.userId ? 'user' : 'application',
    id,
    ip: request.ip,
    ...(userAgent !== undefined && { userAgent }),
    requestId: request.id,
  };
};
