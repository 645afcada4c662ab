/**
 * @module Passwords through the API. PlaceOS sets one without asking for the old one; here whoever is no administrator
 * changes only their own and proves to know the present one, so that a stolen token does not become an account (S-86).
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import { hasRole } from '#model/access/guards.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import { consumeLimits, giveBackLimits } from '#model/rate-limits/rate-limit-store.ts';
import type { Db } from '#model/tables.ts';
import { findDigestOfUser } from '#model/users/local-password.ts';
import type { Passwords } from '#model/users/password.ts';
import type { User } from '#model/users/user.ts';
import { hasIdentity } from '#model/users/user-directory.ts';
import { failField, reasons } from '../assign.ts';
import type { UserFields } from './user-fields.ts';
import { isSelf, requireNotAbove } from './user-ranks.ts';

export interface PasswordDeps {
  db: Db;
  passwords: Passwords;
}

const provePresentPassword = async (
  deps: PasswordDeps,
  actor: Actor,
  { domainId, id }: User,
  rawPassword: string | null | undefined,
): Promise<void> => {
  if (!rawPassword) return failField('current_password', reasons.required);
  // Whoever holds a stolen token must not be able to guess on.
  const limits = [{ key: `password:present:${id}`, points: 10, windowSeconds: 900 }];
  const exhausted = await consumeLimits(deps.db, domainId, limits);
  if (exhausted) {
    throw new FoyerError('rate_limited', { retryAfterSeconds: exhausted.retryAfterSeconds });
  }
  const digest = await findDigestOfUser(deps.db, domainId, id);
  if (!(await deps.passwords.verify(rawPassword, digest))) {
    await writeAudit(deps.db, domainId, actor, {
      action: 'password.change',
      outcome: 'denied',
      reason: 'bad_credentials',
      target: id,
    });
    failField('current_password', 'is wrong');
  }
  await giveBackLimits(deps.db, domainId, limits);
};

/**
 * The new digest; `null` to end signing in by password, `undefined` when the body asks for no change: a blank password
 * keeps the present one (S-94).
 * @throws {FoyerError} `forbidden`, `validation_failed`, `rate_limited`, `last_sign_in_method`
 */
export const readPasswordChange = async (
  deps: PasswordDeps,
  caller: Caller,
  actor: Actor,
  user: User,
  fields: Pick<UserFields, 'password' | 'current_password'>,
): Promise<string | null | undefined> => {
  const { password } = fields;
  if (password === undefined || password === '') return undefined;
  if (password === null && !user.hasPassword) return undefined;
  const isOwn = isSelf(caller, user);
  // An administrator need not say the present one; whoever says one has to know it.
  const proves = isOwn && (!hasRole(caller, 'admin') || typeof fields.current_password === 'string');
  if (proves) await provePresentPassword(deps, actor, user, fields.current_password);
  else if (hasRole(caller, 'admin')) requireNotAbove(caller, user);
  else throw new FoyerError('forbidden', { detail: 'the password of another user' });
  if (password !== null) return deps.passwords.digest(password);
  if (!(await hasIdentity(deps.db, user.domainId, user.id))) {
    throw new FoyerError('last_sign_in_method', { detail: 'The password is the last way to sign in' });
  }
  return null;
};
