import { FoyerError } from '#base/lib/errors.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import { endAllSessions, endSessionByPublicId } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';

/**
 * Signs a user out: of one session, or everywhere, together with all tokens that came from there (S-61, S-88).
 * @throws {FoyerError} `not_found` for a session that the user does not have
 */
export const endSessions = (
  deps: { db: Db },
  actor: Actor,
  user: User,
  publicId: string | undefined,
): Promise<void> =>
  deps.db.transaction(async (tx) => {
    if (publicId === undefined) await endAllSessions(tx, user.domainId, user.id);
    else if (!(await endSessionByPublicId(tx, user.domainId, user.id, publicId))) {
      throw new FoyerError('not_found', { detail: `Key not present: ${publicId}` });
    }
    await writeAudit(tx, user.domainId, actor, {
      action: publicId === undefined ? 'session.end_all' : 'session.end',
      target: user.id,
      ...(publicId !== undefined && { detail: { session: publicId } }),
    });
  });
