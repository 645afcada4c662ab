import type { FastifyRequest } from 'fastify';
import { actorOf } from '../request-actor.ts';
import type { Saver } from './save-source.ts';

/** Who saves a source by this request. */
export const saverOf = (request: FastifyRequest): Saver => ({
  actor: actorOf(request),
  userId: request.caller.userId,
});
