/**
 * @module Access tokens: signed JWTs with PlaceOS' claims, checked like opaque ones. The signature says that we issued
 * it; one indexed read says that it still counts, so a revocation reaches every node with the next request (S-61).
 */
import { sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { Config } from '#base/config/config.ts';
import { statement } from '#base/db/database.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { newUuid, type UserId } from '#base/lib/ids.ts';
import { permissionNumber, type Ranks, type TokenPayload } from '#model/access/caller.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SigningKeys } from '#model/keys/signing-keys.ts';
import type { Tx } from '#model/tables.ts';

export interface AccessTokenPayload extends TokenPayload {
  jti: string;
  client_id: string;
  /** The token family: code, refresh and access tokens of one authorization live and die together. */
  gid: string;
  /** Public id of the session that the family was granted in. */
  sid?: string;
}

export interface TokenUser extends Ranks {
  id: UserId;
  name: string;
  email: string;
  groups: string[];
}

export interface IssueDeps {
  signingKeys: SigningKeys;
  clock: Clock;
  origin: PublicOrigin;
  config: Pick<Config, 'legacyTokenIssuer'>;
}

export interface VerifyDeps extends IssueDeps {
  db: Tx;
}

export interface NewAccessToken {
  domain: Domain;
  /** Absent for client credentials: the token then speaks for the application alone. */
  user: TokenUser | undefined;
  scopes: readonly string[];
  clientId: string;
  familyId: string;
  sessionPublicId?: string;
  ttlSeconds?: number;
}

export interface IssuedAccessToken {
  token: string;
  payload: AccessTokenPayload;
  expiresInSeconds: number;
}

export interface LiveAccessToken {
  payload: AccessTokenPayload;
  applicationId: number;
  /** The user as the database has them now; absent for client credentials. */
  user: TokenUser | undefined;
}

export const accessTokenTtlSeconds = 7200;
const leewaySeconds = 60;
const maxTokenLength = 12_288;

const signOffLoop = promisify(sign);

/** `iss` of a domain's tokens: its issuer URL, or the installation's legacy constant. */
export const tokenIssuerOf = (deps: Pick<IssueDeps, 'origin' | 'config'>, domain: Domain): string =>
  deps.config.legacyTokenIssuer ?? deps.origin.of(domain.host);

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs one access token; the family must exist (or be written in the same transaction). @see RFC 9068 §2 */
export const issueAccessToken = async (
  deps: IssueDeps,
  grant: NewAccessToken,
): Promise<IssuedAccessToken> => {
  const key = await deps.signingKeys.current();
  const expiresInSeconds = grant.ttlSeconds ?? accessTokenTtlSeconds;
  const iat = unixSeconds(deps.clock.now());
  const { user } = grant;
  const payload: AccessTokenPayload = {
    iss: tokenIssuerOf(deps, grant.domain),
    iat,
    exp: iat + expiresInSeconds,
    jti: newUuid(),
    aud: grant.domain.host,
    scope: [...grant.scopes],
    sub: user?.id ?? grant.clientId,
    u: {
      n: user?.name ?? grant.clientId,
      e: user?.email ?? '',
      p: user ? permissionNumber(user) : 0,
      r: user?.groups ?? [],
    },
    client_id: grant.clientId,
    gid: grant.familyId,
    ...(grant.sessionPublicId !== undefined && { sid: grant.sessionPublicId }),
  };
  const signed = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })}.${encode(payload)}`;
  const signature = await signOffLoop('sha256', Buffer.from(signed), key.privateKey);
  return { token: `${signed}.${signature.toString('base64url')}`, payload, expiresInSeconds };
};

const refuse = (detail: string): never => {
  throw new FoyerError('invalid_token', { detail });
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const decode = (part: string | undefined): Buffer => {
  if (!part || !/^[A-Za-z0-9_-]+$/.test(part)) return refuse('malformed token');
  const bytes = Buffer.from(part, 'base64url');
  // One text per value: unused bits must be zero (RFC 4648 §3.5).
  return bytes.toString('base64url') === part ? bytes : refuse('malformed token');
};

const decodeObject = (part: string | undefined): Record<string, unknown> => {
  const bytes = decode(part);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    refuse('malformed token');
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : refuse('malformed token');
};

/** Exactly the header that we write: any other member (`jku`, `jwk`, `crit`, …) is a refusal. @see RFC 8725 §3.1, §3.11 */
const kidOf = (header: Record<string, unknown>): string => {
  const { alg, typ, kid, ...others } = header;
  if (alg !== 'RS256' || typ !== 'at+jwt' || typeof kid !== 'string' || Object.keys(others).length > 0) {
    return refuse('unexpected token header');
  }
  return kid;
};

const isPayload = (value: Record<string, unknown>): value is Record<string, unknown> & AccessTokenPayload =>
  ['iss', 'aud', 'sub', 'jti', 'client_id', 'gid'].every((name) => typeof value[name] === 'string') &&
  ['iat', 'exp'].every((name) => Number.isSafeInteger(value[name])) &&
  (value.nbf === undefined || Number.isSafeInteger(value.nbf)) &&
  Array.isArray(value.scope) &&
  value.scope.every((scope) => typeof scope === 'string') &&
  typeof value.u === 'object' &&
  value.u !== null;

// One read decides whether the token still counts and brings the person's present roles along. A sign-out everywhere
// ends every family begun before it; both instants are the database's, so no node's clock matters.
// `offset 0` keeps the planner, without statistics, from walking through the domain's users.
const findLive = statement(
  'access_token_find_live',
  `select f.application_id, f.user_id, u.name, u.email, u.groups, u.sys_admin, u.platform_admin, u.support
     from token_families f
     left join lateral (select * from users where domain_id = $1 and id = f.user_id offset 0) u on true
    where f.domain_id = $1 and f.id = $2 and f.revoked_at is null and f.expires_at > now()
      and (f.user_id is null
           or (u.deleted_at is null and u.disabled_at is null
               and (u.signed_out_at is null or u.signed_out_at < f.created_at)))`,
);

interface LiveRow {
  application_id: number;
  user_id: string | null;
  name: string | null;
  email: string | null;
  groups: string[] | null;
  sys_admin: boolean | null;
  platform_admin: boolean | null;
  support: boolean | null;
}

const toUser = (row: LiveRow): TokenUser | undefined =>
  row.user_id === null
    ? undefined
    : {
        id: row.user_id as UserId,
        name: row.name ?? '',
        email: row.email ?? '',
        groups: row.groups ?? [],
        sysAdmin: row.sys_admin === true || row.platform_admin === true,
        platformAdmin: row.platform_admin === true,
        support: row.support === true,
      };

/**
 * Checks a bearer token of this domain: form, key, signature, issuer, audience, times (±60 s), and that its family and
 * its person are alive.
 * @throws {FoyerError} invalid_token with a short reason as `detail`
 * @see RFC 9068 §4, RFC 8725 §3 (S-42, S-61, S-65, S-66)
 */
export const verifyAccessToken = async (
  deps: VerifyDeps,
  domain: Domain,
  rawToken: string,
): Promise<LiveAccessToken> => {
  if (rawToken.length > maxTokenLength) refuse('malformed token');
  const [rawHeader, rawPayload, rawSignature, ...more] = rawToken.split('.');
  if (more.length > 0) refuse('malformed token');
  const key = await deps.signingKeys.byKid(kidOf(decodeObject(rawHeader)));
  if (!key) return refuse('unknown signing key');
  const signature = decode(rawSignature);
  if (!verify('sha256', Buffer.from(`${rawHeader}.${rawPayload}`), key.publicKey, signature)) {
    refuse('signature does not verify');
  }
  const payload = decodeObject(rawPayload);
  if (!isPayload(payload)) return refuse('malformed token');
  if (payload.aud !== domain.host) refuse("authority domain does not match token's");
  if (payload.iss !== tokenIssuerOf(deps, domain)) refuse('token of another issuer');
  const now = unixSeconds(deps.clock.now());
  if (payload.exp + leewaySeconds <= now) refuse('token has expired');
  if (payload.iat - leewaySeconds > now) refuse('token is not valid yet');
  if (((payload.nbf as number | undefined) ?? 0) - leewaySeconds > now) refuse('token is not valid yet');
  const [row] = await deps.db.run<LiveRow>(findLive, [domain.id, payload.gid]);
  if (!row) return refuse('token was revoked');
  const user = toUser(row);
  if (user && user.id !== payload.sub) refuse('token was revoked');
  return { payload, applicationId: row.application_id, user };
};
