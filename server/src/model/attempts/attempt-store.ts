/** Reads what the flight recorder kept, for administrators. */
import { sql } from 'kysely';
import { listOf, recordOf } from '#base/db/json-column.ts';
import type { Listed, ListRequest } from '#base/db/listing.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';

export interface AttemptOutline {
  domainId: string;
  id: string;
  sourceId: string | undefined;
  version: number | undefined;
  at: Date;
  durationMs: number;
  outcome: 'ok' | 'denied';
  reason: ErrorCode | undefined;
  failedStep: string | undefined;
  evidence: Record<string, unknown>;
  user: { id: string; name: string; email: string } | undefined;
}

export interface StoredAttempt extends AttemptOutline {
  /** As on the wire. */
  steps: unknown[];
  requestId: string | undefined;
}

export interface AttemptFilter extends ListRequest {
  sourceId: string | undefined;
  outcome: string | undefined;
}

/** Nobody turns so many pages; counting further would cost more than it tells. */
const maxTotal = 100_000;

/** Newest first; `q` is the beginning of a short id. */
export const listAttempts = async (
  tx: Tx,
  scope: DomainScope,
  { sourceId, outcome, q, limit, offset }: AttemptFilter,
): Promise<Listed<AttemptOutline>> => {
  const beginning = q.trim().toLowerCase();
  const matching = tx.kysely
    .selectFrom('sign_in_attempts as a')
    .$if(scope !== everyDomain, (query) => query.where('a.domain_id', '=', scope as DomainId))
    .$if(sourceId !== undefined, (query) => query.where('a.source_id', '=', sourceId as string))
    .$if(outcome !== undefined, (query) => query.where('a.outcome', '=', outcome as 'ok' | 'denied'))
    .$if(beginning !== '' && beginning !== '*', (query) =>
      query.where(sql<boolean>`starts_with(a.id, ${beginning})`),
    );
  const { total } = await tx.kysely
    .selectFrom(matching.select('a.id').limit(maxTotal).as('some'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await withUser(matching)
    .select(outline)
    // Over all domains the index on the expiry leads: it is the time plus seven days.
    .orderBy(scope === everyDomain ? 'a.expires_at' : 'a.at', 'desc')
    .orderBy('a.id')
    .limit(limit)
    .offset(offset)
    .execute();
  return { rows: rows.map(toOutline), total: Number(total) };
};

export const findAttempt = async (
  tx: Tx,
  scope: DomainScope,
  id: string,
): Promise<StoredAttempt | undefined> => {
  const row = await withUser(tx.kysely.selectFrom('sign_in_attempts as a'))
    .select([...outline, 'a.steps', 'a.request_id'])
    .where('a.id', '=', id)
    .$if(scope !== everyDomain, (query) => query.where('a.domain_id', '=', scope as DomainId))
    .executeTakeFirst();
  return row && { ...toOutline(row), steps: listOf(row.steps), requestId: row.request_id ?? undefined };
};

const from = (tx: Tx) => tx.kysely.selectFrom('sign_in_attempts as a');

const withUser = (query: ReturnType<typeof from>) =>
  query.leftJoin('users as u', (join) =>
    join.onRef('u.domain_id', '=', 'a.domain_id').onRef('u.id', '=', 'a.user_id'),
  );

const outline = [
  'a.domain_id',
  'a.id',
  'a.source_id',
  'a.version',
  'a.at',
  'a.duration_ms',
  'a.outcome',
  'a.reason',
  'a.evidence',
  'u.id as user_id',
  'u.name as user_name',
  'u.email as user_email',
  sql<string | null>`jsonb_path_query_first(a.steps, '$[*] ? (@.outcome == "failed").name') #>> '{}'`.as(
    'failed_step',
  ),
] as const;

interface OutlineRow {
  domain_id: string;
  id: string;
  source_id: string | null;
  version: number | null;
  at: Date;
  duration_ms: number;
  outcome: 'ok' | 'denied';
  reason: string | null;
  evidence: unknown;
  user_id: string | null;
  user_name: string | null;
  user_email: string | null;
  failed_step: string | null;
}

const toOutline = (row: OutlineRow): AttemptOutline => ({
  domainId: row.domain_id,
  id: row.id,
  sourceId: row.source_id ?? undefined,
  version: row.version ?? undefined,
  at: row.at,
  durationMs: row.duration_ms,
  outcome: row.outcome,
  reason: (row.reason ?? undefined) as ErrorCode | undefined,
  failedStep: row.failed_step ?? undefined,
  evidence: recordOf(row.evidence),
  user:
    row.user_id === null
      ? undefined
      : { id: row.user_id, name: row.user_name ?? '', email: row.user_email ?? '' },
});
