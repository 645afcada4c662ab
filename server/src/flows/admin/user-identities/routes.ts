/** `/users/:id/identities`: which sources know a person; for administrators. */
import { IdParams } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import { IdentityView } from '@foyer/contract/users.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unixSeconds } from '#base/lib/clock.ts';
import type { SourceId } from '#base/lib/ids.ts';
import { type LinkedIdentity, listLinkedIdentities } from '#model/account/account-store.ts';
import type { User } from '#model/users/user.ts';
import type { AccessRule } from '../access-rule.ts';
import { failField, reasons } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { queryText } from '../list-params.ts';
import { actorOf } from '../request-actor.ts';
import { getUserByReference } from '../users/find-user.ts';
import { unlinkUser } from './unlink-user.ts';

const tags = ['users'];
const access: AccessRule = { scope: 'users', role: 'admin' };
const IdentityQuery = Type.Object({
  source_id: Type.String(),
  issuer: Type.Optional(Type.String()),
  subject: Type.String(),
});

const identityView = (identity: LinkedIdentity) => ({
  source_id: identity.sourceId,
  source_name: identity.sourceName,
  issuer: identity.issuer,
  subject: identity.subject,
  ...(identity.email !== undefined && { email: identity.email }),
  created_at: unixSeconds(identity.createdAt),
  ...(identity.lastSignInAt && { last_sign_in_at: unixSeconds(identity.lastSignInAt) }),
  ...(identity.grant && { token_state: identity.grant.needsConsent ? 'needs_consent' : 'live' }),
  ...(identity.grant?.expiresAt && { token_expires_at: unixSeconds(identity.grant.expiresAt) }),
});

export const userIdentityRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const userOf = (request: FastifyRequest): Promise<User> =>
    getUserByReference(deps.db, request.caller, (request.params as { id: string }).id);
  const needed = (request: FastifyRequest, name: string): string =>
    queryText(request, name) || failField(name, reasons.required);

  app.get(
    '/users/:id/identities',
    {
      config: { access },
      schema: {
        tags,
        summary: 'What sources say of a person',
        params: IdParams,
        response: { 200: Type.Array(IdentityView) },
      },
    },
    async (request) => {
      const { domainId, id } = await userOf(request);
      return (await listLinkedIdentities(deps.db, domainId, id)).map(identityView);
    },
  );

  app.delete(
    '/users/:id/identities',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Take a source, and the tokens that it gave, from a person',
        params: IdParams,
        querystring: IdentityQuery,
      },
    },
    async (request, reply) => {
      const user = await userOf(request);
      const identity = {
        sourceId: needed(request, 'source_id') as SourceId,
        issuer: queryText(request, 'issuer') ?? '',
        subject: needed(request, 'subject'),
      };
      await unlinkUser(deps, request.caller, actorOf(request), user, identity);
      return reply.code(202).send();
    },
  );
};
