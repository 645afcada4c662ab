/**
 * @module Creating and changing people, each with its audit row in one transaction. A new password, and disabling, end
 * sessions and tokens in that transaction, too (S-61, S-86, S-88).
 */
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { hasRole } from '#model/access/guards.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import { endAllSessions } from '#model/sessions/session-store.ts';
import type { Tx } from '#model/tables.ts';
import { displayName, type User } from '#model/users/user.ts';
import { lockUser } from '#model/users/user-directory.ts';
import { createUser, type UserChanges, updateUser } from '#model/users/user-store.ts';
import { keepPlatformAdmin } from '../last-platform-admin.ts';
import { requireMatch } from '../precondition.ts';
import { withUniqueFields } from '../unique-field.ts';
import { breakGlassChange, canBreakGlass, guardingBreakGlass, settleBreakGlass } from './break-glass.ts';
import { type PasswordDeps, readPasswordChange } from './change-password.ts';
import { readUserChanges, realChanges, type UserFields } from './user-fields.ts';
import { isSelf, rankChanges, requireEditor, requireNotAbove } from './user-ranks.ts';

export interface SaveUserDeps extends PasswordDeps {
  clock: Clock;
}

const unique = { users_by_email: 'email', users_by_login_name: 'login_name', users_by_staff_id: 'staff_id' };

/** Names for the audit row; the digest is no word of the wire. */
const fieldNames = (changes: UserChanges): string[] =>
  Object.keys(changes).map((field) => (field === 'passwordDigest' ? 'password' : field));

/** @throws {FoyerError} `validation_failed`, `forbidden` */
export const addUser = async (
  deps: SaveUserDeps,
  caller: Caller,
  actor: Actor,
  { domainId, fields }: { domainId: DomainId; fields: UserFields },
): Promise<User> => {
  const byAdmin = hasRole(caller, 'admin');
  const changes: UserChanges = {
    ...readUserChanges(fields, byAdmin),
    ...rankChanges(caller, undefined, fields),
    ...(byAdmin && fields.disabled && { disabledAt: deps.clock.now() }),
    ...(fields.password && { passwordDigest: await deps.passwords.digest(fields.password) }),
    ...breakGlassChange(caller, undefined, fields.break_glass),
  };
  return withUniqueFields(unique, () =>
    deps.db.transaction(async (tx) => {
      const user = await settleBreakGlass(tx, await createUser(tx, domainId, changes), fields.break_glass);
      await writeAudit(tx, domainId, actor, {
        action: 'user.create',
        target: user.id,
        fields: fieldNames(changes),
      });
      return user;
    }),
  );
};

/** PlaceOS' rule of names, on what the record will be. */
const nameAfter = (user: User, changes: UserChanges): string => {
  const after = { ...user, ...changes };
  return displayName({
    name: after.name,
    firstName: after.firstName ?? undefined,
    lastName: after.lastName ?? undefined,
  });
};

const disabledChange = (
  deps: SaveUserDeps,
  caller: Caller,
  user: User,
  disabled: boolean | undefined,
): UserChanges => {
  const isDisabled = user.disabledAt !== undefined;
  if (disabled === undefined || disabled === isDisabled || !hasRole(caller, 'admin')) return {};
  requireNotAbove(caller, user);
  return { disabledAt: disabled ? deps.clock.now() : null };
};

/** Public id of the session that the caller's token comes from. */
const sessionOf = (caller: Caller): string | undefined => (caller.payload as { sid?: string }).sid;

const endSessionsFor = async (tx: Tx, caller: Caller, user: User, changes: UserChanges): Promise<void> => {
  if (changes.disabledAt) return endAllSessions(tx, user.domainId, user.id);
  if (changes.passwordDigest === undefined) return;
  const own = isSelf(caller, user) ? sessionOf(caller) : undefined;
  await endAllSessions(tx, user.domainId, user.id, own === undefined ? {} : { exceptPublicId: own });
};

/**
 * Does `work`; where it may take the last administrator of the installation away, or the last one of a domain who can get
 * in without its default source, it is refused then.
 */
export const guardingLastAdmins = <T>(tx: Tx, user: User, work: () => Promise<T>): Promise<T> => {
  const guarded = () => guardingBreakGlass(tx, user, work);
  return user.platformAdmin ? keepPlatformAdmin(tx, guarded) : guarded();
};

/** The record as it is now, locked. @throws {FoyerError} `not_found`, `conflict`, `precondition_failed` */
export const lockSeenUser = async (tx: Tx, seen: User, ifMatch: string | undefined): Promise<User> => {
  const user = await lockUser(tx, seen.domainId, seen.id);
  if (!user) throw new FoyerError('not_found', { detail: `Key not present: ${seen.id}` });
  // The guards of the last administrators were chosen by what was seen.
  if (user.platformAdmin && !seen.platformAdmin) throw new FoyerError('conflict');
  if (canBreakGlass(user) && !canBreakGlass(seen)) throw new FoyerError('conflict');
  requireMatch(ifMatch, user.updatedAt);
  return user;
};

/**
 * `email` and `authority_id` are ignored, as PlaceOS does.
 * @throws {FoyerError} `forbidden`, `validation_failed`, `precondition_failed`, `last_sign_in_method`; `conflict` for
 * the last administrator of the installation, or the last who can get in without the default source
 */
export const changeUser = async (
  deps: SaveUserDeps,
  caller: Caller,
  actor: Actor,
  { user: seen, fields, ifMatch }: { user: User; fields: UserFields; ifMatch: string | undefined },
): Promise<User> => {
  requireEditor(caller, seen);
  const { email: _email, ...assignable } = fields;
  const profile = readUserChanges(assignable, hasRole(caller, 'admin'));
  const passwordDigest = await readPasswordChange(deps, caller, actor, seen, fields);
  return withUniqueFields(unique, () =>
    deps.db.transaction((tx) =>
      guardingLastAdmins(tx, seen, async () => {
        const user = await lockSeenUser(tx, seen, ifMatch);
        const changes: UserChanges = {
          ...realChanges(user, { ...profile, name: nameAfter(user, profile) }),
          ...rankChanges(caller, user, fields),
          ...disabledChange(deps, caller, user, fields.disabled),
          ...(passwordDigest !== undefined && { passwordDigest }),
          ...breakGlassChange(caller, user, fields.break_glass),
        };
        if (Object.keys(changes).length === 0) return user;
        const saved = await updateUser(tx, user.domainId, user.id, changes);
        const after = await settleBreakGlass(tx, saved, fields.break_glass);
        await endSessionsFor(tx, caller, user, changes);
        await writeAudit(tx, user.domainId, actor, {
          action: 'user.update',
          target: user.id,
          fields: fieldNames(changes),
        });
        return after;
      }),
    ),
  );
};
