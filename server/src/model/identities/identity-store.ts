/**
 * @module The ways in which a person signs in. Joining a further source to an account and taking one away happen here;
 * what a sign-in itself writes is `complete-sign-in-statement.ts`.
 */
import { sql } from 'kysely';
import { FoyerError } from '#base/lib/errors.ts';
import { type DomainId, type SourceId, sha256Base64Url, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface IdentityKey {
  sourceId: SourceId;
  issuer: string;
  subject: string;
}

export interface StoredIdentity extends IdentityKey {
  /** Names the identity in forms; made from its key. */
  ref: string;
  sourceName: string;
  sourceEnabled: boolean;
  email: string | undefined;
  createdAt: Date;
  lastSignInAt: Date | undefined;
}

export const identityRef = ({ sourceId, issuer, subject }: IdentityKey): string =>
  sha256Base64Url(JSON.stringify([sourceId, issuer, subject]));

export const listIdentities = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
): Promise<StoredIdentity[]> => {
  const rows = await tx.kysely
    .selectFrom('identities as i')
    .innerJoin('sources as s', (join) =>
      join.onRef('s.domain_id', '=', 'i.domain_id').onRef('s.id', '=', 'i.source_id'),
    )
    .select(['i.source_id', 'i.issuer', 'i.subject', 'i.email', 'i.created_at', 'i.last_sign_in_at'])
    .select(['s.name', 's.enabled'])
    .where('i.domain_id', '=', domainId)
    .where('i.user_id', '=', userId)
    .orderBy('i.created_at')
    .execute();
  return rows.map((row) => {
    const key = { sourceId: row.source_id as SourceId, issuer: row.issuer, subject: row.subject };
    return {
      ...key,
      ref: identityRef(key),
      sourceName: row.name,
      sourceEnabled: row.enabled,
      email: row.email ?? undefined,
      createdAt: row.created_at,
      lastSignInAt: row.last_sign_in_at ?? undefined,
    };
  });
};

/**
 * Joins an identity to an account; repeating it changes nothing.
 * @throws {FoyerError} `account_exists` when it belongs to somebody else.
 */
export const addIdentity = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  identity: IdentityKey & { email: string | undefined },
): Promise<void> => {
  const { sourceId, issuer, subject, email } = identity;
  await tx.kysely
    .insertInto('identities')
    .values({
      domain_id: domainId,
      source_id: sourceId,
      issuer,
      subject,
      user_id: userId,
      email: email ?? null,
    })
    .onConflict((conflict) => conflict.columns(['domain_id', 'source_id', 'issuer', 'subject']).doNothing())
    .execute();
  const row = await tx.kysely
    .selectFrom('identities')
    .select('user_id')
    .where('domain_id', '=', domainId)
    .where('source_id', '=', sourceId)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (row?.user_id !== userId) {
    throw new FoyerError('account_exists', { detail: 'the identity belongs to another account' });
  }
};

/**
 * Takes an identity, and with it the source's stored tokens, from an account (S-38).
 * @throws {FoyerError} `not_found`, or `last_sign_in_method` when nothing else would be left to sign in with.
 */
export const removeIdentity = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  ref: string,
  options: { passwordSignIn: boolean },
): Promise<StoredIdentity> => {
  // Two removals at once must not each see the other's identity as the one that is left.
  const user = await tx.kysely
    .selectFrom('users')
    .select('password_digest')
    .where('domain_id', '=', domainId)
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  const identities = await listIdentities(tx, domainId, userId);
  const identity = identities.find((each) => each.ref === ref);
  if (!identity) throw new FoyerError('not_found', { detail: 'no such identity' });
  const others = identities.filter((each) => each !== identity && each.sourceEnabled).length;
  const hasPassword = options.passwordSignIn && Boolean(user?.password_digest);
  if (others === 0 && !hasPassword) throw new FoyerError('last_sign_in_method');
  await tx.kysely
    .deleteFrom('identities')
    .where('domain_id', '=', domainId)
    .where('source_id', '=', identity.sourceId)
    .where('issuer', '=', identity.issuer)
    .where('subject', '=', identity.subject)
    .where('user_id', '=', userId)
    .execute();
  return identity;
};

/** Whether this source was taken from the account since `sinceMs`: a confirmation begun before is void (S-34). */
export const wasUnlinkedSince = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  sourceId: SourceId,
  sinceMs: number,
): Promise<boolean> => {
  const row = await tx.kysely
    .selectFrom('audit')
    .select('id')
    .where('domain_id', '=', domainId)
    .where('at', '>=', sql<Date>`to_timestamp(${sinceMs / 1_000}::float8)`)
    .where('action', '=', 'identity.unlink')
    .where('target', '=', userId)
    .where('source_id', '=', sourceId)
    .executeTakeFirst();
  return row !== undefined;
};
