/** A browser signs in again: its old session ends (S-17). */
import { statement } from '#base/db/database.ts';
import { type DomainId, sha256, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

// The same person keeps the apps they are working in: their tokens move to the new session.
const supersede = statement(
  'session_supersede',
  `with old as (delete from sessions where domain_id = $1 and id_hash = $2 returning public_id, user_id),
        moved as (update token_families f
                     set session_public_id = case when old.user_id = $4 then $3 else f.session_public_id end,
                         revoked_at = case when old.user_id = $4 then null else now() end
                    from old
                   where f.domain_id = $1 and f.session_public_id = old.public_id and f.revoked_at is null)
   select 1 from old`,
);

/** Ends the session of `oldCookieValue`, if there is one, in favour of the session `publicId` of `userId`. */
export const supersedeSession = async (
  tx: Tx,
  domainId: DomainId,
  oldCookieValue: string,
  successor: { publicId: string; userId: UserId },
): Promise<void> => {
  await tx.run(supersede, [domainId, sha256(oldCookieValue), successor.publicId, successor.userId]);
};
