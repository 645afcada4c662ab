/**
 * @module Reading and renewing the stored tokens of identities. A sign-in writes them in its own statement
 * (`identities/complete-sign-in-statement.ts`), linking in `store-grant.ts`.
 *
 * Renewing takes a lease first, so that one process at a time asks the provider; writes compare the version, so that
 * a process which was overtaken changes nothing.
 */
import { statement } from '#base/db/database.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Tx } from '#model/tables.ts';
import type { Refusal, StoredGrant } from './grant.ts';
import { type GrantKey, grantPlace, type SealedTokens } from './seal-grant.ts';

/** How long a process may take to ask the provider and to write the answer down. */
export const leaseSeconds = 30;

interface GrantRow {
  source_id: string;
  issuer: string;
  subject: string;
  user_id: string;
  state: StoredGrant['state'];
  refusal: Refusal | null;
  access_token_sealed: Buffer | null;
  refresh_token_sealed: Buffer | null;
  scope: string;
  expires_at: Date | null;
  refreshed_at: Date;
  version: number;
  refresh_lease_by: string | null;
  lease_over: boolean;
  lease_after_refresh: boolean;
  source_version: number;
  source_enabled: boolean;
  read_at: Date;
}

const toGrant = (domainId: DomainId, row: GrantRow): StoredGrant => {
  return {
    key: { domainId, sourceId: row.source_id as SourceId, issuer: row.issuer, subject: row.subject },
    userId: row.user_id as UserId,
    state: row.state,
    refusal: row.refusal ?? undefined,
    accessTokenSealed: row.access_token_sealed ?? undefined,
    refreshTokenSealed: row.refresh_token_sealed ?? undefined,
    scope: row.scope,
    expiresAt: row.expires_at ?? undefined,
    refreshedAt: row.refreshed_at,
    version: row.version,
    lease:
      row.refresh_lease_by === null
        ? undefined
        : {
            by: row.refresh_lease_by,
            isOver: row.lease_over,
            wasTakenAfterRefresh: row.lease_after_refresh,
          },
    source: { version: row.source_version, enabled: row.source_enabled },
    readAt: row.read_at,
  };
};

const columns = `g.source_id, g.issuer, g.subject, i.user_id, g.state, g.refusal, g.access_token_sealed,
       g.refresh_token_sealed, g.scope, g.expires_at, g.refreshed_at, g.version, g.refresh_lease_by,
       coalesce(g.refresh_lease_until <= now(), true) as lease_over,
       coalesce(g.refresh_lease_until - interval '${leaseSeconds} seconds' >= g.refreshed_at, false)
         as lease_after_refresh,
       s.version as source_version, s.enabled as source_enabled, now() as read_at`;

// People who may not sign in have no tokens for anybody, so theirs are not found.
const theirRows = `cross join lateral (select id from users where domain_id = $1 and id = i.user_id
                                and deleted_at is null and disabled_at is null offset 0) u
  join sources s on s.domain_id = i.domain_id and s.id = i.source_id`;

const find = statement(
  'grant_find',
  `select ${columns}
     from upstream_grants g
     join identities i on i.domain_id = g.domain_id and i.source_id = g.source_id and i.issuer = g.issuer
                      and i.subject = g.subject
     ${theirRows}
    where g.domain_id = $1 and g.source_id = $2 and g.issuer = $3 and g.subject = $4`,
);

// The identity is chosen before anything is joined to it: a person has a few, and the planner need not know.
const findOfUser = statement(
  'grant_find_of_user',
  `with i as materialized (
  select i.domain_id, i.source_id, i.issuer, i.subject, i.user_id
    from identities i
   where i.domain_id = $1 and i.user_id = $2 and ($3::text is null or i.source_id = $3)
     and (select true from upstream_grants g
           where g.domain_id = $1 and g.source_id = i.source_id and g.issuer = i.issuer and g.subject = i.subject)
   order by i.last_sign_in_at desc nulls last, i.created_at desc limit 1
)
select ${columns}
  from i
  join upstream_grants g on g.domain_id = $1 and g.source_id = i.source_id and g.issuer = i.issuer
                        and g.subject = i.subject
  ${theirRows}`,
);

const keyParameters = (key: GrantKey): string[] => [key.domainId, key.sourceId, key.issuer, key.subject];

export const findGrant = async (tx: Tx, key: GrantKey): Promise<StoredGrant | undefined> => {
  const [row] = await tx.run<GrantRow>(find, keyParameters(key));
  return row && toGrant(key.domainId, row);
};

/** Of the identity that the person signed in with last; with `sourceId`, of that source. */
export const findGrantOfUser = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  sourceId?: SourceId,
): Promise<StoredGrant | undefined> => {
  const [row] = await tx.run<GrantRow>(findOfUser, [domainId, userId, sourceId ?? null]);
  return row && toGrant(domainId, row);
};

/** @throws {FoyerError} `secret_unreadable` */
export const openGrantToken = (
  keyring: Keyring,
  key: GrantKey,
  kind: 'access' | 'refresh',
  sealed: Buffer,
): Promise<string> => keyring.open(grantPlace(key, `${kind}_token_sealed`), sealed);

const take = statement(
  'grant_lease_take',
  `update upstream_grants
      set refresh_lease_by = $5, refresh_lease_until = now() + interval '${leaseSeconds} seconds'
    where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4 and version = $6 and state = 'live'
      and refresh_lease_by is not distinct from $7::text
      and (refresh_lease_until is null or refresh_lease_until <= now())
   returning true as taken`,
);

/** Of all who try at the same version one hears true; it must write an outcome, or release. */
export const takeLease = async (tx: Tx, grant: StoredGrant, holder: string): Promise<boolean> => {
  const parameters = [...keyParameters(grant.key), holder, grant.version, grant.lease?.by ?? null];
  return (await tx.run(take, parameters)).length > 0;
};

const release = statement(
  'grant_lease_release',
  `update upstream_grants set refresh_lease_by = null, refresh_lease_until = null
    where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4 and refresh_lease_by = $5`,
);

export const releaseLease = async (tx: Tx, key: GrantKey, holder: string): Promise<void> => {
  await tx.run(release, [...keyParameters(key), holder]);
};

const replace = statement(
  'grant_replace_tokens',
  `update upstream_grants
      set access_token_sealed = $7, refresh_token_sealed = coalesce($8::bytea, refresh_token_sealed),
          token_type = $9, scope = $10, expires_at = $11::timestamptz, refreshed_at = now(), state = 'live',
          refusal = null, version = version + 1, refresh_lease_by = null, refresh_lease_until = null
    where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4 and version = $5
      and ($6::text is null or refresh_lease_by = $6)
   returning true as replaced`,
);

export interface RenewedTokens extends SealedTokens {
  tokenType: string;
  scope: string;
  expiresAt: Date | undefined;
}

/** Writes renewed tokens and ends the lease, if the row is still what it was. A refresh token never becomes null. */
export const replaceTokens = async (
  tx: Tx,
  key: GrantKey,
  expected: { version: number; holder?: string },
  tokens: RenewedTokens,
): Promise<boolean> => {
  const rows = await tx.run(replace, [
    ...keyParameters(key),
    expected.version,
    expected.holder ?? null,
    tokens.accessTokenSealed,
    tokens.refreshTokenSealed ?? null,
    tokens.tokenType,
    tokens.scope,
    tokens.expiresAt ?? null,
  ]);
  return rows.length > 0;
};

const refuse = statement(
  'grant_refuse',
  `update upstream_grants
      set state = 'needs_consent', refusal = $7::jsonb, access_token_sealed = null, version = version + 1,
          refresh_lease_by = null, refresh_lease_until = null
    where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4 and version = $5
      and refresh_lease_by = $6
   returning true as refused`,
);

/** Keeps why the provider refused, and drops the access token (S-148); false when somebody was faster. */
export const refuseGrant = async (
  tx: Tx,
  key: GrantKey,
  expected: { version: number; holder: string },
  refusal: Refusal,
): Promise<boolean> => {
  const parameters = [...keyParameters(key), expected.version, expected.holder, JSON.stringify(refusal)];
  return (await tx.run(refuse, parameters)).length > 0;
};

export const deleteGrantsOfUser = async (tx: Tx, domainId: DomainId, userId: UserId): Promise<void> => {
  await tx.kysely
    .deleteFrom('upstream_grants as g')
    .using('identities as i')
    .whereRef('i.domain_id', '=', 'g.domain_id')
    .whereRef('i.source_id', '=', 'g.source_id')
    .whereRef('i.issuer', '=', 'g.issuer')
    .whereRef('i.subject', '=', 'g.subject')
    .where('g.domain_id', '=', domainId)
    .where('i.domain_id', '=', domainId)
    .where('i.user_id', '=', userId)
    .execute();
};
