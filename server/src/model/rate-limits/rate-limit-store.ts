/**
 * @module Counters with a time window, shared by all nodes in one table (S-134). Counting is one statement, whatever the
 * number of counters, and the database's clock ends a window. Losing the rows is harmless.
 */
import { statement } from '#base/db/database.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface Limit {
  /** What is counted, e.g. `password:ip:203.0.113.7`. */
  key: string;
  /** Tries within the window before a refusal. */
  points: number;
  windowSeconds: number;
}

// Rows are written in one order over all callers, so two that share several counters cannot wait for each other.
const consume = statement(
  'rate_limit_consume',
  `insert into rate_limits as r (domain_id, key, points, expires_at)
   select $1, t.key, 1, now() + make_interval(secs => t.seconds)
     from unnest($2::text[], $3::int[]) as t (key, seconds) order by t.key
   on conflict (domain_id, key) do update
      set points = case when r.expires_at <= now() then 1 else r.points + 1 end,
          expires_at = case when r.expires_at <= now() then excluded.expires_at else r.expires_at end
   returning key, points, ceil(extract(epoch from expires_at - now()))::int as seconds_left`,
);

const giveBack = statement(
  'rate_limit_give_back',
  `update rate_limits set points = greatest(points - 1, 0) where domain_id = $1 and key = any($2::text[])`,
);

export interface Exhausted {
  /** Until the last of the exhausted windows ends. */
  retryAfterSeconds: number;
  /** The first try beyond a limit in its window, which is worth a line in the audit log; the others are not. */
  isFirst: boolean;
}

/** Counts one try on each limit; answers `undefined` when all of them had room. */
export const consumeLimits = async (
  db: Tx,
  domainId: DomainId,
  limits: readonly Limit[],
): Promise<Exhausted | undefined> => {
  const rows = await db.run<{ key: string; points: number; seconds_left: number }>(consume, [
    domainId,
    limits.map(({ key }) => key),
    limits.map(({ windowSeconds }) => windowSeconds),
  ]);
  const beyond = rows
    .map((row) => ({ ...row, by: row.points - (limits.find(({ key }) => key === row.key)?.points ?? 0) }))
    .filter(({ by }) => by > 0);
  if (beyond.length === 0) return undefined;
  return {
    retryAfterSeconds: Math.max(1, ...beyond.map((row) => row.seconds_left)),
    isFirst: beyond.some(({ by }) => by === 1),
  };
};

/** Takes a try back, after it turned out to be rightful. */
export const giveBackLimits = async (db: Tx, domainId: DomainId, limits: readonly Limit[]): Promise<void> => {
  await db.run(giveBack, [domainId, limits.map(({ key }) => key)]);
};
