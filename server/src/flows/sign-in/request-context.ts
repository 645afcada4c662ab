/** Who is at the other end of a request, for audit rows and sessions. */
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#model/audit/audit.ts';

export interface RequestContext {
  ip: string;
  userAgent: string | undefined;
  requestId: string;
}

export const contextOf = (request: FastifyRequest): RequestContext => ({
  ip: request.ip,
  userAgent: request.headers['user-agent'],
  requestId: request.id,
});

export const actorOf = (context: RequestContext, userId?: string): Actor => ({
  kind: userId === undefined ? 'anonymous' : 'user',
  ...(userId !== undefined && { id: userId }),
  ip: context.ip,
  ...(context.userAgent !== undefined && { userAgent: context.userAgent }),
  requestId: context.requestId,
});
