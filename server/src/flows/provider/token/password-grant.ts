/** @module A person's password, handed over by an application: only behind that application's legacy switch. */
import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Db } from '#model/tables.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import type { TokenUser } from '#model/tokens/access-token.ts';
import type { Passwords } from '#model/users/password.ts';
import { findPasswordDigest, findUser } from '#model/users/user-store.ts';

export interface PasswordGrantDeps {
  db: Db;
  passwords: Passwords;
}

/** @throws {FoyerError} `invalid_grant` for a wrong password, an unknown or a disabled account alike (S-87) */
export const signInByPassword = async (
  deps: PasswordGrantDeps,
  domain: Domain,
  attempt: { email: string; password: string; applicationId: number; from: RequestOrigin },
): Promise<TokenUser> => {
  const found = await findPasswordDigest(deps.db, domain.id, attempt.email);
  const matches = await deps.passwords.verify(attempt.password, found?.digest);
  const user = found && (await findUser(deps.db, domain.id, found.userId));
  if (!matches || !found?.active || !user || !domain.passwordSignIn) {
    const { ip, userAgent, requestId } = attempt.from;
    await writeAudit(
      deps.db,
      domain.id,
      { kind: 'anonymous', ip, ...(userAgent !== undefined && { userAgent }), requestId },
      {
        action: 'sign_in',
        outcome: 'denied',
        reason: 'bad_credentials',
        applicationId: String(attempt.applicationId),
        ...(found && { target: found.userId }),
      },
    );
    throw new FoyerError('invalid_grant', { detail: 'the user name or the password is wrong' });
  }
  return {
    id: user.id,
    name: user.name,
    email: user.email ?? '',
    groups: user.groups,
    sysAdmin: user.sysAdmin,
    platformAdmin: user.platformAdmin,
    support: user.support,
  };
};
