/** Who is at the other end of a request, for sessions and audit rows. */
import type { FastifyRequest } from 'fastify';
import type { UserId } from '#base/lib/ids.ts';
import type { Actor } from '#model/audit/audit.ts';

export interface Client {
  ip: string;
  userAgent?: string;
  requestId: string;
}

export const clientOf = (request: FastifyRequest): Client => {
  const userAgent = request.headers['user-agent'];
  return { ip: request.ip, ...(userAgent !== undefined && { userAgent }), requestId: request.id };
};

export const userActor = (client: Client, userId: UserId): Actor => ({ kind: 'user', id: userId, ...client });
