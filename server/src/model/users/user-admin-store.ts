/** Queries on users that only administration needs. */
import { sql } from 'kysely';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';
import type { User } from './user.ts';
import { toUser } from './user-store.ts';

/** A user by id within the caller's scope; deleted and disabled ones included. */
export const findUserAnywhere = async (tx: Tx, scope: DomainScope, id: UserId): Promise<User | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .executeTakeFirst();
  return row && toUser(row);
};

/** The users of a list of references, in one query. */
export const findUsersByIds = async (
  tx: Tx,
  references: readonly { domainId: DomainId; id: UserId }[],
): Promise<User[]> => {
  if (references.length === 0) return [];
  const domainIds = references.map(({ domainId }) => domainId as string);
  const ids = references.map(({ id }) => id as string);
  const rows = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where(sql<boolean>`(domain_id, id) in (select * from unnest(${domainIds}::text[], ${ids}::text[]))`)
    .execute();
  return rows.map(toUser);
};

/** Active administrators of the installation, by name; at most a hundred. */
export const listPlatformAdmins = async (tx: Tx): Promise<User[]> => {
  const rows = await tx.kysely
    .selectFrom('users')
    .selectAll()
    .where('platform_admin', '=', true)
    .where('deleted_at', 'is', null)
    .where('disabled_at', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(100)
    .execute();
  return rows.map(toUser);
};

export const countEverything = async (tx: Tx): Promise<{ domains: number; users: number }> => {
  const { rows } = await sql<{ domains: number; users: number }>`
    select (select count(*)::int from domains) as domains,
           (select count(*)::int from users where deleted_at is null) as users`.execute(tx.kysely);
  return rows[0] ?? { domains: 0, users: 0 };
};
