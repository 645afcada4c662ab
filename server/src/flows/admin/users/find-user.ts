import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { findUserByReference } from '#model/users/user-directory.ts';

/**
 * The user that a path names: by id, or by e-mail address, login name or staff id in the caller's own domain.
 * @throws {FoyerError} `not_found` outside of the caller's domains, too (S-46)
 */
export const getUserByReference = async (tx: Tx, caller: Caller, rawReference: string): Promise<User> => {
  const user = await findUserByReference(tx, domainScopeOf(caller), caller.domainId, rawReference);
  if (!user) throw new FoyerError('not_found', { detail: `Key not present: ${rawReference}` });
  return user;
};
