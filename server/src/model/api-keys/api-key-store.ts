import { type Selectable, sql } from 'kysely';
import { statement } from '#base/db/database.ts';
import { type Listed, type ListRequest, matchesWords, pageByName } from '#base/db/listing.ts';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { ApiKeyTable, Tx } from '#model/tables.ts';
import type { TokenUser } from '#model/tokens/access-token.ts';
import { type ApiKey, digestKeySecret, type KeyPermission, newKeyPair } from './api-key.ts';

const toApiKey = (row: Selectable<ApiKeyTable>): ApiKey => ({
  domainId: row.domain_id as DomainId,
  id: row.id,
  userId: row.user_id as UserId,
  name: row.name,
  description: row.description,
  scopes: row.scopes,
  permissions: row.permissions,
  expiresAt: row.expires_at ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export type NewApiKey = Pick<ApiKey, 'userId' | 'name' | 'description' | 'scopes' | 'permissions'> & {
  expiresAt?: Date | undefined;
};
/** `expiresAt: null` lets the key live for ever. */
export type ApiKeyChanges = Partial<Pick<ApiKey, 'name' | 'description' | 'scopes' | 'permissions'>> & {
  expiresAt?: Date | null;
};

// `offset 0` keeps the planner, without statistics, from walking through the domain's users.
const findCredential = statement(
  'api_key_find_credential',
  `select k.secret_hash, k.scopes, k.permissions, coalesce(k.expires_at <= now(), false) as expired,
          u.id as user_id, u.name, u.email, u.groups, u.sys_admin, u.platform_admin, u.support
     from api_keys k
     cross join lateral (select * from users where domain_id = $1 and id = k.user_id offset 0) u
    where k.domain_id = $1 and k.id = $2 and u.deleted_at is null and u.disabled_at is null`,
);

interface CredentialRow {
  secret_hash: string;
  scopes: string[];
  permissions: KeyPermission;
  expired: boolean;
  user_id: string;
  name: string;
  email: string | null;
  groups: string[];
  sys_admin: boolean;
  platform_admin: boolean;
  support: boolean;
}

export interface KeyCredential {
  secretHash: string;
  scopes: string[];
  permissions: KeyPermission;
  expired: boolean;
  owner: TokenUser;
}

/** A key and its owner as they are now; absent when either is gone, or the owner disabled. */
export const findKeyCredential = async (
  tx: Tx,
  domainId: DomainId,
  id: string,
): Promise<KeyCredential | undefined> => {
  const [row] = await tx.run<CredentialRow>(findCredential, [domainId, id]);
  return (
    row && {
      secretHash: row.secret_hash,
      scopes: row.scopes,
      permissions: row.permissions,
      expired: row.expired,
      owner: {
        id: row.user_id as UserId,
        name: row.name,
        email: row.email ?? '',
        groups: row.groups,
        sysAdmin: row.sys_admin || row.platform_admin,
        platformAdmin: row.platform_admin,
        support: row.support,
      },
    }
  );
};

export const listApiKeys = async (
  tx: Tx,
  scope: DomainScope,
  request: ListRequest,
): Promise<Listed<ApiKey>> => {
  const matches = matchesWords(['id', 'name', 'description'], request.q);
  const all = tx.kysely
    .selectFrom('api_keys')
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .$if(matches !== undefined, (query) => query.where(matches as NonNullable<typeof matches>));
  return pageByName(all, request, toApiKey);
};

export const findApiKey = async (tx: Tx, scope: DomainScope, id: string): Promise<ApiKey | undefined> => {
  const row = await tx.kysely
    .selectFrom('api_keys')
    .selectAll()
    .where('id', '=', id)
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .executeTakeFirst();
  return row && toApiKey(row);
};

/**
 * Makes a key; `secret` is its whole text, to be shown this once. A taken name is a unique violation of the database,
 * left to the caller.
 */
export const createApiKey = async (
  tx: Tx,
  domainId: DomainId,
  key: NewApiKey,
): Promise<ApiKey & { secret: string }> => {
  const { id, secret } = newKeyPair();
  const row = await tx.kysely
    .insertInto('api_keys')
    .values({
      domain_id: domainId,
      id,
      user_id: key.userId,
      name: key.name,
      description: key.description,
      scopes: key.scopes,
      permissions: key.permissions,
      secret_hash: digestKeySecret(id, secret),
      expires_at: key.expiresAt ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...toApiKey(row), secret: `${id}.${secret}` };
};

export const updateApiKey = async (
  tx: Tx,
  domainId: DomainId,
  id: string,
  changes: ApiKeyChanges,
): Promise<ApiKey | undefined> => {
  const row = await tx.kysely
    .updateTable('api_keys')
    .set({
      ...(changes.name !== undefined && { name: changes.name }),
      ...(changes.description !== undefined && { description: changes.description }),
      ...(changes.scopes !== undefined && { scopes: changes.scopes }),
      ...(changes.permissions !== undefined && { permissions: changes.permissions }),
      ...(changes.expiresAt !== undefined && { expires_at: changes.expiresAt }),
      updated_at: sql`now()`,
    })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row && toApiKey(row);
};

export const deleteApiKey = async (tx: Tx, domainId: DomainId, id: string): Promise<void> => {
  await tx.kysely.deleteFrom('api_keys').where('domain_id', '=', domainId).where('id', '=', id).execute();
};
