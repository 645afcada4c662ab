/**
 * @module Deletes what has expired, over all domains (S-136). Nothing expired is ever honoured, so a run that is lost or
 * late does no harm; rows that another node is deleting are left to it.
 */
import { type Statement, statement } from '#base/db/database.ts';
import type { Tx } from '#model/tables.ts';
import { accessTokenTtlSeconds } from '#model/tokens/access-token.ts';

export interface Expiring {
  table: string;
  statement: Statement;
}

/** Rows of one statement: few, so that no lock is held for long. */
export const batchSize = 500;

// The order makes the planner take the index on `column`, even where it has no statistics (an embedded store).
const expiring = (table: string, key: string, column: string, keptForSeconds = 0): Expiring => ({
  table,
  statement: statement(
    `expired_${table}_${column}`,
    `delete from ${table} where (${key}) in
       (select ${key} from ${table} where ${column} < now() - interval '${keptForSeconds} seconds'
         order by ${column} limit ${batchSize} for update skip locked)
     returning true as gone`,
  ),
});

const hour = 3_600;
const familyKeptFor = accessTokenTtlSeconds + hour;

// The delays let a late repetition still be told from something that never was: a used code, a used state, a device
// that polls on. A family's row outlives its last access token.
export const everyMinute: readonly Expiring[] = [
  expiring('flow_uses', 'domain_id, flow_hash', 'expires_at'),
  expiring('sessions', 'domain_id, id_hash', 'expires_at'),
  expiring('authorization_codes', 'domain_id, code_hash', 'expires_at', hour),
  expiring('refresh_tokens', 'domain_id, token_hash', 'expires_at'),
  expiring('token_families', 'domain_id, id', 'expires_at', familyKeptFor),
  expiring('token_families', 'domain_id, id', 'revoked_at', familyKeptFor),
  expiring('device_codes', 'domain_id, device_hash', 'expires_at', hour),
  expiring('rate_limits', 'domain_id, key', 'expires_at'),
  expiring('idempotency_keys', 'domain_id, key_hash', 'expires_at'),
  expiring('sign_in_attempts', 'domain_id, id', 'expires_at'),
  expiring('sign_in_counts', 'domain_id, source_id, hour', 'expires_at'),
  expiring('setup_tokens', 'token_hash', 'expires_at', 24 * hour),
];

/** No index leads to these: one would make every use of a session dearer. */
export const everyHour: readonly Expiring[] = [expiring('sessions', 'domain_id, id_hash', 'idle_expires_at')];

/** Deletes one batch; answers how many rows went. */
export const deleteExpiredBatch = async (tx: Tx, { statement }: Expiring): Promise<number> =>
  (await tx.run(statement, [])).length;
