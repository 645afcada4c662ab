/**
 * @module Which domains a caller may touch (S-45): an administrator of a domain only that one, an administrator of the
 * installation every one. A store that reads across domains takes a `DomainScope` first, so the choice is never
 * forgotten; what lies outside is simply not found.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Caller } from './caller.ts';

export const everyDomain: unique symbol = Symbol('every domain');
export type DomainScope = DomainId | typeof everyDomain;

export const domainScopeOf = (caller: Pick<Caller, 'domainId' | 'platformAdmin'>): DomainScope =>
  caller.platformAdmin ? everyDomain : caller.domainId;

export const isInScope = (scope: DomainScope, domainId: string): boolean =>
  scope === everyDomain || scope === domainId;

/**
 * The caller's scope, narrowed to one domain when a request names it.
 * @throws {FoyerError} `not_found` for a domain outside, as if it did not exist
 */
export const narrowScope = (caller: Caller, rawDomainId: string | undefined): DomainScope => {
  const scope = domainScopeOf(caller);
  if (!rawDomainId) return scope;
  if (!isInScope(scope, rawDomainId)) {
    throw new FoyerError('not_found', { detail: `Key not present: ${rawDomainId}` });
  }
  return rawDomainId as DomainId;
};
