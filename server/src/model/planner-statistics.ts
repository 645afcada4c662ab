/**
 * @module Keeps the planner's statistics in step with growth. A prepared statement keeps the plan that suited the
 * table when it was small, until an ANALYZE; the embedded store has no autovacuum to run one, and PostgreSQL's comes
 * a minute late. So the tables of a sign-in are analyzed after 50, 200, 800, … sign-ins of this process.
 */
import { sql } from 'kysely';
import type { Db } from './tables.ts';

export interface PlannerStatistics {
  /** Counts one row more in the tables of a sign-in; now and then analyzes them in the background. */
  noteGrowth(): void;
}

const first = 50;
const factor = 4;

export const createPlannerStatistics = (db: Db, onError: (error: unknown) => void): PlannerStatistics => {
  let count = 0;
  let next = first;
  return {
    noteGrowth() {
      if (++count < next) return;
      next *= factor;
      sql`analyze users, identities, sessions, upstream_grants, flow_uses, token_families, refresh_tokens`
        .execute(db.kysely)
        .catch(onError);
    },
  };
};
