import { sql } from 'kysely';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

/** Ends an authorization with all its tokens; false when there is no living one of this id. */
export const revokeFamily = async (tx: Tx, domainId: DomainId, familyId: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx.kysely
    .updateTable('token_families')
    .set({ revoked_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('id', '=', familyId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};
