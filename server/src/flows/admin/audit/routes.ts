/** `/audit`: what happened, by whom. It is read and exported; no route changes or deletes a row (S-139). */
import { Readable } from 'node:stream';
import { AuditListQuery, AuditView } from '@foyer/contract/audit.ts';
import { enginePath } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditFilter, AuditScope } from '#model/audit/audit-log.ts';
import type { AccessRule } from '../access-rule.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryNumber, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { exportAudit } from './export-audit.ts';
import { auditScopeOf, readAudit } from './read-audit.ts';

const access: AccessRule = { scope: 'domains', role: 'admin' };
const tags = ['audit'];
/** The end of the year 9999. */
const maxSeconds = 253_402_300_799;

const secondsOf = (request: FastifyRequest, name: string): Date | undefined =>
  queryText(request, name) === undefined
    ? undefined
    : new Date(queryNumber(request, name, 0, maxSeconds) * 1_000);

const filterOf = (request: FastifyRequest): AuditFilter => ({
  q: queryText(request, 'q') ?? '',
  action: queryText(request, 'action'),
  outcome: queryText(request, 'outcome'),
  actorId: queryText(request, 'actor_id'),
  target: queryText(request, 'target'),
  sourceId: queryText(request, 'source_id'),
  since: secondsOf(request, 'since'),
  until: secondsOf(request, 'until'),
});

const scopeOf = (request: FastifyRequest): AuditScope =>
  auditScopeOf(request.caller, queryText(request, 'authority_id'));

export const auditRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/audit',
    {
      config: { access },
      schema: {
        tags,
        summary: 'The audit log, newest first; the total is counted up to 100,000',
        querystring: AuditListQuery,
        response: { 200: Type.Array(AuditView) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const page = await readAudit(deps, scopeOf(request), { ...filterOf(request), ...list });
      return sendList(request, reply, { table: 'audit', path: `${enginePath}/audit`, list, page });
    },
  );

  app.get(
    '/audit/export',
    {
      config: { access, mediaType: 'text/csv' },
      schema: { tags, summary: 'The audit log as CSV, with the same filters', querystring: AuditListQuery },
    },
    async (request, reply) => {
      const lines = exportAudit(deps, scopeOf(request), filterOf(request));
      reply.header('content-type', 'text/csv; charset=utf-8; header=present');
      reply.header('content-disposition', 'attachment; filename="audit.csv"');
      return reply.header('cache-control', 'no-store').send(Readable.from(lines, { objectMode: false }));
    },
  );
};
