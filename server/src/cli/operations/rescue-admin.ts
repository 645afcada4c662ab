import { randomToken } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import { signInPageUrl } from '#model/domains/default-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import { lockDomain } from '#model/domains/domain-admin-store.ts';
import { updateDomain } from '#model/domains/domain-store.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import type { Tx } from '#model/tables.ts';
import { findRescuableEmail } from '#model/users/break-glass.ts';
import { isEmail, type User } from '#model/users/user.ts';
import { createUser, findUserByEmail, updateUser } from '#model/users/user-store.ts';
import type { Services } from '../../services.ts';
import { UsageError } from '../usage.ts';
import { domainOf } from './domain-of.ts';
import type { OperationOptions, OperationResult } from './operation.ts';

/**
 * The operator's way in when nobody can sign in: an administrator of the domain, existing or new, gets a fresh password
 * and the break-glass flag; old sessions end, since nobody knows who held them.
 */
export const rescueAdmin = async (
  services: Services,
  options: OperationOptions,
): Promise<OperationResult> => {
  const domain = await domainOf(services, options.domain);
  const email = await emailOf(services, domain, options.email);
  const password = randomToken(15);
  const passwordDigest = await services.passwords.digest(password);
  const keepsDefault = options['keep-default'] === true;
  const done = await services.db.transaction(async (tx) => {
    const before = (await lockDomain(tx, domain.id)) ?? domain;
    const user = await rescue(tx, domain, email, passwordDigest);
    const isReset = !keepsDefault && before.loginUrl !== signInPageUrl;
    if (isReset) await updateDomain(tx, domain.id, { loginUrl: signInPageUrl });
    await writeAudit(
      tx,
      domain.id,
      { kind: 'operator' },
      {
        action: 'admin.rescue',
        target: user.id,
        fields: ['password', 'break_glass', 'sys_admin', ...(isReset ? ['login_url'] : [])],
      },
    );
    return { user, isReset };
  });
  await services.changes.announce({ kind: 'domain', domainId: domain.id });
  const url = `${services.origin.of(domain.host)}/login?local=1`;
  return {
    words: [
      `${email} is an administrator of ${services.origin.of(domain.host)} who can always get in. Open`,
      '',
      `    ${url}`,
      '',
      `password (shown this once): ${password}`,
      ...(done.isReset
        ? ['People choose again how to sign in; make a source the default when it works.']
        : []),
    ].join('\n'),
    data: { user_id: done.user.id, email, domain: domain.host, url, password, login_reset: done.isReset },
  };
};

const emailOf = async (
  { db }: Services,
  domain: Domain,
  rawEmail: string | boolean | undefined,
): Promise<string> => {
  if (rawEmail === undefined) {
    const known = await findRescuableEmail(db, domain.id);
    if (known !== undefined) return known;
    throw new UsageError(`--email is missing: ${domain.host} has no administrator with an e-mail address.`);
  }
  if (typeof rawEmail !== 'string' || !isEmail(rawEmail))
    throw new UsageError('--email is no e-mail address.');
  return rawEmail;
};

const rescue = async (tx: Tx, domain: Domain, email: string, passwordDigest: string): Promise<User> => {
  const rescued = { sysAdmin: true, breakGlass: true, passwordDigest, disabledAt: null, deletedAt: null };
  const existing = await findUserByEmail(tx, domain.id, email);
  if (!existing) return createUser(tx, domain.id, { email, emailVerified: true, ...rescued });
  await endAllSessions(tx, domain.id, existing.id);
  return updateUser(tx, domain.id, existing.id, rescued);
};
