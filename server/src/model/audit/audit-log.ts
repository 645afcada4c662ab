/**
 * @module Reads the audit log, newest first. There is no way to change or delete a row. Rows outlive what they are about,
 * so names are looked up apart (`audit-names.ts`) and may be missing.
 */
import { type SelectQueryBuilder, sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import { type Listed, type ListRequest, matchesWords } from '#base/db/listing.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tables, Tx } from '#model/tables.ts';

export interface AuditRow {
  domainId: string;
  id: string;
  at: Date;
  action: string;
  outcome: 'ok' | 'denied';
  reason: string | undefined;
  actorKind: string;
  actorId: string | undefined;
  sourceId: string | undefined;
  applicationId: string | undefined;
  target: string | undefined;
  fields: string[];
  detail: Record<string, unknown>;
  ip: string | undefined;
  userAgent: string | undefined;
  requestId: string | undefined;
}

export interface AuditFilter {
  q: string;
  /** Exact, or a beginning that ends with a dot. */
  action: string | undefined;
  outcome: string | undefined;
  actorId: string | undefined;
  target: string | undefined;
  sourceId: string | undefined;
  since: Date | undefined;
  until: Date | undefined;
}

/** A domain, every domain with the installation itself, or the installation alone. */
export type AuditScope = DomainScope | '';

/** Nobody turns so many pages; counting further would cost more than it tells. */
const maxTotal = 100_000;

const searched = ['action', 'reason', 'actor_id', 'target', 'source_id', 'ip', 'request_id'] as const;

type Query = SelectQueryBuilder<Tables, 'audit', object>;

const matching = (tx: Tx, scope: AuditScope, filter: AuditFilter): Query => {
  const { action, outcome, actorId, target, sourceId, since, until } = filter;
  const words = matchesWords(searched, filter.q);
  // The short id of a failed sign-in has an index of its own.
  const incident = filter.q.trim().toLowerCase();
  let query: Query = tx.kysely.selectFrom('audit');
  if (scope !== everyDomain) query = query.where('domain_id', '=', scope);
  if (action?.endsWith('.')) query = query.where(sql<boolean>`starts_with(action, ${action})`);
  else if (action !== undefined) query = query.where('action', '=', action);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome as 'ok' | 'denied');
  if (actorId !== undefined) query = query.where('actor_id', '=', actorId);
  if (target !== undefined) query = query.where('target', '=', target);
  if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
  if (since) query = query.where('at', '>=', since);
  if (until) query = query.where('at', '<=', until);
  if (words) query = query.where((eb) => eb.or([words, sql<boolean>`detail ->> 'incident' = ${incident}`]));
  return query;
};

export const listAudit = async (
  tx: Tx,
  scope: AuditScope,
  { limit, offset, ...filter }: AuditFilter & ListRequest,
): Promise<Listed<AuditRow>> => {
  const all = matching(tx, scope, filter);
  const { total } = await tx.kysely
    .selectFrom(all.select('id').limit(maxTotal).as('some'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await all
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return { rows: rows.map(toAuditRow), total: Number(total) };
};

/** Rows that match, in batches; a row that is written meanwhile is in none, and no batch holds a transaction open. */
export async function* readAuditInBatches(
  tx: Tx,
  scope: AuditScope,
  filter: AuditFilter,
  batchSize: number,
): AsyncGenerator<AuditRow[]> {
  let after: { at: string; id: string } | undefined;
  for (;;) {
    const last = after;
    const rows = await matching(tx, scope, filter)
      .selectAll()
      // As text: a Date has no microseconds, and rows would be left out.
      .select(sql<string>`at::text`.as('at_text'))
      .$if(last !== undefined, (query) =>
        query.where(sql<boolean>`(at, id) < (${last?.at}::text::timestamptz, ${last?.id}::text::uuid)`),
      )
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(batchSize)
      .execute();
    if (rows.length > 0) yield rows.map(toAuditRow);
    const final = rows.at(-1);
    if (rows.length < batchSize || !final) return;
    after = { at: final.at_text, id: final.id };
  }
}

interface StoredRow {
  domain_id: string;
  id: string;
  at: Date;
  action: string;
  outcome: 'ok' | 'denied';
  reason: string | null;
  actor_kind: string;
  actor_id: string | null;
  source_id: string | null;
  application_id: string | null;
  target: string | null;
  fields: string[];
  detail: unknown;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
}

const toAuditRow = (row: StoredRow): AuditRow => ({
  domainId: row.domain_id,
  id: row.id,
  at: row.at,
  action: row.action,
  outcome: row.outcome,
  reason: row.reason ?? undefined,
  actorKind: row.actor_kind,
  actorId: row.actor_id ?? undefined,
  sourceId: row.source_id ?? undefined,
  applicationId: row.application_id ?? undefined,
  target: row.target ?? undefined,
  fields: row.fields,
  detail: recordOf(row.detail),
  ip: row.ip ?? undefined,
  userAgent: row.user_agent ?? undefined,
  requestId: row.request_id ?? undefined,
});
