/**
 * @module Handing out a person's token of their identity provider (S-47, S-48, S-100): to themselves, and to
 * administrators whose credential names the scope `users`; of the present domain only, with an audit row each time.
 */
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Db } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { findUserByReference } from '#model/users/user-directory.ts';

export interface ResourceToken {
  token: string;
  /** Absent for a token that does not expire. */
  expires?: Date;
}

/** Keeps the delegated tokens of people fresh. */
export interface TokenKeeper {
  /** @throws {FoyerError} `not_found` when there is none, `needs_consent` when the provider wants the person */
  getResourceToken(
    domainId: DomainId,
    userId: UserId,
    options: { sourceId?: SourceId },
  ): Promise<ResourceToken>;
  forgetTokens(domainId: DomainId, userId: UserId): Promise<void>;
}

export interface ResourceTokenDeps {
  db: Db;
  keeper: TokenKeeper;
}

/** @throws {FoyerError} `forbidden` unless a scope is `users` by name: `public` does not stand for it */
export const requireUsersScope = (caller: Caller): void => {
  if (!caller.scopes.includes('users') && !caller.scopes.includes('users.write')) {
    throw new FoyerError('forbidden', { detail: 'scope users is missing' });
  }
};

/** Of the caller's own domain, whatever their rank. @throws {FoyerError} `not_found` */
export const getUserOfDomain = async (
  deps: ResourceTokenDeps,
  caller: Caller,
  rawReference: string,
): Promise<User> => {
  const user = await findUserByReference(deps.db, caller.domainId, caller.domainId, rawReference);
  if (!user) throw new FoyerError('not_found', { detail: `Key not present: ${rawReference}` });
  return user;
};

/** @throws {FoyerError} `not_found` for somebody who may not sign in: nobody acts for them (S-31) */
export const requireActive = (user: User): void => {
  if (user.deletedAt || user.disabledAt) {
    throw new FoyerError('not_found', { detail: `Key not present: ${user.id}` });
  }
};

/**
 * A live token. The audit row is written before it leaves, and for a refusal as well.
 * @throws {FoyerError} `not_found`, `needs_consent`
 */
export const readResourceToken = async (
  deps: ResourceTokenDeps,
  caller: Caller,
  actor: Actor,
  { userId, sourceId }: { userId: UserId; sourceId: SourceId | undefined },
): Promise<ResourceToken> => {
  const entry = {
    action: 'upstream_token.read',
    target: userId,
    ...(sourceId !== undefined && { sourceId }),
  };
  try {
    const options = sourceId === undefined ? {} : { sourceId };
    const token = await deps.keeper.getResourceToken(caller.domainId, userId, options);
    await writeAudit(deps.db, caller.domainId, actor, entry);
    return token;
  } catch (error) {
    if (isFoyerError(error)) {
      await writeAudit(deps.db, caller.domainId, actor, { ...entry, outcome: 'denied', reason: error.code });
    }
    throw error;
  }
};

/** The audit row comes first, so that nothing is forgotten without one. */
export const forgetResourceTokens = async (
  deps: ResourceTokenDeps,
  caller: Caller,
  actor: Actor,
  userId: UserId,
): Promise<void> => {
  await writeAudit(deps.db, caller.domainId, actor, { action: 'upstream_token.forget', target: userId });
  await deps.keeper.forgetTokens(caller.domainId, userId);
};
