/** `/domains` and the look-up of a domain by e-mail address. */
import { DomainBody, DomainView } from '@foyer/contract/domains.ts';
import { enginePath, IdParams, ListQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createIpLimit } from '#base/http/ip-limit.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import { listDomains } from '#model/domains/domain-admin-store.ts';
import { findDomain, findDomainByEmailDomain } from '#model/domains/domain-store.ts';
import type { AccessRule } from '../access-rule.ts';
import { readFields } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { domainView } from './domain-view.ts';
import { readDomainChanges } from './read-domain.ts';
import { addDomain, changeDomain, removeDomain } from './save-domain.ts';

const tags = ['domains'];
const rule = (role: 'support' | 'admin' | 'platform'): AccessRule => ({ scope: 'domains', role });
const nonEmpty = ['name', 'domain'];
const idOf = (request: FastifyRequest): DomainId => (request.params as { id: string }).id as DomainId;

export const domainRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/domains',
    {
      config: { access: rule('support') },
      schema: {
        tags,
        summary: 'Domains that the caller may see',
        querystring: ListQuery,
        response: { 200: Type.Array(DomainView) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const found = await listDomains(deps.db, domainScopeOf(request.caller), list);
      const page = { ...found, rows: found.rows.map((domain) => domainView(domain, request.caller)) };
      return sendList(request, reply, { table: 'authority', path: `${enginePath}/domains`, list, page });
    },
  );

  app.get(
    '/domains/:id',
    {
      config: { access: rule('support') },
      schema: { tags, summary: 'One domain', params: IdParams, response: { 200: DomainView } },
    },
    async (request, reply) => {
      const id = idOf(request);
      narrowScope(request.caller, id);
      const domain = await findDomain(deps.db, id);
      if (!domain) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
      setEtag(reply, domain.version);
      return domainView(domain, request.caller);
    },
  );

  app.post(
    '/domains',
    {
      config: { access: rule('platform') },
      schema: {
        tags,
        summary: 'Add a domain (administrators of the installation)',
        body: DomainBody,
        response: { 201: DomainView },
      },
    },
    async (request, reply) => {
      const body = readFields(DomainBody, request.body, { nonEmpty, creating: true });
      const changes = readDomainChanges(body, undefined, deps.egress);
      const { name = '', host = '' } = changes;
      const domain = await addDomain(deps, actorOf(request), { ...changes, name, host });
      setEtag(reply, domain.version);
      return reply.code(201).send(domainView(domain, request.caller));
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/domains/:id',
    config: { access: rule('admin') },
    schema: {
      tags,
      summary: 'Change the members that the body has',
      params: IdParams,
      body: DomainBody,
      response: { 200: DomainView },
    },
    handler: async (request, reply) => {
      const id = idOf(request);
      narrowScope(request.caller, id);
      const current = await findDomain(deps.db, id);
      if (!current) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
      const body = readFields(DomainBody, request.body, { nonEmpty, creating: false });
      const domain = await changeDomain(deps, actorOf(request), {
        id,
        changes: readDomainChanges(body, current.host, deps.egress),
        ifMatch: ifMatchOf(request),
        byPlatformAdmin: request.caller.platformAdmin,
      });
      setEtag(reply, domain.version);
      return domainView(domain, request.caller);
    },
  });

  app.delete(
    '/domains/:id',
    {
      config: { access: rule('platform') },
      schema: { tags, summary: 'Delete a domain and all that is in it', params: IdParams },
    },
    async (request, reply) => {
      await removeDomain(deps, actorOf(request), { id: idOf(request), ifMatch: ifMatchOf(request) });
      return reply.code(202).send();
    },
  );

  // Sixty look-ups a minute for each address; a person needs one (S-50).
  const lookups = createIpLimit(deps.clock, 60);
  app.get(
    '/domains/lookup/:email',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        summary: 'Host of the domain of an e-mail address',
        params: Type.Object({ email: Type.String() }),
      },
    },
    async (request, reply) => {
      lookups.take(request.ip);
      const { email } = request.params as { email: string };
      const emailDomain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
      const known = email.includes('@') && emailDomain !== '';
      const domain = known ? await findDomainByEmailDomain(deps.db, emailDomain) : undefined;
      if (!domain) throw new FoyerError('not_found', { detail: 'No matching domain found' });
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(domain.host));
    },
  );
};
