/**
 * @module Deletes what has expired and nobody will ask for again (S-136): every ten minutes, on every node; who comes
 * second finds nothing. Losing a run is harmless, because nothing expired is ever honoured.
 */
import { statement } from '#base/db/database.ts';
import type { Db } from './tables.ts';

const purges = [
  statement('purge_flow_uses', 'delete from flow_uses where expires_at < now()'),
  statement('purge_sessions', 'delete from sessions where expires_at < now()'),
  statement('purge_rate_limits', 'delete from rate_limits where expires_at < now()'),
  // Their codes and refresh tokens go with them. An hour later, so that a late replay is still told from an unknown code.
  statement('purge_token_families', "delete from token_families where expires_at < now() - interval '1 hour'"),
  statement('purge_device_codes', "delete from device_codes where expires_at < now() - interval '1 hour'"),
];

const everyMs = 600_000;

export const purgeExpired = async (db: Db): Promise<void> => {
  for (const each of purges) await db.run(each, []);
};

/** Answers how to stop it. */
export const startPurging = (db: Db, onError: (error: unknown) => void): (() => void) => {
  const timer = setInterval(() => {
    purgeExpired(db).catch(onError);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
