/** `/sources`: a source's life, the same for every kind. Its settings are written by the collection of its kind. */
import { AnyObject, enginePath, IdParams, ListQuery } from '@foyer/contract/engine.ts';
import { Type } from '@foyer/contract/schema.ts';
import {
  PassBody,
  ReservationBody,
  ReservationView,
  RevisionView,
  RollBackBody,
  SourceImpact,
} from '@foyer/contract/source-lifecycle.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DomainId } from '#base/lib/ids.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import { defaultSourceIdOf } from '#model/domains/default-source.ts';
import { consentStateKey } from '#model/sources/consent-state.ts';
import type { Source } from '#model/sources/source.ts';
import { readSourceImpact } from '#model/sources/source-impact.ts';
import { failField, readFields, reasons } from '../assign.ts';
import type { EngineDeps } from '../deps.ts';
import { listRequestOf } from '../list-params.ts';
import { sendList } from '../paging.ts';
import { ifMatchOf, setEtag } from '../precondition.ts';
import { acceptPass } from './accept-pass.ts';
import { duplicateSource } from './duplicate-source.ts';
import { listSourceRevisions } from './list-source-revisions.ts';
import { promoteSecret } from './promote-secret.ts';
import { sourceShapes } from './read-source-body.ts';
import { reserveSourceId } from './reservation.ts';
import { rollBackSource } from './roll-back-source.ts';
import type { SourceTarget } from './save-source.ts';
import { saverOf } from './saver.ts';
import { anySource, getSourceOf, requireKind } from './source-access.ts';
import { sourceAddresses } from './source-addresses.ts';
import { sourceViewOf } from './source-view.ts';

const config = { access: anySource };
const tags = ['sources'];
const DuplicateBody = Type.Object({ name: Type.Optional(Type.String()) });
/** The source as its own collection shows it. */
const view = AnyObject;

const show = (reply: FastifyReply, source: Source): Record<string, unknown> => {
  setEtag(reply, source.version);
  return sourceViewOf(sourceShapes[source.kind].view, source);
};

const read = (schema: Parameters<typeof readFields>[0], request: FastifyRequest): Record<string, unknown> =>
  readFields(schema, request.body ?? {}, { creating: true }) as Record<string, unknown>;

export const lifecycleRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  reservationRoute(app, deps);
  revisionRoutes(app, deps);

  app.post(
    '/sources/:id/passes',
    {
      config,
      schema: {
        tags,
        summary: 'Note that a dry run of exactly this revision has passed',
        params: IdParams,
        body: PassBody,
        response: { 200: view },
      },
    },
    async (request, reply) => {
      const source = await getSourceOf(deps, request);
      const { pass } = readFields(PassBody, request.body, { creating: true });
      await acceptPass(deps, saverOf(request), source, pass);
      return show(reply, source);
    },
  );

  app.post(
    '/sources/:id/promote_secret',
    {
      config,
      schema: {
        tags,
        summary: 'Make the second secret the first',
        params: IdParams,
        response: { 200: view },
      },
    },
    async (request, reply) => {
      const target = await targetOf(deps, request);
      return show(reply, await promoteSecret(deps, saverOf(request), target));
    },
  );

  app.post(
    '/sources/:id/duplicate',
    {
      config,
      schema: {
        tags,
        summary: 'Copy to a new, disabled source of the same domain, without secrets',
        params: IdParams,
        body: DuplicateBody,
        response: { 201: view },
      },
    },
    async (request, reply) => {
      const source = await getSourceOf(deps, request);
      const { name } = read(DuplicateBody, request) as { name?: string };
      const copy = await duplicateSource(deps, saverOf(request), source, name);
      return reply.code(201).send(show(reply, copy));
    },
  );

  app.get(
    '/sources/:id/impact',
    {
      config,
      schema: {
        tags,
        summary: 'Who would lose their way in without it',
        params: IdParams,
        response: { 200: SourceImpact },
      },
    },
    async (request) => {
      const { domainId, id } = await getSourceOf(deps, request);
      const { users, onlyWayIn, people, otherSources } = await readSourceImpact(deps.db, domainId, id);
      const domain = await deps.domains.byId(domainId);
      return {
        is_default: domain !== undefined && defaultSourceIdOf(domain.loginUrl) === id,
        users,
        only_way_in: onlyWayIn,
        people,
        other_sources: otherSources,
      };
    },
  );
};

const reservationRoute = (app: FastifyInstance, deps: EngineDeps): void => {
  app.post(
    '/sources/reservations',
    {
      config,
      schema: {
        tags,
        summary: 'The id and addresses of a source that will be added',
        body: ReservationBody,
        response: { 200: ReservationView },
      },
    },
    async (request) => {
      const rules = { required: ['authority_id', 'kind'], creating: true };
      const fields = readFields(ReservationBody, request.body, rules);
      const { authority_id: rawDomainId = '', kind } = fields;
      if (kind === undefined) return failField('kind', reasons.nil);
      requireKind(request, kind);
      narrowScope(request.caller, rawDomainId);
      const domain = await deps.domains.byId(rawDomainId as DomainId);
      if (!domain) return failField('authority_id', 'is not a domain');
      const { id, reservation } = await reserveSourceId(deps, domain.id, kind, fields);
      const consentKey = await consentStateKey(deps.keyring);
      const addresses = sourceAddresses({ ...deps, consentKey }, domain, { id, kind, settings: {} });
      return { id, kind, authority_id: domain.id, reservation, ...addresses };
    },
  );
};

const revisionRoutes = (app: FastifyInstance, deps: EngineDeps): void => {
  app.get(
    '/sources/:id/revisions',
    {
      config,
      schema: {
        tags,
        summary: 'Versions of a source: who, when, what changed',
        params: IdParams,
        querystring: ListQuery,
        response: { 200: Type.Array(RevisionView) },
      },
    },
    async (request, reply) => {
      const source = await getSourceOf(deps, request);
      const list = listRequestOf(request);
      const page = await listSourceRevisions(deps, source, list);
      const path = `${enginePath}/sources/${source.id}/revisions`;
      return sendList(request, reply, { table: 'source_revisions', path, list, page });
    },
  );

  app.post(
    '/sources/:id/roll_back',
    {
      config,
      schema: {
        tags,
        summary: 'Bring an earlier version back: name, settings and secrets',
        params: IdParams,
        body: RollBackBody,
        response: { 200: view },
      },
    },
    async (request, reply) => {
      const target = await targetOf(deps, request);
      const { version } = readFields(RollBackBody, request.body, { required: ['version'], creating: true });
      if (version === undefined) return failField('version', reasons.nil);
      return show(reply, await rollBackSource(deps, saverOf(request), { ...target, version }));
    },
  );
};

/** A source that the caller may change, and what `If-Match` demands of it. */
const targetOf = async (
  deps: EngineDeps,
  request: FastifyRequest,
): Promise<SourceTarget & { ifMatch: string | undefined }> => {
  const { id } = await getSourceOf(deps, request);
  return { scope: domainScopeOf(request.caller), id, ifMatch: ifMatchOf(request) };
};
