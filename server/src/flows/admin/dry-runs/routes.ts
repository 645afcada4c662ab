/**
 * @module Trying a source out before anyone depends on it: the mapping lab and the dry run. Neither writes anything: no
 * row, no session, no audit (docs/decisions/0008).
 */
import {
  DraftBody,
  DryRunFinishBody,
  DryRunResult,
  DryRunStarted,
  MappingPreview,
  MappingPreviewBody,
} from '@foyer/contract/dry-runs.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createIpLimit } from '#base/http/ip-limit.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import type { AccessRule } from '../access-rule.ts';
import { answerLanguage } from '../answer-language.ts';
import { failField, readFields, reasons } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { finishDryRun } from './finish-dry-run.ts';
import { previewMapping } from './preview-mapping.ts';
import { readDraft } from './read-draft.ts';
import { startDryRun } from './start-dry-run.ts';

const config: { access: AccessRule } = { access: { scope: 'o_auth_authentications', role: 'admin' } };
const tags = ['sources'];
const startsPerMinute = 10;

/** Who a run belongs to, and its pass counts for. */
const administratorOf = ({ userId, payload }: Caller): string => userId ?? payload.sub;

export const dryRunRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  const starts = createIpLimit(deps.clock, startsPerMinute);

  app.post(
    '/mapping_previews',
    {
      config,
      schema: {
        tags,
        summary: 'The person that a profile makes with unsaved settings',
        body: MappingPreviewBody,
        response: { 200: MappingPreview },
      },
    },
    async (request, reply) => {
      const body = readFields(MappingPreviewBody, request.body, { creating: false });
      const draft = await readDraft(deps, request.caller, body);
      const pasted = { profile: body.profile ?? {}, claims: body.claims };
      return previewMapping(deps, draft, pasted, answerLanguage(request, reply));
    },
  );

  app.post(
    '/dry_runs',
    {
      config,
      schema: {
        tags,
        summary: 'Begin a sign-in with an unsaved draft, which signs nobody in',
        body: DraftBody,
        response: { 200: DryRunStarted },
      },
    },
    async (request, reply) => {
      const administrator = administratorOf(request.caller);
      starts.take(administrator);
      const body = readFields(DraftBody, request.body, { creating: false });
      const draft = await readDraft(deps, request.caller, body);
      const { sourceId, domainId } = draft;
      if (sourceId === undefined) return failField('source_id', reasons.nil);
      const domain = domainId && (await deps.domains.byId(domainId));
      if (!domain) return failField('authority_id', reasons.nil);
      reply.header('cache-control', 'no-store');
      return startDryRun(deps, {
        draft: { ...draft, sourceId },
        domain,
        administrator,
        consoleOrigin: deps.origin.of(request.domain.host),
        language: answerLanguage(request, reply),
      });
    },
  );

  app.post(
    '/dry_runs/finish',
    {
      config,
      schema: {
        tags,
        summary: 'What came of a dry run',
        body: DryRunFinishBody,
        response: { 200: DryRunResult },
      },
    },
    async (request: FastifyRequest, reply) => {
      const body = readFields(DryRunFinishBody, request.body, { creating: false });
      if (Object.keys(body.params ?? {}).length > 100) throw new FoyerError('bad_request');
      reply.header('cache-control', 'no-store');
      const administrator = administratorOf(request.caller);
      return finishDryRun(deps, { administrator, body, language: answerLanguage(request, reply) });
    },
  );
};
