/** @module A person's password, handed over by an application: only behind that application's legacy switch. */
import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { countPasswordTry, forgivePasswordTry } from '#model/rate-limits/password-limits.ts';
import type { Db } from '#model/tables.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import type { TokenUser } from '#model/tokens/access-token.ts';
import type { Passwords } from '#model/users/password.ts';
import { canonicalEmail } from '#model/users/user.ts';
import { findPasswordDigest, findUser } from '#model/users/user-store.ts';

export interface PasswordGrantDeps {
  db: Db;
  passwords: Passwords;
}

/**
 * The person behind a user name and password.
 * @throws {FoyerError} `invalid_grant` for a wrong password, an unknown or a disabled account alike (S-87);
 * `rate_limited` (S-134)
 */
export const signInByPassword = async (
  deps: PasswordGrantDeps,
  domain: Domain,
  credentials: { rawEmail: string; rawPassword: string; applicationId: number; from: RequestOrigin },
): Promise<TokenUser> => {
  const { from } = credentials;
  const email = canonicalEmail(credentials.rawEmail);
  const attempt = { email, ip: from.ip, knownBrowser: undefined };
  const exhausted = await countPasswordTry(deps.db, domain.id, attempt);
  if (exhausted) throw new FoyerError('rate_limited', { retryAfterSeconds: exhausted.retryAfterSeconds });
  const found = await findPasswordDigest(deps.db, domain.id, email);
  const matches = await deps.passwords.verify(credentials.rawPassword, found?.digest);
  const user = matches && found?.active ? await findUser(deps.db, domain.id, found.userId) : undefined;
  if (!user) {
    const { ip, userAgent, requestId } = from;
    await writeAudit(
      deps.db,
      domain.id,
      { kind: 'anonymous', ip, ...(userAgent !== undefined && { userAgent }), requestId },
      {
        action: 'sign_in',
        outcome: 'denied',
        reason: matches ? 'account_disabled' : 'bad_credentials',
        applicationId: String(credentials.applicationId),
        ...(found && { target: found.userId }),
        detail: { how: 'password grant' },
      },
    );
    throw new FoyerError('invalid_grant', { detail: 'the user name or the password is wrong' });
  }
  await forgivePasswordTry(deps.db, domain.id, attempt);
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
