/**
 * @module Sign-in by a local password. In this order: the limits are counted, the password is checked (against a decoy
 * when there is none), and only then is anything about the account decided, so that every refusal looks the same and
 * takes the same time (S-87). The session, the count and the audit row are one transaction (S-137).
 */
import type { Metrics } from '#base/http/metrics.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { UserId } from '#base/lib/ids.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import {
  countPasswordTry,
  forgivePasswordTry,
  knownBrowserMark,
  knownBrowserOf,
  type PasswordTry,
} from '#model/rate-limits/password-limits.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { startSession } from '#model/sessions/start-session.ts';
import type { Db } from '#model/tables.ts';
import { hasBreakGlassAccount } from '#model/users/break-glass.ts';
import { recordPasswordSignIn } from '#model/users/local-password.ts';
import type { Passwords } from '#model/users/password.ts';
import { canonicalEmail } from '#model/users/user.ts';
import { findPasswordDigest } from '#model/users/user-store.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
  passwords: Passwords;
  metrics: Pick<Metrics, 'countSignIn'> | undefined;
  /** Told after every sign-in; must not throw and is not waited for. */
  onSignedIn?: (event: { userId: UserId; provider: 'internal' }) => void;
}

export interface PasswordSignIn {
  domain: Domain;
  rawEmail: string;
  rawPassword: string;
  /** The address the try comes from, and what the audit row says of it. */
  client: { ip: string; userAgent?: string; requestId: string };
  rawKnownBrowserMark: string | undefined;
  oldCookieValue: string | undefined;
}

export interface PasswordSignedIn {
  cookieValue: string;
  maxAgeSeconds: number;
  knownBrowserMark: string;
}

/**
 * Signs a person in by e-mail and local password.
 *
 * @throws {FoyerError} `bad_credentials` for whatever is wrong with either, `rate_limited`, `source_not_found` when the
 * domain lets nobody in by password, not even an administrator
 * @see PlaceOS `POST /auth/signin`
 */
export const signInWithPassword = async (deps: Deps, request: PasswordSignIn): Promise<PasswordSignedIn> => {
  const { domain, client, rawPassword } = request;
  if (!domain.passwordSignIn && !(await hasBreakGlassAccount(deps.db, domain.id)))
    throw new FoyerError('source_not_found', { detail: 'no password sign-in here' });
  const email = canonicalEmail(request.rawEmail);
  const key = await deps.keyring.purposeKey('known-browser');
  const attempt: PasswordTry = {
    email,
    ip: client.ip,
    knownBrowser: knownBrowserOf(key, domain.id, email, request.rawKnownBrowserMark),
  };
  const exhausted = await countPasswordTry(deps.db, domain.id, attempt);
  if (exhausted) {
    deps.metrics?.countSignIn('internal', 'rate_limited');
    if (exhausted.isFirst) await auditDenied(deps.db, domain, client, { reason: 'rate_limited' });
    throw new FoyerError('rate_limited', {
      detail: 'too many password tries',
      retryAfterSeconds: exhausted.retryAfterSeconds,
    });
  }
  const account = await findPasswordDigest(deps.db, domain.id, email);
  const matches = await deps.passwords.verify(rawPassword, account?.digest);
  const isAllowed = domain.passwordSignIn || account?.breakGlass === true;
  if (!account?.digest || !matches || !account.active || !isAllowed) {
    const reason = refusalOf(matches, isAllowed);
    deps.metrics?.countSignIn('internal', reason);
    await auditDenied(deps.db, domain, client, { reason, target: account?.userId });
    throw new FoyerError('bad_credentials', { detail: reason });
  }
  const { userId, digest } = account;
  const newDigest = deps.passwords.isOutdated(digest) ? await renew(deps.passwords, rawPassword) : undefined;
  const lifetime = sessionLifetimeOf(domain);
  const { cookieValue } = await deps.db.transaction(async (tx) => {
    const current = await recordPasswordSignIn(tx, domain.id, userId, digest, {
      newDigest,
      mustBeBreakGlass: !domain.passwordSignIn,
    });
    if (!current) throw new FoyerError('bad_credentials', { detail: 'changed while it was checked' });
    const { oldCookieValue } = request;
    const session = await startSession(tx, domain.id, {
      userId,
      provider: 'internal',
      lifetime,
      ...client,
      oldCookieValue,
    });
    const actor: Actor = { kind: 'user', id: userId, ...client };
    await writeAudit(tx, domain.id, actor, {
      action: 'sign_in',
      target: userId,
      detail: {
        how: 'password',
        session: session.publicId,
        ...(!domain.passwordSignIn && { break_glass: true }),
      },
    });
    return session;
  });
  deps.onSignedIn?.({ userId, provider: 'internal' });
  await forgivePasswordTry(deps.db, domain.id, attempt);
  return {
    cookieValue,
    maxAgeSeconds: lifetime.absoluteSeconds,
    knownBrowserMark: knownBrowserMark(key, domain.id, email),
  };
};

type Refusal = 'bad_credentials' | 'account_disabled' | 'not_permitted';

/** For the audit row alone: the person learns nothing of it. */
const refusalOf = (matches: boolean, isAllowed: boolean): Refusal => {
  if (!matches) return 'bad_credentials';
  return isAllowed ? 'account_disabled' : 'not_permitted';
};

/** A digest of today's kind; no reason to refuse the sign-in when the hashing queue is full. */
const renew = (passwords: Passwords, password: string): Promise<string | undefined> =>
  passwords.redigest(password).catch(() => undefined);

const auditDenied = (
  db: Db,
  domain: Domain,
  client: PasswordSignIn['client'],
  { reason, target }: { reason: Refusal | 'rate_limited'; target?: string | undefined },
): Promise<void> =>
  writeAudit(
    db,
    domain.id,
    { kind: 'anonymous', ...client },
    {
      action: 'sign_in',
      outcome: 'denied',
      reason,
      ...(target !== undefined && { target }),
      detail: { how: 'password' },
    },
  );
