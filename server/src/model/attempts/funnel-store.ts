/** How far the sign-ins of one source came, from the counts of all nodes. */
import { sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface HourCounts {
  hour: Date;
  started: number;
  returned: number;
  token: number;
  profile: number;
  signedIn: number;
  denied: number;
  /** By the buckets of `duration-buckets.ts`. */
  durations: number[];
}

/** Oldest first; hours without any are not there. */
export const listHourCounts = async (
  tx: Tx,
  domainId: DomainId,
  sourceId: string,
  since: Date,
): Promise<HourCounts[]> => {
  const rows = await tx.kysely
    .selectFrom('sign_in_counts')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('source_id', '=', sourceId)
    .where('hour', '>=', since)
    .orderBy('hour')
    .execute();
  return rows.map(({ hour, started, returned, token, profile, signed_in, denied, durations }) => ({
    ...{ hour, started, returned, token, profile, denied, durations },
    signedIn: signed_in,
  }));
};

export interface CountedError {
  reason: ErrorCode;
  /** What tells one cause from another; without words that differ each time. */
  evidence: Record<string, unknown>;
  count: number;
  lastId: string;
  lastAt: Date;
}

const maxKinds = 200;

/** The refusals of a source by their evidence, the most frequent first. */
export const countErrors = async (
  tx: Tx,
  domainId: DomainId,
  sourceId: string,
  since: Date,
): Promise<CountedError[]> => {
  const { rows } = await sql<{
    reason: ErrorCode;
    evidence: unknown;
    count: number;
    last_id: string;
    last_at: Date;
  }>`
    select reason, evidence - '{traceId,detail}'::text[] as evidence, count(*)::integer as count,
           (array_agg(id order by at desc))[1] as last_id, max(at) as last_at
      from sign_in_attempts
     where domain_id = ${domainId} and source_id = ${sourceId} and at >= ${since} and outcome = 'denied'
     group by 1, 2 order by 3 desc, 5 desc limit ${sql.lit(maxKinds)}`.execute(tx.kysely);
  return rows.map((row) => ({
    reason: row.reason,
    evidence: recordOf(row.evidence),
    count: row.count,
    lastId: row.last_id,
    lastAt: row.last_at,
  }));
};
