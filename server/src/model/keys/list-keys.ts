/** What there is of keys, for administrators of the installation: ids and times, never a key. */
import type { Tx } from '#model/tables.ts';

export const listSigningKeys = async (tx: Tx) =>
  tx.kysely
    .selectFrom('signing_keys')
    .select(['kid', 'alg', 'active_from', 'retired_at'])
    .orderBy('active_from', 'desc')
    .execute();

/** How many data keys each key-encryption key wraps, by its id. */
export const countDataKeys = async (tx: Tx): Promise<Map<string, number>> => {
  const rows = await tx.kysely
    .selectFrom('data_keys')
    .select('kek_id')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .groupBy('kek_id')
    .orderBy('kek_id')
    .execute();
  return new Map(rows.map(({ kek_id, n }) => [kek_id, Number(n)]));
};
