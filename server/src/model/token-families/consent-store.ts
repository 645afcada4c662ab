/** @module What people allowed applications that are not trusted: one row per person and application (S-72). */
import { sql } from 'kysely';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

/** Whether the person has allowed the application all of these scopes before. */
export const hasConsent = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  applicationId: number,
  scopes: readonly string[],
): Promise<boolean> => {
  const row = await tx.kysely
    .selectFrom('consents')
    .select('scopes')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  return row !== undefined && scopes.every((scope) => row.scopes.includes(scope));
};

/** Adds to what was allowed before. */
export const saveConsent = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  applicationId: number,
  scopes: readonly string[],
): Promise<void> => {
  await tx.kysely
    .insertInto('consents')
    .values({ domain_id: domainId, user_id: userId, application_id: applicationId, scopes: [...scopes] })
    .onConflict((conflict) =>
      conflict.columns(['domain_id', 'user_id', 'application_id']).doUpdateSet({
        scopes: sql`(select array_agg(distinct scope) from unnest(consents.scopes || excluded.scopes) scope)`,
        updated_at: sql`now()`,
      }),
    )
    .execute();
};
