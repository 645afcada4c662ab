/**
 * @module Sessions: one indexed read per check, and a read never writes. The idle limit is pushed out at most once a
 * minute, in the background of a check.
 */
import { sql } from 'kysely';
import { statement } from '#base/db/database.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import { sha256 } from '#base/lib/ids.ts';
import type { Db, Tx } from '#model/tables.ts';
import type { Session, SignedIn } from './session.ts';

interface SignedInRow {
  public_id: string;
  user_id: string;
  source_id: string | null;
  provider: Session['provider'];
  authenticated_at: Date;
  expires_at: Date;
  name: string;
  email: string | null;
  groups: string[];
  sys_admin: boolean;
  platform_admin: boolean;
  support: boolean;
  stale: boolean;
}

// Only what callers need: each column is described and parsed anew in every check.
// The database's clock decides: nodes whose clocks differ agree on who is signed in.
const findLive = statement(
  'session_find_live',
  `select s.public_id, s.user_id, s.source_id, s.provider, s.authenticated_at, s.expires_at,
          u.name, u.email, u.groups, u.sys_admin, u.platform_admin, u.support,
          s.last_seen_at < now() - interval '60 seconds' as stale
     from sessions s
     cross join lateral (select name, email, groups, sys_admin, platform_admin, support from users
                          where domain_id = $1 and id = s.user_id and deleted_at is null and disabled_at is null
                         offset 0) u -- keeps the planner, without statistics, from walking through the domain's users
    where s.domain_id = $1 and s.id_hash = $2 and s.expires_at > now() and s.idle_expires_at > now()`,
);

const touch = statement(
  'session_touch',
  `update sessions set last_seen_at = now(), idle_expires_at = least(expires_at, now() + make_interval(secs => $3))
    where domain_id = $1 and id_hash = $2 and last_seen_at < now() - interval '60 seconds'`,
);

const end = statement(
  'session_end',
  `with gone as (delete from sessions where domain_id = $1 and id_hash = $2 returning public_id, user_id),
        revoked as (update token_families f set revoked_at = now() from gone
                     where f.domain_id = $1 and f.session_public_id = gone.public_id and f.revoked_at is null)
   select public_id, user_id from gone`,
);

const toSignedIn = (domainId: DomainId, row: SignedInRow): SignedIn => ({
  session: {
    domainId,
    publicId: row.public_id,
    userId: row.user_id as UserId,
    sourceId: (row.source_id ?? undefined) as SourceId | undefined,
    provider: row.provider,
    authenticatedAt: row.authenticated_at,
    expiresAt: row.expires_at,
  },
  user: {
    id: row.user_id as UserId,
    name: row.name,
    email: row.email ?? '',
    groups: row.groups,
    sysAdmin: row.sys_admin || row.platform_admin,
    platformAdmin: row.platform_admin,
    support: row.support,
  },
});

/** The live session of a cookie, or `undefined`; the one predicate of `/auth/authority` and `/auth/oauth/authorize`. */
export const findSignedIn = async (
  db: Db,
  domainId: DomainId,
  cookieValue: string,
  idleSeconds: number,
): Promise<SignedIn | undefined> => {
  const hash = sha256(cookieValue);
  const [row] = await db.run<SignedInRow>(findLive, [domainId, hash]);
  if (!row) return undefined;
  // Losing this write only shortens the idle time by a minute.
  if (row.stale) db.run(touch, [domainId, hash, idleSeconds]).catch(() => {});
  return toSignedIn(domainId, row);
};

/** Ends the session and every token issued from it (S-61, S-81); answers whose it was. */
export const endSession = async (
  tx: Tx,
  domainId: DomainId,
  cookieValue: string,
): Promise<{ publicId: string; userId: UserId } | undefined> => {
  const [row] = await tx.run<{ public_id: string; user_id: string }>(end, [domainId, sha256(cookieValue)]);
  return row && { publicId: row.public_id, userId: row.user_id as UserId };
};

/** Ends one listed session of a user, with its tokens; false when there is none. */
export const endSessionByPublicId = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  publicId: string,
): Promise<boolean> => {
  const { numDeletedRows } = await tx.kysely
    .deleteFrom('sessions')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('public_id', '=', publicId)
    .executeTakeFirst();
  await revokeFamilies(tx, domainId, userId, publicId);
  return numDeletedRows > 0n;
};

/** Signs a user out everywhere: sessions, token families, and every token issued up to now. */
export const endAllSessions = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  options: { exceptPublicId?: string } = {},
): Promise<void> => {
  let sessions = tx.kysely
    .deleteFrom('sessions')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId);
  if (options.exceptPublicId) sessions = sessions.where('public_id', '!=', options.exceptPublicId);
  await sessions.execute();
  let families = tx.kysely
    .updateTable('token_families')
    .set({ revoked_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null);
  if (options.exceptPublicId) {
    const kept = options.exceptPublicId;
    families = families.where((eb) =>
      eb.or([eb('session_public_id', 'is', null), eb('session_public_id', '!=', kept)]),
    );
  } else {
    await tx.kysely
      .updateTable('users')
      .set({ signed_out_at: sql`now()` })
      .where('domain_id', '=', domainId)
      .where('id', '=', userId)
      .execute();
  }
  await families.execute();
};

const revokeFamilies = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  sessionPublicId: string,
): Promise<void> => {
  await tx.kysely
    .updateTable('token_families')
    .set({ revoked_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('session_public_id', '=', sessionPublicId)
    .where('revoked_at', 'is', null)
    .execute();
};

export const listSessions = async (tx: Tx, domainId: DomainId, userId: UserId): Promise<Session[]> => {
  const rows = await tx.kysely
    .selectFrom('sessions as s')
    .leftJoin('sources as o', (join) =>
      join.onRef('o.domain_id', '=', 's.domain_id').onRef('o.id', '=', 's.source_id'),
    )
    .selectAll('s')
    .select('o.name as source_name')
    .where('s.domain_id', '=', domainId)
    .where('s.user_id', '=', userId)
    .where('s.expires_at', '>', sql<Date>`now()`)
    .where('s.idle_expires_at', '>', sql<Date>`now()`)
    .orderBy('s.last_seen_at', 'desc')
    .execute();
  return rows.map((row) => ({
    domainId,
    publicId: row.public_id,
    userId: row.user_id as UserId,
    sourceId: (row.source_id ?? undefined) as SourceId | undefined,
    sourceName: row.source_name ?? undefined,
    provider: row.provider as Session['provider'],
    authenticatedAt: row.authenticated_at,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    idleExpiresAt: row.idle_expires_at,
    expiresAt: row.expires_at,
    ip: row.ip ?? undefined,
    userAgent: row.user_agent ?? undefined,
  }));
};
