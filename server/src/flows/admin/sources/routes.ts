/** `/oauth_auths`, `/saml_auths` and `/ldap_auths`: one set of routes for each kind of source. */
import { enginePath, IdParams, ListOfDomainQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DomainId } from '#base/lib/ids.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import type { Source, SourceKind } from '#model/sources/source.ts';
import { listSources } from '#model/sources/source-store.ts';
import type { AccessRule } from '../access-rule.ts';
import { failField } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { actorOf } from '../request-actor.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { readNewSource, readSourceChange, sourceShapes } from './read-source-body.ts';
import { readableMembers } from './readable-members.ts';
import { addSource, changeSource, getSource, removeSource, type SourceTarget } from './save-source.ts';
import { saverOf } from './saver.ts';
import { rulesOf } from './source-rules.ts';
import { sourceView } from './source-view.ts';

export const sourceRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  for (const kind of Object.keys(sourceShapes) as SourceKind[]) routesOfKind(app, deps, kind);
  lifecycleRoutes(app, deps);
};

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

const targetOf = (request: FastifyRequest, kind: SourceKind): SourceTarget => ({
  scope: domainScopeOf(request.caller),
  kind,
  id: idOf(request),
});

const routesOfKind = (app: FastifyInstance, deps: EngineDeps, kind: SourceKind): void => {
  const rules = rulesOf[kind];
  const { body, view } = sourceShapes[kind];
  const { resource, collection, table } = rules;
  const config: { access: AccessRule } = { access: { scope: resource, role: 'admin' } };
  const tags = ['sources'];
  const path = `/${collection}`;
  const show = (source: Source): Record<string, unknown> => readableMembers(view, sourceView(source));

  app.get(
    path,
    {
      config,
      schema: {
        tags,
        summary: `Sources: ${collection}`,
        querystring: ListOfDomainQuery,
        response: { 200: Type.Array(view) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const scope = narrowScope(request.caller, queryText(request, 'authority_id'));
      const { rows, total } = await listSources(deps.db, scope, [kind], list);
      const page = { rows: rows.map(show), total };
      return sendList(request, reply, { table, path: `${enginePath}${path}`, list, page });
    },
  );

  app.get(
    `${path}/:id`,
    { config, schema: { tags, summary: 'One source', params: IdParams, response: { 200: view } } },
    async (request, reply) => {
      const source = await getSource(deps, targetOf(request, kind));
      setEtag(reply, source.version);
      return show(source);
    },
  );

  app.post(
    path,
    { config, schema: { tags, summary: 'Add a source', body, response: { 201: view } } },
    async (request, reply) => {
      const fields = readNewSource(kind, request.body);
      const domainId = String(fields.authority_id) as DomainId;
      narrowScope(request.caller, domainId);
      if (!(await deps.domains.byId(domainId))) failField('authority_id', 'is not a domain');
      const source = await addSource(deps, saverOf(request), { domainId, kind, fields });
      setEtag(reply, source.version);
      return reply.code(201).send(show(source));
    },
  );

  app.route({
    method: ['PUT', 'PATCH'],
    url: `${path}/:id`,
    config,
    schema: {
      tags,
      summary: 'Change the members that the body has',
      params: IdParams,
      body,
      response: { 200: view },
    },
    handler: async (request, reply) => {
      const target = targetOf(request, kind);
      await getSource(deps, target);
      const change = { ...target, fields: readSourceChange(kind, request.body), ifMatch: ifMatchOf(request) };
      const source = await changeSource(deps, saverOf(request), change);
      setEtag(reply, source.version);
      return show(source);
    },
  });

  app.delete(
    `${path}/:id`,
    {
      config,
      schema: { tags, summary: 'Delete a source, its identities and upstream tokens', params: IdParams },
    },
    async (request, reply) => {
      const target = targetOf(request, kind);
      await removeSource(deps, actorOf(request), { ...target, ifMatch: ifMatchOf(request) });
      return reply.code(202).send();
    },
  );
};
