/** Deleting people, for good or only marked, and bringing marked ones back. */
import type { Clock } from '#base/lib/clock.ts';
import type { Caller } from '#model/access/caller.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import { deleteMetadata } from '#model/metadata/metadata-store.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { deleteUser } from '#model/users/user-directory.ts';
import { updateUser } from '#model/users/user-store.ts';
import { guardingLastAdmins, lockSeenUser } from './save-user.ts';
import { requireNotAbove } from './user-ranks.ts';

interface Deps {
  db: Db;
  clock: Clock;
  domains: DomainCache;
}

/**
 * Deletes a user with identities, upstream tokens, sessions, tokens, API keys and metadata. Where the domain's
 * `internals.soft_delete` is true and removal is not forced, the user is only marked and signed out everywhere.
 * @throws {FoyerError} `forbidden`, `precondition_failed`; `conflict` for the last administrator of the installation,
 * or the last who can get in without the default source
 */
export const removeUser = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { user: seen, force, ifMatch }: { user: User; force: boolean; ifMatch: string | undefined },
): Promise<void> => {
  requireNotAbove(caller, seen);
  const domain = await deps.domains.byId(seen.domainId);
  const soft = domain?.internals.soft_delete === true && !force;
  await deps.db.transaction((tx) =>
    guardingLastAdmins(tx, seen, async () => {
      const user = await lockSeenUser(tx, seen, ifMatch);
      if (soft) {
        if (user.deletedAt) return;
        await updateUser(tx, user.domainId, user.id, { deletedAt: deps.clock.now() });
        await endAllSessions(tx, user.domainId, user.id);
      } else {
        await deleteMetadata(tx, user.domainId, user.id);
        await deleteUser(tx, user.domainId, user.id);
      }
      await writeAudit(tx, user.domainId, actor, {
        action: 'user.delete',
        target: user.id,
        detail: { kept: soft },
      });
    }),
  );
};

/** A disabled user stays disabled (S-31). @throws {FoyerError} `forbidden` */
export const reviveUser = async (
  deps: Pick<Deps, 'db'>,
  caller: Caller,
  actor: Actor,
  seen: User,
): Promise<void> => {
  requireNotAbove(caller, seen);
  await deps.db.transaction(async (tx) => {
    const user = await lockSeenUser(tx, seen, undefined);
    if (!user.deletedAt) return;
    await updateUser(tx, user.domainId, user.id, { deletedAt: null });
    await writeAudit(tx, user.domainId, actor, { action: 'user.revive', target: user.id });
  });
};
