/** @module Token families as such: begun without a code, revoked and listed for their person. */
import { sql } from 'kysely';
import { statement } from '#base/db/database.ts';
import { type DomainId, newUuid, sha256, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import {
  familyTtlSeconds,
  originParameters,
  type RequestOrigin,
  refreshIdleSeconds,
} from './token-family.ts';

export interface NewFamily {
  applicationId: number;
  /** How it was granted, for the audit row: `client_credentials`, `password`, `implicit`. */
  grant: string;
  /** Absent: the application on its own behalf. */
  userId: UserId | undefined;
  sessionPublicId?: string;
  authTime?: Date;
  scope: string;
  /** Absent: access tokens only. */
  refreshToken: string | undefined;
  /** Of a family without a refresh token. */
  ttlSeconds: number;
  from: RequestOrigin;
}

const begin = statement(
  'family_begin',
  `with family as (
  insert into token_families (domain_id, id, application_id, user_id, session_public_id, scope, auth_time, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))
  returning id, user_id, scope
), refresh as (
  insert into refresh_tokens (domain_id, token_hash, family_id, scope, expires_at)
  select $1, $9::bytea, id, scope, now() + make_interval(secs => $10) from family where $9::bytea is not null
)
insert into audit (domain_id, action, outcome, actor_kind, actor_id, application_id, target, detail, ip, user_agent,
                   request_id)
select $1, 'token.issue', 'ok', case when user_id is null then 'application' else 'user' end,
       coalesce(user_id, $3::bigint::text), $3::bigint::text, id,
       jsonb_build_object('grant', $11::text, 'scope', scope), $12, $13, $14
  from family`,
);

/** Begins a family that no code precedes, with its audit row; answers its id. */
export const beginFamily = async (tx: Tx, domainId: DomainId, family: NewFamily): Promise<string> => {
  const id = newUuid();
  await tx.run(begin, [
    domainId,
    id,
    family.applicationId,
    family.userId ?? null,
    family.sessionPublicId ?? null,
    family.scope,
    family.authTime ?? null,
    family.refreshToken === undefined ? family.ttlSeconds : familyTtlSeconds,
    family.refreshToken === undefined ? null : sha256(family.refreshToken),
    refreshIdleSeconds,
    family.grant,
    ...originParameters(family.from),
  ]);
  return id;
};

/** Why a family is revoked; the name of its audit row. */
export type Revocation = 'token.revoke' | 'refresh_reuse' | 'code_replay';

const revoke = statement(
  'family_revoke',
  `with family as (
  update token_families set revoked_at = now()
   where domain_id = $1 and id = $2 and application_id = coalesce($3::bigint, application_id) and revoked_at is null
  returning id, application_id, user_id
)
insert into audit (domain_id, action, outcome, reason, actor_kind, actor_id, application_id, target, ip, user_agent,
                   request_id)
select $1, $4::text, case when $4::text = 'token.revoke' then 'ok' else 'denied' end,
       case when $4::text = 'token.revoke' then null else 'invalid_grant' end, 'application', application_id::text,
       application_id::text, id, $5, $6, $7
  from family`,
);

/** Ends every token of a family; a family that is dead already, or another application's, is left alone. */
export const revokeFamily = async (
  tx: Tx,
  domainId: DomainId,
  familyId: string,
  why: Revocation,
  from: RequestOrigin,
  applicationId?: number,
): Promise<void> => {
  await tx.run(revoke, [domainId, familyId, applicationId ?? null, why, ...originParameters(from)]);
};

const findByRefreshToken = statement(
  'family_find_by_refresh_token',
  'select family_id from refresh_tokens where domain_id = $1 and token_hash = $2',
);

/** The family of a refresh token, used or not. */
export const findFamilyOfRefreshToken = async (
  tx: Tx,
  domainId: DomainId,
  rawToken: string,
): Promise<string | undefined> => {
  const [row] = await tx.run<{ family_id: string }>(findByRefreshToken, [domainId, sha256(rawToken)]);
  return row?.family_id;
};

/** An application that may act for a person. */
export interface AuthorizedApplication {
  id: number;
  uid: string;
  name: string;
  confidential: boolean;
  /** Of the oldest grant that counts. */
  grantedAt: Date;
}

export const listAuthorizedApplications = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
): Promise<AuthorizedApplication[]> => {
  const { rows } = await sql<{
    id: number;
    uid: string;
    name: string;
    confidential: boolean;
    granted_at: Date;
  }>`
select a.id, a.uid, a.name, a.confidential, min(g.created_at) as granted_at
  from (select application_id, created_at from token_families
         where domain_id = ${domainId} and user_id = ${userId} and revoked_at is null and expires_at > now()
        union all
        select application_id, created_at from consents where domain_id = ${domainId} and user_id = ${userId}) g
  join applications a on a.domain_id = ${domainId} and a.id = g.application_id
 group by a.id, a.uid, a.name, a.confidential
 order by a.name`.execute(tx.kysely);
  return rows.map(({ granted_at, ...row }) => ({ ...row, grantedAt: granted_at }));
};

/** Takes back everything that a person granted an application: consent, codes and tokens. */
export const revokeApplication = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  applicationId: number,
): Promise<void> => {
  await tx.kysely
    .deleteFrom('consents')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .execute();
  await tx.kysely
    .updateTable('token_families')
    .set({ revoked_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .where('revoked_at', 'is', null)
    .execute();
};
