/** `/sources/:id/default`: going live for everybody, and back. */
import { DomainView } from '@foyer/contract/domains.ts';
import { IdParams } from '@foyer/contract/engine.ts';
import { MakeDefaultBody } from '@foyer/contract/source-lifecycle.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { domainView } from '../domains/domain-view.ts';
import { setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { endDefault, type MakeDefault, makeDefault } from './make-default.ts';

// What changes is the domain.
const access: AccessRule = { scope: 'domains', role: 'admin' };
const tags = ['sources'];
const targetOf = (request: FastifyRequest): Pick<MakeDefault, 'scope' | 'id'> => ({
  scope: domainScopeOf(request.caller),
  id: (request.params as { id: string }).id,
});

export const defaultSourceRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.post(
    '/sources/:id/default',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Send people of the domain straight to this source',
        description: '409 `not_tested` or `no_break_glass` unless it is overridden, which is audited',
        params: IdParams,
        body: MakeDefaultBody,
        response: { 200: DomainView },
      },
    },
    async (request, reply) => {
      const body = readFields(MakeDefaultBody, request.body ?? {}, { creating: false });
      const { override = false, reason } = body;
      const domain = await makeDefault(deps, actorOf(request), { ...targetOf(request), override, reason });
      setEtag(reply, domain.version);
      return domainView(domain, request.caller);
    },
  );

  app.delete(
    '/sources/:id/default',
    {
      config: { access },
      schema: { tags, summary: 'Give the choice back to the sign-in page', params: IdParams },
    },
    async (request, reply) => {
      await endDefault(deps, actorOf(request), targetOf(request));
      return reply.code(202).send();
    },
  );
};
