/** What the screens of sources ask the server. Keys of queries are paths, so that a change can name what it touched. */
import type { AttemptSummary, AttemptView, FunnelView } from '@foyer/contract/attempts.ts';
import type {
  DiscoveredProvider,
  DraftBody,
  DryRunResult,
  DryRunStarted,
  MappingPreview,
  SourceCheck,
} from '@foyer/contract/dry-runs.ts';
import type {
  DomainReadiness,
  ReservationView,
  RevisionView,
  SourceImpact,
  SourceKindName,
  SourceSummary,
} from '@foyer/contract/source-lifecycle.ts';
import type { LdapSourceView, SamlSourceView } from '@foyer/contract/sources.ts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import { api } from '#lib/api.ts';
import type { OauthBody, OauthView } from './draft.ts';

export type SamlView = Static<typeof SamlSourceView>;
export type LdapView = Static<typeof LdapSourceView>;
export type SourceView = OauthView | SamlView | LdapView;

export const collectionOf: Readonly<Record<SourceKindName, string>> = {
  oauth2: '/oauth_auths',
  saml: '/saml_auths',
  ldap: '/ldap_auths',
};

const at = (path: string, id: string, more = ''): string => `${path}/${encodeURIComponent(id)}${more}`;

export const sourcesQuery = (domainId: string) =>
  queryOptions({
    queryKey: ['/sources', { authority_id: domainId }],
    queryFn: ({ signal }) =>
      api.list<SourceSummary>('/sources', { authority_id: domainId, limit: 500 }, signal),
  });

export const summaryQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ['/sources', sourceId],
    queryFn: ({ signal }) => api.get<SourceSummary>(at('/sources', sourceId), undefined, signal),
  });

export const readSettings = (
  kind: SourceKindName,
  sourceId: string,
  signal?: AbortSignal,
): Promise<SourceView> => api.get<SourceView>(at(collectionOf[kind], sourceId), undefined, signal);

export const settingsQuery = (kind: SourceKindName, sourceId: string) =>
  queryOptions({
    queryKey: ['/sources', sourceId, 'settings'],
    queryFn: ({ signal }) => readSettings(kind, sourceId, signal),
  });

export const revisionsQuery = (sourceId: string, page: number) =>
  queryOptions({
    queryKey: ['/sources', sourceId, 'revisions', page],
    queryFn: ({ signal }) =>
      api.list<RevisionView>(
        at('/sources', sourceId, '/revisions'),
        { limit: revisionsPerPage, offset: (page - 1) * revisionsPerPage },
        signal,
      ),
  });
export const revisionsPerPage = 20;

export const impactQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ['/sources', sourceId, 'impact'],
    queryFn: ({ signal }) => api.get<SourceImpact>(at('/sources', sourceId, '/impact'), undefined, signal),
    staleTime: 0,
  });

export const readinessQuery = (domainId: string) =>
  queryOptions({
    queryKey: ['/domains', domainId, 'readiness'],
    queryFn: ({ signal }) =>
      api.get<DomainReadiness>(at('/domains', domainId, '/readiness'), undefined, signal),
    staleTime: 0,
  });

export const funnelQuery = (sourceId: string, hours: number) =>
  queryOptions({
    queryKey: ['/sources', sourceId, 'funnel', hours],
    queryFn: ({ signal }) => api.get<FunnelView>(at('/sources', sourceId, '/funnel'), { hours }, signal),
  });

export interface AttemptFilter {
  sourceId: string;
  domainId: string;
  outcome: string;
  q: string;
  page: number;
}
export const attemptsPerPage = 25;

export const attemptsQuery = ({ sourceId, domainId, outcome, q, page }: AttemptFilter) => {
  const params = {
    authority_id: domainId,
    source_id: sourceId,
    outcome,
    q,
    limit: attemptsPerPage,
    offset: (page - 1) * attemptsPerPage,
  };
  return queryOptions({
    queryKey: ['/sign_in_attempts', params],
    queryFn: ({ signal }) => api.list<AttemptSummary>('/sign_in_attempts', params, signal),
  });
};

export const attemptQuery = (attemptId: string) =>
  queryOptions({
    queryKey: ['/sign_in_attempts', attemptId],
    queryFn: ({ signal }) => api.get<AttemptView>(at('/sign_in_attempts', attemptId), undefined, signal),
  });

export const reserve = (domainId: string, kind: SourceKindName): Promise<ReservationView> =>
  api.post('/sources/reservations', { authority_id: domainId, kind });

/** What was reserved before, after a reload of the page. */
export const readReservation = (
  domainId: string,
  kind: SourceKindName,
  reserved: { id: string; reservation: string },
): Promise<ReservationView> =>
  api.post('/sources/reservations', { authority_id: domainId, kind, ...reserved });

export const createSource = <B extends object>(kind: SourceKindName, body: B): Promise<SourceView> =>
  api.post(collectionOf[kind], body);

/** @param revision the one that the change is based on: 412 when somebody else was faster */
export const changeSource = (
  kind: SourceKindName,
  sourceId: string,
  body: object,
  revision: number | undefined,
): Promise<SourceView> =>
  api.patch(at(collectionOf[kind], sourceId), body, {
    ...(revision !== undefined && { ifMatch: `"${revision}"` }),
  });

export const deleteSource = (kind: SourceKindName, sourceId: string): Promise<void> =>
  api.delete(at(collectionOf[kind], sourceId));

export const duplicateSource = (sourceId: string, name: string): Promise<{ id: string }> =>
  api.post(at('/sources', sourceId, '/duplicate'), { name });

export const makeDefault = (
  sourceId: string,
  override?: { override: true; reason: string },
): Promise<unknown> => api.post(at('/sources', sourceId, '/default'), override ?? {});
export const endDefault = (sourceId: string): Promise<void> =>
  api.delete(at('/sources', sourceId, '/default'));

export const rollBack = (sourceId: string, version: number): Promise<unknown> =>
  api.post(at('/sources', sourceId, '/roll_back'), { version });
export const promoteSecret = (sourceId: string): Promise<unknown> =>
  api.post(at('/sources', sourceId, '/promote_secret'));
export const notePass = (sourceId: string, pass: string): Promise<unknown> =>
  api.post(at('/sources', sourceId, '/passes'), { pass });

/** What a check, a dry run or the mapping lab is about: a draft of a stored source, or of a reserved id. */
export interface DraftTarget {
  domainId: string;
  sourceId: string;
  reservation?: string | undefined;
}

const draftBody = (target: DraftTarget, draft: OauthBody): DraftBody => ({
  authority_id: target.domainId,
  kind: 'oauth2',
  source_id: target.sourceId,
  ...(target.reservation !== undefined && { reservation: target.reservation }),
  draft,
});

export const checkDraft = (
  target: DraftTarget,
  draft: OauthBody,
  network: boolean,
  signal?: AbortSignal,
): Promise<SourceCheck[]> => api.post('/source_checks', { ...draftBody(target, draft), network }, { signal });

export const discover = (issuer: string, signal?: AbortSignal): Promise<DiscoveredProvider> =>
  api.post('/source_checks/discover', { issuer }, { signal });

export const previewMapping = (
  target: DraftTarget,
  draft: OauthBody,
  seen: { profile: Record<string, unknown>; claims?: Record<string, unknown> | undefined },
  signal?: AbortSignal,
): Promise<MappingPreview> =>
  api.post('/mapping_previews', { ...draftBody(target, draft), ...seen }, { signal });

export const startDryRun = (target: DraftTarget, draft: OauthBody): Promise<DryRunStarted> =>
  api.post('/dry_runs', draftBody(target, draft));

export const finishDryRun = (
  ticket: string,
  end: { params: Record<string, string> } | { abandoned: true; shown_code: string },
): Promise<DryRunResult> => api.post('/dry_runs/finish', { ticket, ...end });

/** After a change of a source: its own pages, the list, and what the domain says of it. */
export const forgetSource = async (client: QueryClient): Promise<void> => {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['/sources'] }),
    client.invalidateQueries({ queryKey: ['/domains'] }),
  ]);
};
