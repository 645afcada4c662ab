/**
 * @module The one-time link with which the first platform administrator is made (S-90): 256 random bits, an hour
 * long, single use, only its hash stored. There are no default accounts.
 */
import { sql } from 'kysely';
import { randomToken, sha256 } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

const lifetimeSeconds = 3_600;

/** Makes a new token and forgets the older ones; answers its value, which is shown once. */
export const createSetupToken = async (tx: Tx): Promise<string> => {
  const token = randomToken();
  await tx.kysely.deleteFrom('setup_tokens').where('used_at', 'is', null).execute();
  await tx.kysely
    .insertInto('setup_tokens')
    .values({
      token_hash: sha256(token),
      expires_at: sql<Date>`now() + make_interval(secs => ${lifetimeSeconds})`,
    })
    .execute();
  return token;
};

export const isSetupTokenLive = async (tx: Tx, token: string): Promise<boolean> => {
  const row = await tx.kysely
    .selectFrom('setup_tokens')
    .select('token_hash')
    .where('token_hash', '=', sha256(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return row !== undefined;
};

/** Uses the token up; of several who try at once, exactly one hears true. Call it inside the transaction it guards. */
export const useSetupToken = async (tx: Tx, token: string): Promise<boolean> => {
  const { numUpdatedRows } = await tx.kysely
    .updateTable('setup_tokens')
    .set({ used_at: sql`now()` })
    .where('token_hash', '=', sha256(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};
