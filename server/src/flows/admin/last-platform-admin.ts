import { sql } from 'kysely';
import { FoyerError } from '#base/lib/errors.ts';
import type { Tx } from '#model/tables.ts';
import { countPlatformAdmins } from '#model/users/user-store.ts';

/**
 * Does a change that may take platform administrators away, one such change at a time, and refuses it when nobody would
 * be left.
 * @throws {FoyerError} `conflict`; the transaction must then be rolled back
 */
export const keepPlatformAdmin = async <T>(tx: Tx, change: () => Promise<T>): Promise<T> => {
  await sql`select pg_advisory_xact_lock(hashtext('foyer platform administrators'))`.execute(tx.kysely);
  const before = await countPlatformAdmins(tx);
  const result = await change();
  if (before > 0 && (await countPlatformAdmins(tx)) === 0) {
    throw new FoyerError('conflict', { detail: 'The last administrator of the installation must stay' });
  }
  return result;
};
