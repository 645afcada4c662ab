/**
 * Writes what the recorder collected: one statement for the attempts, one for the counts. Both take their rows as one JSON
 * text, so they are prepared once. A domain or source that is gone meanwhile leaves its rows out.
 */
import { statement } from '#base/db/database.ts';
import type { Tx } from '#model/tables.ts';

/** A row of `sign_in_attempts` as JSON. */
export type AttemptRowJson = string;

export interface CountRow {
  domain_id: string;
  source_id: string;
  /** Start of the hour. */
  hour: Date;
  started: number;
  returned: number;
  token: number;
  profile: number;
  signed_in: number;
  denied: number;
  durations: number[];
  last_ok_at: Date | null;
  last_denied_at: Date | null;
  expires_at: Date;
}

const insertAttempts = statement(
  'attempts_insert',
  `insert into sign_in_attempts
     (domain_id, id, source_id, version, at, duration_ms, outcome, reason, user_id, steps, evidence, request_id, expires_at)
   select r.domain_id, r.id, r.source_id, r.version, r.at, r.duration_ms, r.outcome, r.reason, r.user_id, r.steps,
          r.evidence, r.request_id, r.expires_at
     from jsonb_to_recordset($1::text::jsonb) as r (domain_id text, id text, source_id text, version bigint,
            at timestamptz, duration_ms integer, outcome text, reason text, user_id text, steps jsonb, evidence jsonb,
            request_id text, expires_at timestamptz)
    where exists (select 1 from domains d where d.id = r.domain_id)
   on conflict (domain_id, id) do nothing`,
);

// In one order on every node, so that two of them never wait for each other.
const addCounts = statement(
  'attempts_count',
  `insert into sign_in_counts as c (domain_id, source_id, hour, started, returned, token, profile, signed_in, denied,
                                    durations, last_ok_at, last_denied_at, expires_at)
   select r.domain_id, r.source_id, r.hour, r.started, r.returned, r.token, r.profile, r.signed_in, r.denied, r.durations,
          r.last_ok_at, r.last_denied_at, r.expires_at
     from jsonb_to_recordset($1::text::jsonb) as r (domain_id text, source_id text, hour timestamptz, started integer,
            returned integer, token integer, profile integer, signed_in integer, denied integer, durations integer[],
            last_ok_at timestamptz, last_denied_at timestamptz, expires_at timestamptz)
    where exists (select 1 from sources s where s.domain_id = r.domain_id and s.id = r.source_id)
    order by r.domain_id, r.source_id, r.hour
   on conflict (domain_id, source_id, hour) do update set
     started = c.started + excluded.started,
     returned = c.returned + excluded.returned,
     token = c.token + excluded.token,
     profile = c.profile + excluded.profile,
     signed_in = c.signed_in + excluded.signed_in,
     denied = c.denied + excluded.denied,
     durations = array(select coalesce(a, 0) + coalesce(b, 0)
                         from unnest(c.durations, excluded.durations) with ordinality as both_of (a, b, n) order by n),
     last_ok_at = greatest(c.last_ok_at, excluded.last_ok_at),
     last_denied_at = greatest(c.last_denied_at, excluded.last_denied_at)`,
);

export const writeAttempts = async (tx: Tx, rows: readonly AttemptRowJson[]): Promise<void> => {
  if (rows.length > 0) await tx.run(insertAttempts, [`[${rows.join(',')}]`]);
};

export const writeCounts = async (tx: Tx, rows: readonly CountRow[]): Promise<void> => {
  if (rows.length > 0) await tx.run(addCounts, [JSON.stringify(rows)]);
};
