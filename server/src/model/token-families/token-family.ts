/**
 * @module One family per authorization: the code and every token that descends from it live and die together. All
 * that counts is the family's row, so revoking it takes one update and reaches every node with the next request.
 */
import type { UserId } from '#base/lib/ids.ts';
import type { TokenUser } from '#model/tokens/access-token.ts';

/** RFC 6749 §4.1.2 allows ten minutes; a redirect needs seconds (S-57). */
export const codeTtlSeconds = 60;
/** Absolute limit of a family, and how long a refresh token may lie unused (S-60). */
export const familyTtlSeconds = 30 * 86_400;
export const refreshIdleSeconds = 7 * 86_400;
/** A used refresh token is answered once more with the same successor: the first answer may have been lost (S-59). */
export const refreshGraceSeconds = 10;
export const deviceCodeTtlSeconds = 600;

/** From where a request came, for audit rows. */
export interface RequestOrigin {
  ip: string;
  userAgent: string | undefined;
  requestId: string;
}

/** What tokens are issued for. */
export interface Grant {
  familyId: string;
  user: TokenUser;
  sessionPublicId: string | undefined;
  /** Space separated. */
  scope: string;
  authTime: Date | undefined;
}

export interface GrantRow {
  family_id: string;
  user_id: string;
  session_public_id: string | null;
  scope: string;
  auth_time: Date | null;
  name: string;
  email: string | null;
  groups: string[];
  sys_admin: boolean;
  platform_admin: boolean;
  support: boolean;
}

export const toGrant = (row: GrantRow): Grant => ({
  familyId: row.family_id,
  user: {
    id: row.user_id as UserId,
    name: row.name,
    email: row.email ?? '',
    groups: row.groups,
    sysAdmin: row.sys_admin || row.platform_admin,
    platformAdmin: row.platform_admin,
    support: row.support,
  },
  sessionPublicId: row.session_public_id ?? undefined,
  scope: row.scope,
  authTime: row.auth_time ?? undefined,
});

/** Columns of the person `u`, as `GrantRow` names them. */
export const personColumns = 'u.name, u.email, u.groups, u.sys_admin, u.platform_admin, u.support';

/**
 * SQL: whether the family `f` of domain `$1` is alive, and its person, too. As scalar subqueries over whole unique
 * keys, so that the planner cannot choose to walk a table.
 */
export const familyIsLive = `f.revoked_at is null and f.expires_at > now()
       and (select u.deleted_at is null and u.disabled_at is null
                   and (u.signed_out_at is null or u.signed_out_at < f.created_at)
              from users u where u.domain_id = $1 and u.id = f.user_id)`;

export const originParameters = ({ ip, userAgent, requestId }: RequestOrigin): (string | null)[] => [
  ip,
  userAgent?.slice(0, 300) ?? null,
  requestId,
];
