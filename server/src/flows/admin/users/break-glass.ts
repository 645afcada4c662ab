/** The flag of a break-glass account: only on an administrator who has a local password. */
import type { Caller } from '#model/access/caller.ts';
import { hasRole } from '#model/access/guards.ts';
import type { Tx } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { type UserChanges, updateUser } from '#model/users/user-store.ts';
import { failField } from '../assign.ts';
import { keepBreakGlass } from '../keep-break-glass.ts';
import { requireNotAbove } from './user-ranks.ts';

/** Set and taken by administrators; for others it is ignored, like every rank. @throws {FoyerError} `forbidden` */
export const breakGlassChange = (
  caller: Caller,
  user: User | undefined,
  wanted: boolean | undefined,
): UserChanges => {
  if (wanted === undefined || wanted === (user?.breakGlass ?? false) || !hasRole(caller, 'admin')) return {};
  if (user) requireNotAbove(caller, user);
  return { breakGlass: wanted };
};

/**
 * Whoever is no administrator any more, or has no password, loses the flag.
 * @throws {FoyerError} `validation_failed` when it was asked for
 */
export const settleBreakGlass = async (tx: Tx, user: User, wanted: boolean | undefined): Promise<User> => {
  if (!user.breakGlass || (user.sysAdmin && user.hasPassword)) return user;
  if (wanted) failField('break_glass', 'is for administrators with a local password');
  return updateUser(tx, user.domainId, user.id, { breakGlass: false });
};

export const canBreakGlass = (user: User): boolean => user.sysAdmin && user.hasPassword;

/** Does `work`; where it may take the domain's last break-glass account away, it may be refused then. */
export const guardingBreakGlass = <T>(tx: Tx, user: User, work: () => Promise<T>): Promise<T> =>
  canBreakGlass(user) ? keepBreakGlass(tx, user.domainId, work) : work();
