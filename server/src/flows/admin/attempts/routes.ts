/** `/sign_in_attempts` and a source's funnel: what the flight recorder saw. Read only. */
import { AttemptListQuery, AttemptSummary, AttemptView, FunnelView } from '@foyer/contract/attempts.ts';
import { enginePath, IdParams } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import type { FastifyInstance } from 'fastify';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import { answerLanguage } from '../answer-language.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf, queryNumber, queryText } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { anySource, getSourceOf } from '../sources/source-access.ts';
import { getAttempt, readAttempts } from './read-attempts.ts';
import { readFunnel } from './read-funnel.ts';

const config = { access: anySource };
const tags = ['sources'];
const maxHours = 168;

export const attemptRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/sign_in_attempts',
    {
      config,
      schema: {
        tags,
        summary: 'Sign-in attempts of the last seven days, newest first; q is a short id or its beginning',
        querystring: AttemptListQuery,
        response: { 200: Type.Array(AttemptSummary) },
      },
    },
    async (request, reply) => {
      const list = listRequestOf(request);
      const scope = narrowScope(request.caller, queryText(request, 'authority_id'));
      const sourceId = queryText(request, 'source_id');
      const page = await readAttempts(
        deps,
        scope,
        { ...list, sourceId, outcome: queryText(request, 'outcome') },
        answerLanguage(request, reply),
      );
      const path = `${enginePath}/sign_in_attempts`;
      return sendList(request, reply, { table: 'sign_in_attempts', path, list, page });
    },
  );

  app.get(
    '/sign_in_attempts/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One attempt with its steps and the advice for its error',
        params: IdParams,
        response: { 200: AttemptView },
      },
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const scope = domainScopeOf(request.caller);
      return getAttempt(deps, scope, id.toLowerCase(), answerLanguage(request, reply));
    },
  );

  app.get(
    '/sources/:id/funnel',
    {
      config,
      schema: {
        tags,
        summary: 'How far sign-ins come, and what stops them',
        params: IdParams,
        querystring: Type.Object({
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: maxHours, default: maxHours })),
        }),
        response: { 200: FunnelView },
      },
    },
    async (request, reply) => {
      const source = await getSourceOf(deps, request);
      const hours = Math.max(1, queryNumber(request, 'hours', maxHours, maxHours));
      return readFunnel(deps, source, hours, answerLanguage(request, reply));
    },
  );
};
