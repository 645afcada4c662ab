import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { countPasswordTry, forgivePasswordTry } from '#model/rate-limits/password-limits.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import { findDigestOfUser } from '#model/users/local-password.ts';
import type { Passwords } from '#model/users/password.ts';
import { updateUser } from '#model/users/user-store.ts';
import { type Client, userActor } from './client.ts';

interface Deps {
  db: Db;
  passwords: Passwords;
}

export interface PasswordChange {
  domain: Domain;
  signedIn: SignedIn;
  rawCurrent: string;
  rawNew: string;
  rawNewAgain: string;
  client: Client;
}

/**
 * Replaces the person's local password. Their other sessions end, with every token but those of this session (S-86).
 *
 * @throws {FoyerError} `validation_failed` naming `current_password`, `password` or `password_again`; `rate_limited`
 */
export const changePassword = async (deps: Deps, change: PasswordChange): Promise<void> => {
  const { domain, signedIn, client } = change;
  const { user, session } = signedIn;
  if (change.rawNew !== change.rawNewAgain) fail('password_again', 'is not the same as the new password');
  // Somebody at an unlocked computer must not be able to guess on.
  const attempt = { email: user.id, ip: client.ip, knownBrowser: session.publicId };
  const exhausted = await countPasswordTry(deps.db, domain.id, attempt);
  if (exhausted) {
    throw new FoyerError('rate_limited', { retryAfterSeconds: exhausted.retryAfterSeconds });
  }
  const digest = await findDigestOfUser(deps.db, domain.id, user.id);
  if (!(await deps.passwords.verify(change.rawCurrent, digest))) {
    await writeAudit(deps.db, domain.id, userActor(client, user.id), {
      action: 'password.change',
      outcome: 'denied',
      reason: 'bad_credentials',
      target: user.id,
    });
    fail('current_password', 'is wrong');
  }
  const passwordDigest = await deps.passwords.digest(change.rawNew);
  await deps.db.transaction(async (tx) => {
    await updateUser(tx, domain.id, user.id, { passwordDigest });
    await endAllSessions(tx, domain.id, user.id, { exceptPublicId: session.publicId });
    await writeAudit(tx, domain.id, userActor(client, user.id), {
      action: 'password.change',
      target: user.id,
      fields: ['password'],
    });
  });
  await forgivePasswordTry(deps.db, domain.id, attempt);
};

const fail = (field: string, reason: string): never => {
  throw new FoyerError('validation_failed', { failures: [{ field, reason }] });
};
