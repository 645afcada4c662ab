/** How sources are doing: one query for any number of them, and one for their last seven days. */
import { sql } from 'kysely';
import type { Tx } from '#model/tables.ts';
import { refusedCodeErrors, sourceFaults } from './attempt.ts';

export interface SourceHealth {
  lastSuccessAt: Date | undefined;
  lastFailureAt: Date | undefined;
  /** Refusals since the last success that Foyer itself met at the source or its provider, and the first of them. */
  faults: number;
  faultsSince: Date | undefined;
  /** People who have signed in through it. */
  users: number;
  /** Of the present revision. */
  testedAt: Date | undefined;
  testedBy: string | undefined;
}

interface Named {
  domainId: string;
  id: string;
  version: number;
}

export const healthKey = ({ domainId, id }: { domainId: string; id: string }): string => `${domainId}\n${id}`;

const idsOf = (sources: readonly Named[]) =>
  sql`unnest(${sources.map(({ domainId }) => domainId)}::text[], ${sources.map(({ id }) => id)}::text[],
             ${sources.map(({ version }) => version)}::bigint[]) as s (domain_id, id, version)`;

/**
 * What Foyer itself met while asking the provider. What the browser brought back is the word of whoever holds it, and a
 * code that the provider refuses or a profile that only its owner has is one person's: nobody may make a source look
 * broken by that.
 */
const isSourceFault = sql`reason = any(${[...sourceFaults]}::text[])
  and evidence ->> 'who' is distinct from 'person'
  and evidence ->> 'step' is distinct from 'callback'
  and not (reason = 'upstream_refused' and evidence ->> 'step' = 'token'
           and coalesce(lower(evidence ->> 'error') = any(${[...refusedCodeErrors]}::text[]), false))
  and not (evidence ->> 'step' = 'mapping'
           and coalesce(evidence ->> 'reason' = 'malformed_profile', false))`;

interface HealthRow {
  domain_id: string;
  id: string;
  last_ok_at: Date | null;
  last_denied_at: Date | null;
  faults: number;
  faults_since: Date | null;
  users: number;
  tested_at: Date | null;
  tested_by: string | null;
}

export const readSourceHealth = async (
  tx: Tx,
  sources: readonly Named[],
): Promise<Map<string, SourceHealth>> => {
  if (sources.length === 0) return new Map();
  const { rows } = await sql<HealthRow>`
    select s.domain_id, s.id, greatest(c.last_ok_at, i.last_at) as last_ok_at, c.last_denied_at,
           f.faults, f.since as faults_since, i.users, r.tested_at, t.name as tested_by
      from ${idsOf(sources)}
      left join lateral (
        select max(last_ok_at) as last_ok_at, max(last_denied_at) as last_denied_at
          from sign_in_counts where domain_id = s.domain_id and source_id = s.id) c on true
      left join lateral (
        select count(*)::integer as faults, min(at) as since from sign_in_attempts
         where domain_id = s.domain_id and source_id = s.id and at > coalesce(c.last_ok_at, '-infinity')
           and ${isSourceFault}) f on true
      left join lateral (
        select count(distinct user_id)::integer as users, max(last_sign_in_at) as last_at
          from identities where domain_id = s.domain_id and source_id = s.id) i on true
      left join source_revisions r on r.domain_id = s.domain_id and r.source_id = s.id and r.version = s.version
      left join lateral (
        select name from users
         where id = r.tested_by and (domain_id = s.domain_id or platform_admin) limit 1) t on true`.execute(
    tx.kysely,
  );
  return new Map(
    rows.map((row) => [
      healthKey({ domainId: row.domain_id, id: row.id }),
      {
        lastSuccessAt: row.last_ok_at ?? undefined,
        lastFailureAt: row.last_denied_at ?? undefined,
        faults: row.faults,
        faultsSince: row.faults_since ?? undefined,
        users: row.users,
        testedAt: row.tested_at ?? undefined,
        testedBy: row.tested_by ?? undefined,
      },
    ]),
  );
};

export interface DayCounts {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  ok: number;
  denied: number;
}

/** Days without any sign-in are not there. */
export const readSourceDays = async (
  tx: Tx,
  sources: readonly Named[],
  since: Date,
): Promise<Map<string, DayCounts[]>> => {
  const found = new Map<string, DayCounts[]>();
  if (sources.length === 0) return found;
  const { rows } = await sql<DayCounts & { domain_id: string; id: string }>`
    select s.domain_id, s.id, to_char(c.hour at time zone 'UTC', 'YYYY-MM-DD') as day,
           sum(c.signed_in)::integer as ok, sum(c.denied)::integer as denied
      from ${idsOf(sources)}
      join sign_in_counts c on c.domain_id = s.domain_id and c.source_id = s.id and c.hour >= ${since}
     group by 1, 2, 3 order by 1, 2, 3`.execute(tx.kysely);
  for (const { domain_id: domainId, id, ...day } of rows) {
    const key = healthKey({ domainId, id });
    found.set(key, [...(found.get(key) ?? []), day]);
  }
  return found;
};
