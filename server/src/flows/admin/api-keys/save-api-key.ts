/**
 * @module Creating and changing API keys. Nobody makes a key that can more than they can: neither by its scopes nor by
 * its owner's rank (S-45, S-78).
 */
import { isUniqueViolation } from '#base/db/database.ts';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { UserId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import { type ApiKey, type KeyPermission, keyPermissions } from '#model/api-keys/api-key.ts';
import {
  type ApiKeyChanges,
  createApiKey,
  deleteApiKey,
  findApiKey,
  updateApiKey,
} from '#model/api-keys/api-key-store.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Db, Tx } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { findUserAnywhere } from '#model/users/user-admin-store.ts';
import { failField, plainName, reasons } from '../assign.ts';
import { requireMatch } from '../precondition.ts';

interface Deps {
  db: Db;
  clock: Clock;
}

/** A key as a body has it, every member of the right type. */
export interface ApiKeyFields {
  name?: string;
  description?: string;
  user_id?: string;
  scopes?: string[];
  permissions?: string | number | null;
  expires_at?: number | null;
  ttl?: number | null;
}

const permissionOf = (raw: string | number | null): KeyPermission => {
  if (raw === null) return 'user';
  const name = typeof raw === 'number' ? keyPermissions[raw] : keyPermissions.find((each) => each === raw);
  return name ?? failField('permissions', `must be one of ${keyPermissions.join(', ')}`);
};

/** The sooner of both; `null` when the body says that the key does not expire. */
const expiryOf = (clock: Clock, fields: ApiKeyFields): Date | null | undefined => {
  const { expires_at: at, ttl } = fields;
  if (typeof ttl === 'number' && ttl < 1) failField('ttl', reasons.positive);
  const times = [
    ...(typeof at === 'number' ? [at * 1000] : []),
    ...(typeof ttl === 'number' ? [clock.nowMs() + ttl * 1000] : []),
  ];
  if (times.length === 0) return at === null ? null : undefined;
  const soonest = Math.min(...times);
  if (soonest <= clock.nowMs()) failField('expires_at', reasons.future);
  // Farther than PostgreSQL's clients can read back is as good as for ever.
  return new Date(Math.min(soonest, Date.UTC(9999, 0)));
};

const changesOf = (clock: Clock, fields: ApiKeyFields): ApiKeyChanges => {
  const name = fields.name === undefined ? undefined : plainName(fields.name).toLowerCase();
  if (name === '') failField('name', reasons.required);
  if (fields.scopes?.some((scope) => !/^[a-z0-9_-]{1,64}(\.(read|write))?$/.test(scope))) {
    failField('scopes', 'must be names, each alone or with .read or .write');
  }
  const expiresAt = expiryOf(clock, fields);
  return {
    ...(name !== undefined && { name }),
    ...(fields.description !== undefined && { description: fields.description }),
    ...(fields.scopes && { scopes: fields.scopes }),
    ...(fields.permissions !== undefined && { permissions: permissionOf(fields.permissions) }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
};

/** Whether what the caller holds covers a scope that they want to give away. */
const holds = (caller: Caller, scope: string): boolean => {
  const [name = '', access] = scope.split('.');
  const covering = access ? [scope, name, `public.${access}`, 'public'] : [scope, 'public'];
  return covering.some((each) => caller.scopes.includes(each));
};

const requireAuthority = (caller: Caller, owner: User, scopes: readonly string[]): void => {
  if (owner.platformAdmin && !caller.platformAdmin) {
    throw new FoyerError('forbidden', { detail: 'the owner ranks above the caller' });
  }
  if (!scopes.every((scope) => holds(caller, scope))) {
    throw new FoyerError('forbidden', { detail: 'scopes that the caller does not hold' });
  }
};

const withUniqueName = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) return failField('name', reasons.unique);
    throw error;
  }
};

const ownerOf = async (tx: Tx, caller: Caller, rawId: string): Promise<User> => {
  const owner = await findUserAnywhere(tx, domainScopeOf(caller), rawId as UserId);
  return owner && !owner.deletedAt ? owner : failField('user_id', 'is not a user');
};

/** @throws {FoyerError} `validation_failed`, `forbidden` */
export const addApiKey = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  fields: ApiKeyFields,
): Promise<{ key: ApiKey & { secret: string }; owner: User }> => {
  const { expiresAt, ...rest } = changesOf(deps.clock, fields);
  const wanted = {
    name: '',
    description: '',
    permissions: 'user' as const,
    ...rest,
    scopes: rest.scopes?.length ? rest.scopes : ['public'],
    expiresAt: expiresAt ?? undefined,
  };
  return withUniqueName(() =>
    deps.db.transaction(async (tx) => {
      const owner = await ownerOf(tx, caller, fields.user_id ?? '');
      requireAuthority(caller, owner, wanted.scopes);
      const key = await createApiKey(tx, owner.domainId, { ...wanted, userId: owner.id });
      await writeAudit(tx, owner.domainId, actor, {
        action: 'api_key.create',
        target: key.id,
        fields: Object.keys(fields),
        detail: { user_id: owner.id, permissions: key.permissions, scopes: key.scopes },
      });
      return { key, owner };
    }),
  );
};

/** @throws {FoyerError} `not_found`, `validation_failed`, `forbidden`, `precondition_failed` */
export const changeApiKey = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { id, fields, ifMatch }: { id: string; fields: ApiKeyFields; ifMatch: string | undefined },
): Promise<ApiKey> => {
  const changes = changesOf(deps.clock, fields);
  return withUniqueName(() =>
    deps.db.transaction(async (tx) => {
      const before = await getApiKey(tx, caller, id);
      requireMatch(ifMatch, before.updatedAt);
      const owner = await ownerOf(tx, caller, before.userId);
      requireAuthority(caller, owner, changes.scopes ?? []);
      const after = await updateApiKey(tx, before.domainId, id, changes);
      if (!after) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
      await writeAudit(tx, before.domainId, actor, {
        action: 'api_key.update',
        target: id,
        fields: Object.keys(changes),
      });
      return after;
    }),
  );
};

/** @throws {FoyerError} `not_found`, `precondition_failed` */
export const removeApiKey = (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { id, ifMatch }: { id: string; ifMatch: string | undefined },
): Promise<void> =>
  deps.db.transaction(async (tx) => {
    const key = await getApiKey(tx, caller, id);
    requireMatch(ifMatch, key.updatedAt);
    await deleteApiKey(tx, key.domainId, id);
    await writeAudit(tx, key.domainId, actor, { action: 'api_key.delete', target: id });
  });

/** @throws {FoyerError} `not_found` outside of the caller's domains, too */
export const getApiKey = async (tx: Tx, caller: Caller, id: string): Promise<ApiKey> => {
  const key = await findApiKey(tx, domainScopeOf(caller), id);
  if (!key) {
    throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
  }
  return key;
};
