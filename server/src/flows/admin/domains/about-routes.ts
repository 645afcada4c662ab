/** What an administrator wants to know of a domain before a step that cannot be taken back easily. */
import { IdParams } from '@foyer/contract/engine.ts';
import { DomainImpact, DomainReadiness } from '@foyer/contract/source-lifecycle.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { narrowScope } from '#model/access/domain-scope.ts';
import { defaultSourceIdOf } from '#model/domains/default-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import { countDomainContents } from '#model/domains/domain-contents.ts';
import { findDomain } from '#model/domains/domain-store.ts';
import { listBreakGlassAccounts } from '#model/users/break-glass.ts';
import type { AccessRule } from '../access-rule.ts';
import type { EngineDeps } from '../deps.ts';

const access: AccessRule = { scope: 'domains', role: 'admin' };
const tags = ['domains'];

export const aboutDomainRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const getDomain = async (request: FastifyRequest): Promise<Domain> => {
    const { id } = request.params as { id: string };
    narrowScope(request.caller, id);
    const domain = await findDomain(deps.db, id as DomainId);
    if (!domain) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
    return domain;
  };

  app.get(
    '/domains/:id/readiness',
    {
      config: { access },
      schema: {
        tags,
        summary: 'Who could get in if the sources failed, and which source is the default',
        params: IdParams,
        response: { 200: DomainReadiness },
      },
    },
    async (request) => {
      const domain = await getDomain(request);
      const accounts = await listBreakGlassAccounts(deps.db, domain.id);
      const defaultSourceId = defaultSourceIdOf(domain.loginUrl);
      return {
        break_glass: accounts.map(({ id, name, email, lastPasswordSignInAt }) => ({
          id,
          name,
          email,
          ...(lastPasswordSignInAt && { last_password_sign_in_at: unixSeconds(lastPasswordSignInAt) }),
        })),
        sign_in_page: `${deps.origin.of(domain.host)}/login${domain.passwordSignIn ? '' : '?local=1'}`,
        ...(defaultSourceId !== undefined && { default_source_id: defaultSourceId }),
      };
    },
  );

  app.get(
    '/domains/:id/impact',
    {
      config: { access },
      schema: {
        tags,
        summary: 'What goes with a domain when it is deleted',
        params: IdParams,
        response: { 200: DomainImpact },
      },
    },
    async (request) => {
      const { id } = await getDomain(request);
      const { apiKeys, ...counts } = await countDomainContents(deps.db, id);
      return { ...counts, api_keys: apiKeys };
    },
  );
};
