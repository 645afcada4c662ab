/** `/users/:id/sessions`: where a person is signed in, for themselves and for administrators (S-88). */
import { IdParams } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import { SessionParams, SessionView } from '@foyer/contract/users.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { listSessions } from '#model/sessions/session-store.ts';
import type { User } from '#model/users/user.ts';
import type { AccessRule } from '../access-rule.ts';
import type { EngineDeps } from '../deps.ts';
import { actorOf } from '../request-actor.ts';
import { getUserByReference } from '../users/find-user.ts';
import { requireSelfOrAdmin } from '../users/user-ranks.ts';
import { endSessions } from './end-sessions.ts';
import { sessionView } from './session-view.ts';

const tags = ['users'];
const access: AccessRule = { scope: 'users' };

export const userSessionRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const userOf = async (request: FastifyRequest): Promise<User> => {
    const user = await getUserByReference(deps.db, request.caller, (request.params as { id: string }).id);
    requireSelfOrAdmin(request.caller, user);
    return user;
  };

  app.get(
    '/users/:id/sessions',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Live sessions of a person',
        params: IdParams,
        response: { 200: Type.Array(SessionView) },
      },
    },
    async (request) => {
      const user = await userOf(request);
      const current = (request.caller.payload as { sid?: string }).sid;
      const sessions = await listSessions(deps.db, user.domainId, user.id);
      return sessions.map((session) => sessionView(session, current));
    },
  );

  app.delete(
    '/users/:id/sessions',
    {
      config: { access },
      schema: { tags, summary: 'Sign a person out everywhere, apps included', params: IdParams },
    },
    async (request, reply) => {
      await endSessions(deps, actorOf(request), await userOf(request), undefined);
      return reply.code(202).send();
    },
  );

  app.delete(
    '/users/:id/sessions/:session_id',
    {
      config: { access },
      schema: { tags, summary: 'End one session, and the tokens from it', params: SessionParams },
    },
    async (request, reply) => {
      const { session_id: publicId } = request.params as { session_id: string };
      await endSessions(deps, actorOf(request), await userOf(request), publicId);
      return reply.code(202).send();
    },
  );
};
