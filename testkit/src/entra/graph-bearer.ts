import type { Person } from './directory.ts';
import { type Exchange, json, type Reply } from './exchange.ts';
import type { Claims } from './key-ring.ts';
import { graphAppId, graphResource } from './scopes.ts';
import { type EntraState, nowSeconds } from './state.ts';

/** Who calls Graph: a person through an app, or an app alone. */
export interface GraphCaller {
  claims: Claims;
  tenantId: string;
  person: Person | undefined;
  permissions: readonly string[];
}

/** Graph's refusal, in Graph's shape. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="${graphAppId}"`;

export function graphHeaders(exchange: Exchange): Record<string, string> {
  return {
    'request-id': exchange.trace.traceId,
    'client-request-id': exchange.trace.correlationId,
    'x-ms-ags-diagnostic': JSON.stringify({
      ServerInfo: {
        DataCenter: 'Emulated',
        Slice: 'E',
        Ring: '1',
        ScaleUnit: '000',
        RoleInstance: 'EMULATOR',
      },
    }),
    'cache-control': 'private',
  };
}

export function graphErrorReply(exchange: Exchange, error: GraphError): Reply {
  const innerError = {
    date: exchange.trace.at.toISOString().slice(0, 19),
    'request-id': exchange.trace.traceId,
    'client-request-id': exchange.trace.correlationId,
  };
  return json(
    error.status,
    { error: { code: error.code, message: error.message, innerError } },
    { ...graphHeaders(exchange), ...error.headers },
  );
}

/** @throws {GraphError} 401 InvalidAuthenticationToken, whatever is wrong with the token */
export function authenticateGraphCaller(state: EntraState, exchange: Exchange): GraphCaller {
  const rawToken = /^Bearer +(.+)$/i.exec(exchange.headers.authorization ?? '')?.[1];
  if (rawToken === undefined) throw unauthorized('Access token is empty.');
  if (!rawToken.includes('.')) {
    throw unauthorized(
      "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EndcodedPayload.EncodedSignature'.",
    );
  }
  const claims = state.keys.verifyJwt(rawToken);
  if (!claims) throw unauthorized('Access token validation failure. Invalid signature.');
  if (claims.aud !== graphAppId && claims.aud !== graphResource) {
    throw unauthorized('Access token validation failure. Invalid audience.');
  }
  const now = nowSeconds(state);
  if (Number(claims.exp) <= now) throw tokenExpired();
  if (Number(claims.nbf) > now + 300)
    throw unauthorized('Lifetime validation failed, the token is not yet valid.');

  const tenantId = String(claims.tid);
  if (claims.idtyp === 'app') {
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    return { claims, tenantId, person: undefined, permissions: roles };
  }
  const person = state.directory.findPerson(String(claims.oid));
  if (!person) throw unauthorized('The identity of the calling user could not be established.');
  if (person.disabled || person.tokenEpoch !== claims.xms_epoch) throw reauthenticate();
  return { claims, tenantId, person, permissions: String(claims.scp ?? '').split(' ') };
}

/** @throws {GraphError} 403 Authorization_RequestDenied unless the token has one of the permissions */
export function requirePermission(caller: GraphCaller, anyOf: readonly string[]): void {
  const has = caller.permissions.some((permission) =>
    anyOf.some((wanted) => wanted.toLowerCase() === permission.toLowerCase()),
  );
  if (!has) throw accessDenied();
}

export function accessDenied(): GraphError {
  return new GraphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  );
}

export function tokenExpired(): GraphError {
  return unauthorized('Lifetime validation failed, the token is expired.');
}

/** Continuous access evaluation: the token is fine, but the person must sign in again. */
export function reauthenticate(): GraphError {
  const claims = Buffer.from(
    JSON.stringify({
      access_token: { nbf: { essential: true, value: String(Math.floor(Date.UTC(2026, 0) / 1000)) } },
    }),
  ).toString('base64');
  return new GraphError(
    401,
    'InvalidAuthenticationToken',
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    {
      'www-authenticate': `${challenge}, error="insufficient_claims", claims="${claims}"`,
    },
  );
}

export function notFound(rawId: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${rawId}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function throttled(retryAfterSeconds: number | null): GraphError {
  const headers: Record<string, string> =
    retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new GraphError(429, 'TooManyRequests', 'Too many requests', headers);
}

function unauthorized(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': challenge });
}
