/** @module Authorization codes: issued with their family in one statement, redeemed for tokens in one statement. */
import { statement } from '#base/db/database.ts';
import { type DomainId, newUuid, randomToken, sha256, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import {
  codeTtlSeconds,
  familyIsLive,
  familyTtlSeconds,
  type Grant,
  type GrantRow,
  originParameters,
  personColumns,
  type RequestOrigin,
  refreshIdleSeconds,
  toGrant,
} from './token-family.ts';

export interface NewCode {
  applicationId: number;
  userId: UserId;
  sessionPublicId: string;
  authTime: Date;
  scope: string;
  redirectUri: string;
  codeChallenge: string | undefined;
  nonce: string | undefined;
}

// The family lives as long as its code until the code is redeemed, so abandoned requests leave nothing behind.
const issue = statement(
  'code_issue',
  `with family as (
  insert into token_families (domain_id, id, application_id, user_id, session_public_id, scope, auth_time, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $12)) returning id
)
insert into authorization_codes (domain_id, code_hash, family_id, redirect_uri, code_challenge, nonce, expires_at)
select $1, $8, id, $9, $10::text, $11::text, now() + make_interval(secs => $12) from family`,
);

/** Makes a code of 43 URL-safe characters; only its hash is kept. @see RFC 6749 §4.1.2 */
export const issueCode = async (tx: Tx, domainId: DomainId, code: NewCode): Promise<string> => {
  const value = randomToken();
  await tx.run(issue, [
    domainId,
    newUuid(),
    code.applicationId,
    code.userId,
    code.sessionPublicId,
    code.scope,
    code.authTime,
    sha256(value),
    code.redirectUri,
    code.codeChallenge ?? null,
    code.nonce ?? null,
    codeTtlSeconds,
  ]);
  return value;
};

export interface CodeRedemption {
  rawCode: string;
  redirectUri: string;
  /** S256 of the verifier; absent when the client sent none, and then there must have been no challenge. */
  codeChallenge: string | undefined;
  applicationId: number;
  refreshToken: string;
  from: RequestOrigin;
}

// The session must still be there: a sign-out at the same moment as the authorization could have missed the family.
const redeem = statement(
  'code_redeem',
  `with code as (
  update authorization_codes c set used_at = now()
   where c.domain_id = $1 and c.code_hash = $2 and c.used_at is null and c.expires_at > now()
     and c.redirect_uri = $3 and c.code_challenge is not distinct from $4::text
     and (select f.application_id = $5 and ${familyIsLive}
                 and (select true from sessions s where s.domain_id = $1 and s.public_id = f.session_public_id)
            from token_families f where f.domain_id = $1 and f.id = c.family_id)
  returning c.family_id, c.nonce
), family as (
  update token_families set expires_at = now() + make_interval(secs => $7)
   where domain_id = $1 and id = (select family_id from code) and revoked_at is null
  returning id, user_id, session_public_id, scope, auth_time
), refresh as (
  insert into refresh_tokens (domain_id, token_hash, family_id, scope, expires_at)
  select $1, $6, id, scope, now() + make_interval(secs => $8) from family
), written as (
  insert into audit (domain_id, action, outcome, actor_kind, actor_id, application_id, target, detail, ip, user_agent,
                     request_id)
  select $1, 'token.issue', 'ok', 'user', user_id, $5::bigint::text, id,
         jsonb_build_object('grant', 'authorization_code', 'scope', scope), $9, $10, $11
    from family
)
select f.id as family_id, f.user_id, f.session_public_id, f.scope, f.auth_time, (select nonce from code) as nonce,
       ${personColumns}
  from family f, users u
 where u.domain_id = $1 and u.id = (select user_id from family)`,
);

const findUse = statement(
  'code_find_use',
  'select family_id, used_at is not null as used from authorization_codes where domain_id = $1 and code_hash = $2',
);

export type CodeOutcome =
  | { kind: 'redeemed'; grant: Grant; nonce: string | undefined }
  | { kind: 'replayed'; familyId: string }
  | { kind: 'refused' };

/**
 * Uses up a code, starts its refresh chain and writes the audit row; all of it or nothing. Of parallel calls one
 * succeeds, the others see a replay (S-57, S-58).
 */
export const redeemCode = async (
  tx: Tx,
  domainId: DomainId,
  redemption: CodeRedemption,
): Promise<CodeOutcome> => {
  const hash = sha256(redemption.rawCode);
  const [row] = await tx.run<GrantRow & { nonce: string | null }>(redeem, [
    domainId,
    hash,
    redemption.redirectUri,
    redemption.codeChallenge ?? null,
    redemption.applicationId,
    sha256(redemption.refreshToken),
    familyTtlSeconds,
    refreshIdleSeconds,
    ...originParameters(redemption.from),
  ]);
  if (row) return { kind: 'redeemed', grant: toGrant(row), nonce: row.nonce ?? undefined };
  const [known] = await tx.run<{ family_id: string; used: boolean }>(findUse, [domainId, hash]);
  return known?.used ? { kind: 'replayed', familyId: known.family_id } : { kind: 'refused' };
};
