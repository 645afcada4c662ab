/** What a sign-in by local password reads and writes of a user. */
import { sql } from 'kysely';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

/** The digest of an active user; `undefined` when they have no password. */
export const findDigestOfUser = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
): Promise<string | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .select('password_digest')
    .where('domain_id', '=', domainId)
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.password_digest ?? undefined;
};

/**
 * Counts a sign-in and stores a renewed digest. False when the user was disabled, or the password changed, since
 * `checkedDigest` was read: then nobody is signed in. So it is when the account had to be a break-glass one and is not now.
 */
export const recordPasswordSignIn = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  checkedDigest: string,
  { newDigest, mustBeBreakGlass }: { newDigest: string | undefined; mustBeBreakGlass: boolean },
): Promise<boolean> => {
  const { numUpdatedRows } = await tx.kysely
    .updateTable('users')
    .set({
      login_count: sql`login_count + 1`,
      last_login: sql`now()`,
      ...(newDigest !== undefined && { password_digest: newDigest }),
    })
    .where('domain_id', '=', domainId)
    .where('id', '=', userId)
    .where('password_digest', '=', checkedDigest)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .$if(mustBeBreakGlass, (query) => query.where('break_glass', '=', true))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};
