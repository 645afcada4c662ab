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

const expiring = (table: string, key: string, condition: string): Expiring => ({
  table,
  statement: statement(
    `expired_${table}_${condition.startsWith('expires_at') ? 'absolute' : 'other'}`,
    `delete from ${table} where (${key}) in
       (select ${key} from ${table} where ${condition} limit ${batchSize} for update skip locked) returning true as gone`,
  ),
});

// The delays let a late repetition still be told from something that never was: a used code, a used state, a device
// that polls on. A family's row outlives its last access token.
export const everyMinute: readonly Expiring[] = [
  expiring('flow_uses', 'domain_id, flow_hash', 'expires_at < now()'),
  expiring('sessions', 'domain_id, id_hash', 'expires_at < now()'),
  expiring('authorization_codes', 'domain_id, code_hash', `expires_at < now() - interval '1 hour'`),
  expiring('refresh_tokens', 'domain_id, token_hash', 'expires_at < now()'),
  expiring(
    'token_families',
    'domain_id, id',
    `expires_at < now() - interval '${accessTokenTtlSeconds + 3_600} seconds'`,
  ),
  expiring(
    'token_families',
    'domain_id, id',
    `revoked_at < now() - interval '${accessTokenTtlSeconds + 3_600} seconds'`,
  ),
  expiring('device_codes', 'domain_id, device_hash', `expires_at < now() - interval '1 hour'`),
  expiring('rate_limits', 'domain_id, key', 'expires_at < now()'),
  expiring('idempotency_keys', 'domain_id, key_hash', 'expires_at < now()'),
  expiring('setup_tokens', 'token_hash', `expires_at < now() - interval '1 day'`),
];

/** No index leads to these: one would make every use of a session dearer. */
export const everyHour: readonly Expiring[] = [
  expiring('sessions', 'domain_id, id_hash', 'idle_expires_at < now()'),
];

/** Deletes one batch; answers how many rows went. */
export const deleteExpiredBatch = async (tx: Tx, { statement }: Expiring): Promise<number> =>
  (await tx.run(statement, [])).length;
