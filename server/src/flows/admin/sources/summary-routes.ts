/** `GET /sources`: the sources of every kind in one list, with how they are doing. */
import { enginePath, IdParams, ListOfDomainQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import { SourceSummary } from '@foyer/contract/source-lifecycle.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { narrowScope } from '#model/access/domain-scope.ts';
import { hasScope } from '#model/access/guards.ts';
import type { SourceKind } from '#model/sources/source.ts';
import { listSources } from '#model/sources/source-store.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { setEtag } from '../precondition.ts';
import { anySource, getSourceOf } from './source-access.ts';
import { rulesOf } from './source-rules.ts';
import { summarizeSources } from './summarize-sources.ts';

const config = { access: anySource };
const tags = ['sources'];

/** The kinds that the caller's scopes are for. */
const kindsFor = ({ caller }: FastifyRequest): SourceKind[] =>
  (Object.keys(rulesOf) as SourceKind[]).filter((kind) => hasScope(caller, rulesOf[kind].resource, 'read'));

export const summaryRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/sources',
    {
      config,
      schema: {
        tags,
        summary: 'Sources of every kind, with how they are doing',
        querystring: ListOfDomainQuery,
        response: { 200: Type.Array(SourceSummary) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const scope = narrowScope(request.caller, queryText(request, 'authority_id'));
      const { rows, total } = await listSources(deps.db, scope, kindsFor(request), list);
      const page = { rows: await summarizeSources(deps, rows), total };
      return sendList(request, reply, { table: 'sources', path: `${enginePath}/sources`, list, page });
    },
  );

  app.get(
    '/sources/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One source, with how it is doing',
        params: IdParams,
        response: { 200: SourceSummary },
      },
    },
    async (request, reply) => {
      const source = await getSourceOf(deps, request);
      const [summary] = await summarizeSources(deps, [source]);
      setEtag(reply, source.version);
      return summary;
    },
  );
};
