/**
 * @module Refresh tokens: each is used once and names its successor. The successor is kept sealed under a key that
 * only the presented token (and the server) can make, so that a lost answer can be given again (S-59).
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { statement } from '#base/db/database.ts';
import { type DomainId, sha256 } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, sealWith } from '#base/lib/secret-box.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Tx } from '#model/tables.ts';
import {
  familyIsLive,
  type Grant,
  type GrantRow,
  originParameters,
  personColumns,
  type RequestOrigin,
  refreshGraceSeconds,
  refreshIdleSeconds,
  toGrant,
} from './token-family.ts';

export interface Rotation {
  rawToken: string;
  applicationId: number;
  /** Space separated; a part of the token's scope, or absent for all of it. */
  scope: string | undefined;
  /** The successor, should this be the token's first use. */
  newToken: string;
  from: RequestOrigin;
}

export type RotationOutcome =
  /** `refreshToken` is `newToken`, or within the grace the successor that was answered before. */
  | { kind: 'rotated'; grant: Grant; refreshToken: string }
  | { kind: 'reused'; familyId: string }
  | { kind: 'scope_refused' }
  | { kind: 'refused' };

const audit = (detail: string): string => `insert into audit
         (domain_id, action, outcome, actor_kind, actor_id, application_id, target, detail, ip, user_agent, request_id)
  select $1, 'token.refresh', 'ok', 'user', user_id, $3::bigint::text, id, ${detail}`;

const rotate = statement(
  'refresh_rotate',
  `with old as (
  update refresh_tokens r set used_at = now(), successor_sealed = $5
   where r.domain_id = $1 and r.token_hash = $2 and r.used_at is null and r.expires_at > now()
     and ($6::text is null or string_to_array($6::text, ' ') <@ string_to_array(r.scope, ' '))
     and (select f.application_id = $3 and ${familyIsLive}
            from token_families f where f.domain_id = $1 and f.id = r.family_id)
  returning r.family_id, r.scope
), family as (
  select id, user_id, session_public_id, auth_time, expires_at
    from token_families where domain_id = $1 and id = (select family_id from old)
), successor as (
  insert into refresh_tokens (domain_id, token_hash, family_id, scope, expires_at)
  select $1, $4, id, (select scope from old), least(expires_at, now() + make_interval(secs => $7)) from family
), written as (
  ${audit("'{}'")}, $8, $9, $10 from family
)
select f.id as family_id, f.user_id, f.session_public_id, (select scope from old) as scope, f.auth_time,
       ${personColumns}
  from family f, users u
 where u.domain_id = $1 and u.id = (select user_id from family)`,
);

const findUse = statement(
  'refresh_find_use',
  `select r.used_at is not null as used, r.successor_sealed,
       coalesce(r.used_at > now() - make_interval(secs => $4), false) as in_grace,
       coalesce(string_to_array($3::text, ' ') <@ string_to_array(r.scope, ' '), true) as covers,
       r.expires_at > now() and ${familyIsLive} as live,
       f.id as family_id, f.application_id, f.user_id, f.session_public_id, r.scope, f.auth_time, ${personColumns}
  from refresh_tokens r
  join token_families f on f.domain_id = r.domain_id and f.id = r.family_id
  cross join lateral (select * from users where domain_id = $1 and id = f.user_id offset 0) u
 where r.domain_id = $1 and r.token_hash = $2`,
);

const auditRepeat = statement(
  'refresh_audit_repeat',
  `${audit(`'{"repeated": true}'`)}, $4, $5, $6 from token_families where domain_id = $1 and id = $2`,
);

interface UseRow extends GrantRow {
  used: boolean;
  successor_sealed: Buffer | null;
  in_grace: boolean;
  covers: boolean;
  live: boolean;
  application_id: number;
}

const place = (domainId: DomainId, tokenHash: Buffer): SealedPlace => ({
  domainId,
  table: 'refresh_tokens',
  column: 'successor_sealed',
  rowId: tokenHash.toString('base64url'),
});

/** Of the presented token and the server alike: neither opens a successor without the other. */
const successorKey = async (keyring: Keyring, rawToken: string): Promise<KeyObject> =>
  createSecretKey(
    createHmac('sha256', await keyring.sealingKey('refresh successor'))
      .update(rawToken)
      .digest(),
  );

/** Swaps a refresh token for its successor and writes the audit row; all of it or nothing. @see RFC 9700 §4.14.2 */
export const rotateRefreshToken = async (
  deps: { db: Tx; keyring: Keyring },
  domainId: DomainId,
  rotation: Rotation,
): Promise<RotationOutcome> => {
  const hash = sha256(rotation.rawToken);
  const key = await successorKey(deps.keyring, rotation.rawToken);
  const [row] = await deps.db.run<GrantRow>(rotate, [
    domainId,
    hash,
    rotation.applicationId,
    sha256(rotation.newToken),
    sealWith(key, 1, place(domainId, hash), rotation.newToken),
    rotation.scope ?? null,
    refreshIdleSeconds,
    ...originParameters(rotation.from),
  ]);
  if (row) return { kind: 'rotated', grant: toGrant(row), refreshToken: rotation.newToken };
  const [known] = await deps.db.run<UseRow>(findUse, [
    domainId,
    hash,
    rotation.scope ?? null,
    refreshGraceSeconds,
  ]);
  if (!known || known.application_id !== rotation.applicationId) return { kind: 'refused' };
  if (known.used && !known.in_grace) return { kind: 'reused', familyId: known.family_id };
  if (!known.live) return { kind: 'refused' };
  if (!known.covers) return { kind: 'scope_refused' };
  if (!known.successor_sealed) return { kind: 'refused' };
  await deps.db.run(auditRepeat, [
    domainId,
    known.family_id,
    rotation.applicationId,
    ...originParameters(rotation.from),
  ]);
  const refreshToken = openWith(key, place(domainId, hash), Buffer.from(known.successor_sealed));
  return { kind: 'rotated', grant: toGrant(known), refreshToken };
};

const findLive = statement(
  'refresh_find_live',
  `select r.scope, r.issued_at, r.expires_at
  from refresh_tokens r
  join token_families f on f.domain_id = r.domain_id and f.id = r.family_id
 where r.domain_id = $1 and r.token_hash = $2 and r.used_at is null and r.expires_at > now()
   and f.application_id = $3 and ${familyIsLive}`,
);

/** A refresh token of this application that would still be accepted. */
export const findRefreshToken = async (
  tx: Tx,
  domainId: DomainId,
  rawToken: string,
  applicationId: number,
): Promise<{ scope: string; issuedAt: Date; expiresAt: Date } | undefined> => {
  const [row] = await tx.run<{ scope: string; issued_at: Date; expires_at: Date }>(findLive, [
    domainId,
    sha256(rawToken),
    applicationId,
  ]);
  return row && { scope: row.scope, issuedAt: row.issued_at, expiresAt: row.expires_at };
};
