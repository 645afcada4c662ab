import type { Caller } from '#model/access/caller.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import { type IdentityKey, identityRef, removeIdentity } from '#model/identities/identity-store.ts';
import type { Db } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { requireNotAbove } from '../users/user-ranks.ts';

interface Deps {
  db: Db;
  domains: DomainCache;
}

/** @throws {FoyerError} `forbidden`, `not_found`, `last_sign_in_method` (S-38) */
export const unlinkUser = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  user: User,
  identity: IdentityKey,
): Promise<void> => {
  requireNotAbove(caller, user);
  const { domainId, id } = user;
  const passwordSignIn = (await deps.domains.byId(domainId))?.passwordSignIn ?? false;
  await deps.db.transaction(async (tx) => {
    await removeIdentity(tx, domainId, id, identityRef(identity), { passwordSignIn });
    await writeAudit(tx, domainId, actor, {
      action: 'identity.unlink',
      sourceId: identity.sourceId,
      target: id,
    });
  });
};
