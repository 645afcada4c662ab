/**
 * @module The first administrator: whoever holds the one-time link makes the platform administrator, the first domain
 * and its application for the console, in the transaction that uses the link up (S-90).
 */
import { isUniqueViolation } from '#base/db/database.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { type FieldFailure, FoyerError } from '#base/lib/errors.ts';
import { newDomainId } from '#base/lib/ids.ts';
import { ensureConsoleApplication } from '#model/applications/console-application.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import { canonicalHost, type Domain } from '#model/domains/domain.ts';
import { findDomainByHost } from '#model/domains/domain-store.ts';
import { foundDomain } from '#model/domains/found-domain.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { startSession } from '#model/sessions/start-session.ts';
import { isSetupTokenLive, useSetupToken } from '#model/set-up/setup-tokens.ts';
import type { Db, Tx } from '#model/tables.ts';
import type { Passwords } from '#model/users/password.ts';
import { isEmail, type User } from '#model/users/user.ts';
import { createUser, findUserByEmail, updateUser } from '#model/users/user-store.ts';

export interface SetUpDeps {
  db: Db;
  passwords: Passwords;
  changes: Changes;
  origin: PublicOrigin;
}

export interface RawSetUp {
  token: string;
  host: string;
  domainName: string;
  name: string;
  email: string;
  password: string;
  passwordAgain: string;
}

export interface SetUpClient {
  ip: string;
  userAgent?: string;
  requestId: string;
}

export interface SetUpDone {
  domain: Domain;
  /** Present when the set-up page was on the new domain's own host, so that its cookie can be set there. */
  session: { cookieValue: string; maxAgeSeconds: number } | undefined;
}

interface CheckedSetUp {
  host: string;
  domainName: string;
  name: string;
  email: string;
}

/**
 * Makes administrator, domain and application. `requestHost` is the host under which the page was open.
 *
 * @throws {FoyerError} `setup_closed` when the link is unknown, used or too old; `validation_failed` by field name
 */
export const setUp = async (
  deps: SetUpDeps,
  raw: RawSetUp,
  requestHost: string | undefined,
  client: SetUpClient,
): Promise<SetUpDone> => {
  if (!(await isSetupTokenLive(deps.db, raw.token))) throw new FoyerError('setup_closed');
  const checked = check(raw);
  const passwordDigest = await deps.passwords.digest(raw.password);
  const done = await deps.db
    .transaction(async (tx) => {
      if (!(await useSetupToken(tx, raw.token))) throw new FoyerError('setup_closed');
      const domain =
        (await findDomainByHost(tx, checked.host)) ??
        (await foundDomain(tx, deps.origin, {
          id: newDomainId(),
          name: checked.domainName,
          host: checked.host,
        }));
      const user = await makeAdministrator(tx, domain, checked, passwordDigest);
      const { origin } = deps;
      await ensureConsoleApplication(tx, domain.id, `${origin.of(domain.host)}${origin.consolePath}`);
      const actor: Actor = { kind: 'operator', ...client };
      await writeAudit(tx, domain.id, actor, {
        action: 'set_up',
        target: user.id,
        fields: ['platform_admin', 'password'],
      });
      if (requestHost !== domain.host) return { domain, session: undefined };
      const lifetime = sessionLifetimeOf(domain);
      const { cookieValue } = await startSession(tx, domain.id, {
        userId: user.id,
        provider: 'internal',
        lifetime,
        ...client,
      });
      return { domain, session: { cookieValue, maxAgeSeconds: lifetime.absoluteSeconds } };
    })
    .catch((error: unknown) => {
      // Somebody else made the same domain or person between our look and our write; the link is still good.
      if (isUniqueViolation(error)) throw new FoyerError('conflict', { cause: error });
      throw error;
    });
  await deps.changes.announce({ kind: 'domain', domainId: done.domain.id });
  return done;
};

const check = (raw: RawSetUp): CheckedSetUp => {
  const failures: FieldFailure[] = [];
  const host = canonicalHost(raw.host);
  if (host === undefined) failures.push({ field: 'host', reason: 'is not a host name' });
  const domainName = raw.domainName.trim();
  if (domainName === '' || domainName.length > 200)
    failures.push({ field: 'domain_name', reason: 'is missing' });
  const name = raw.name.trim();
  if (name === '' || name.length > 200) failures.push({ field: 'name', reason: 'is missing' });
  const email = raw.email.trim();
  if (!isEmail(email)) failures.push({ field: 'email', reason: 'is not an e-mail address' });
  if (raw.password !== raw.passwordAgain) {
    failures.push({ field: 'password_again', reason: 'is not the same as the password' });
  }
  if (host === undefined || failures.length > 0) throw new FoyerError('validation_failed', { failures });
  return { host, domainName, name, email };
};

/** Who holds the operator's link may also raise a person that exists already. */
const makeAdministrator = async (
  tx: Tx,
  domain: Domain,
  { email, name }: CheckedSetUp,
  passwordDigest: string,
): Promise<User> => {
  const rank = { platformAdmin: true, sysAdmin: true, passwordDigest, emailVerified: true };
  const existing = await findUserByEmail(tx, domain.id, email);
  return existing
    ? updateUser(tx, domain.id, existing.id, { ...rank, disabledAt: null, deletedAt: null })
    : createUser(tx, domain.id, { email, name, ...rank });
};
