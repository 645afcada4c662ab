/** `/users/…/resource_token`: the provider's access token of a person. */
import { IdParams } from '@foyer/contract/engine.ts';
import { ResourceTokenQuery, ResourceTokenView } from '@foyer/contract/users.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceId, UserId } from '#base/lib/ids.ts';
import type { User } from '#model/users/user.ts';
import type { AccessRule } from '../access-rule.ts';
import type { EngineDeps } from '../deps.ts';
import { queryText } from '../list-params.ts';
import { actorOf } from '../request-actor.ts';
import {
  forgetResourceTokens,
  getUserOfDomain,
  readResourceToken,
  requireActive,
  requireUsersScope,
} from './resource-token.ts';

const tags = ['users'];
const access: AccessRule = { scope: 'users' };
const byAdmin: AccessRule = { scope: 'users', role: 'admin' };
const schema = { tags, querystring: ResourceTokenQuery, response: { 200: ResourceTokenView } };

export const resourceTokenRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const answerToken = async (request: FastifyRequest, reply: FastifyReply, userId: UserId) => {
    const sourceId = queryText(request, 'source_id') as SourceId | undefined;
    const wanted = { userId, sourceId };
    const { token, expires } = await readResourceToken(deps, request.caller, actorOf(request), wanted);
    reply.header('cache-control', 'no-store');
    return { token, ...(expires && { expires: unixSeconds(expires) }) };
  };
  const otherUser = (request: FastifyRequest): Promise<User> =>
    getUserOfDomain(deps, request.caller, (request.params as { id: string }).id);

  app.post(
    '/users/resource_token',
    { config: { access }, schema: { ...schema, summary: 'One’s own token of the identity provider' } },
    async (request, reply) => {
      const { userId } = request.caller;
      if (!userId) throw new FoyerError('not_found', { detail: 'the credential stands for no person' });
      return answerToken(request, reply, userId);
    },
  );

  app.post(
    '/users/:id/resource_token',
    {
      config: { access: byAdmin },
      schema: {
        ...schema,
        params: IdParams,
        summary: 'A person’s token; needs the scope `users` by name',
      },
    },
    async (request, reply) => {
      requireUsersScope(request.caller);
      const user = await otherUser(request);
      requireActive(user);
      return answerToken(request, reply, user.id);
    },
  );

  app.delete(
    '/users/:id/resource_token',
    {
      config: { access: byAdmin },
      schema: { tags, params: IdParams, summary: 'Forget a person’s tokens of identity providers' },
    },
    async (request, reply) => {
      await forgetResourceTokens(deps, request.caller, actorOf(request), (await otherUser(request)).id);
      return reply.code(202).send();
    },
  );
};
