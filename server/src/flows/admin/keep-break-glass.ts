import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { defaultSourceIdOf } from '#model/domains/default-source.ts';
import { findDomain } from '#model/domains/domain-store.ts';
import type { Tx } from '#model/tables.ts';
import { hasBreakGlassAccount, lockBreakGlassAccounts } from '#model/users/break-glass.ts';

/**
 * Does a change that may take break-glass accounts away, one such change at a time, and refuses it when a domain that sends
 * people straight to a source would be left without any.
 * @throws {FoyerError} `conflict`; the transaction must then be rolled back
 */
export const keepBreakGlass = async <T>(tx: Tx, domainId: DomainId, change: () => Promise<T>): Promise<T> => {
  await lockBreakGlassAccounts(tx, domainId);
  const before = await hasBreakGlassAccount(tx, domainId);
  const result = await change();
  if (!before || (await hasBreakGlassAccount(tx, domainId))) return result;
  const domain = await findDomain(tx, domainId);
  if (!domain || defaultSourceIdOf(domain.loginUrl) === undefined) return result;
  throw new FoyerError('conflict', {
    detail:
      'This is the last administrator who could get in if the default source failed: give another one a local password, ' +
      'or give the choice back to the sign-in page, first',
  });
};
