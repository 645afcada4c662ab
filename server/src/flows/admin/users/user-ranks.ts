/**
 * @module Who may do what to whom. A domain administrator makes administrators and support people of their own domain,
 * never of the installation, and does nothing to those who rank above (S-45).
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import { hasRole } from '#model/access/guards.ts';
import type { User } from '#model/users/user.ts';
import type { UserChanges } from '#model/users/user-store.ts';
import { failField } from '../assign.ts';
import type { UserFields } from './user-fields.ts';

const refuse = (detail: string): never => {
  throw new FoyerError('forbidden', { detail });
};

export const isSelf = (caller: Caller, user: Pick<User, 'id' | 'domainId'>): boolean =>
  caller.userId === user.id && caller.domainId === user.domainId;

/** Oneself, support people and administrators. @throws {FoyerError} `forbidden` */
export const requireEditor = (caller: Caller, user: User): void => {
  if (!isSelf(caller, user) && !hasRole(caller, 'support')) refuse('another user');
};

/** Oneself and administrators. @throws {FoyerError} `forbidden` */
export const requireSelfOrAdmin = (caller: Caller, user: User): void => {
  if (!isSelf(caller, user) && !hasRole(caller, 'admin')) refuse('another user');
};

/** @throws {FoyerError} `forbidden` when the user ranks above the caller */
export const requireNotAbove = (caller: Caller, user: User): void => {
  if (user.platformAdmin && !caller.platformAdmin) refuse('the user is an administrator of the installation');
  if (user.sysAdmin && !caller.sysAdmin) refuse('the user is an administrator');
};

type Ranks = Pick<UserChanges, 'sysAdmin' | 'platformAdmin' | 'support'>;
type RankFields = Pick<UserFields, 'sys_admin' | 'platform_admin' | 'support'>;

const nobody = { sysAdmin: false, platformAdmin: false, support: false };

/**
 * Ranks that a body changes. `sys_admin: false` takes both ranks from an administrator of the installation: old clients
 * know no other word. Ranks in the body of somebody who is no administrator are ignored (D-40).
 * @param user absent for a new one
 * @throws {FoyerError} `forbidden`, `validation_failed`
 */
export const rankChanges = (
  caller: Caller,
  user: Pick<User, 'sysAdmin' | 'platformAdmin' | 'support'> = nobody,
  fields: RankFields,
): Ranks => {
  const { sys_admin: sysAdmin, support } = fields;
  if (fields.platform_admin === true && sysAdmin === false) {
    failField('sys_admin', 'an administrator of the installation is one of the domain, too');
  }
  const stepsDown = user.platformAdmin && hasRole(caller, 'admin') && sysAdmin === false;
  const platformAdmin = fields.platform_admin ?? (stepsDown ? false : user.platformAdmin);
  if (platformAdmin !== user.platformAdmin && !caller.platformAdmin) {
    refuse('only administrators of the installation change that rank');
  }
  if (!hasRole(caller, 'admin')) return {};
  const losesPlatform = user.platformAdmin && !platformAdmin;
  return {
    ...(platformAdmin !== user.platformAdmin && { platformAdmin }),
    // What the record says of `sys_admin` was hidden behind the higher rank.
    ...(sysAdmin !== undefined && (sysAdmin !== user.sysAdmin || losesPlatform) && { sysAdmin }),
    ...(support !== undefined && support !== user.support && { support }),
  };
};
