/**
 * @module The grants of the token endpoint. Each is one statement that uses up what was presented, records what is
 * granted and writes the audit row, then one signature. A second read only tells why something was refused.
 */
import { FoyerError } from '#base/lib/errors.ts';
import { randomToken, sha256Base64Url } from '#base/lib/ids.ts';
import type { Client } from '#model/applications/application.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Db } from '#model/tables.ts';
import { redeemCode } from '#model/token-families/code-store.ts';
import { redeemDevice } from '#model/token-families/device-code-store.ts';
import { beginFamily, revokeFamily } from '#model/token-families/family-store.ts';
import { rotateRefreshToken } from '#model/token-families/refresh-token-store.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import { accessTokenTtlSeconds, type IssueDeps, issueAccessToken } from '#model/tokens/access-token.ts';
import type { Passwords } from '#model/users/password.ts';
import { deviceGrant } from '../metadata.ts';
import type { Params } from '../read-client-params.ts';
import { grantScopes } from '../scopes.ts';
import { signInByPassword } from './password-grant.ts';
import { answerGrant, type TokenAnswer } from './token-answer.ts';

export interface ExchangeDeps extends IssueDeps {
  db: Db;
  keyring: Keyring;
  passwords: Passwords;
}

export interface TokenRequest {
  domain: Domain;
  /** Authenticated, if it is confidential. */
  client: Client;
  /** The client sent a secret, and it was right. */
  hasSecret: boolean;
  params: Params;
  from: RequestOrigin;
}

type GrantHandler = (deps: ExchangeDeps, request: TokenRequest) => Promise<TokenAnswer>;

const required = (params: Params, name: string): string => {
  const value = params[name];
  if (value === undefined) throw new FoyerError('invalid_request', { detail: `${name} is missing` });
  return value;
};

const refusedCode = (): FoyerError =>
  new FoyerError('invalid_grant', {
    detail: 'the code is unknown, expired or used, or it belongs to another request',
  });

/** @see RFC 6749 §4.1.3, RFC 7636 §4.6 */
const exchangeCode: GrantHandler = async (deps, { domain, client, params, from }) => {
  const rawCode = required(params, 'code');
  const redirectUri = required(params, 'redirect_uri');
  const verifier = params.code_verifier;
  if (verifier !== undefined && !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) throw refusedCode();
  const refreshToken = randomToken();
  const outcome = await redeemCode(deps.db, domain.id, {
    rawCode,
    redirectUri,
    codeChallenge: verifier === undefined ? undefined : sha256Base64Url(verifier),
    applicationId: client.application.id,
    refreshToken,
    from,
  });
  if (outcome.kind === 'redeemed') {
    return answerGrant(deps, domain, client, { grant: outcome.grant, refreshToken, nonce: outcome.nonce });
  }
  // Somebody holds a code that was used: the tokens of its first use may be in wrong hands (RFC 6749 §4.1.2).
  if (outcome.kind === 'replayed')
    await revokeFamily(deps.db, domain.id, outcome.familyId, 'code_replay', from);
  throw refusedCode();
};

/** @see RFC 6749 §6, RFC 9700 §4.14 */
const exchangeRefreshToken: GrantHandler = async (deps, { domain, client, params, from }) => {
  const scope = params.scope?.split(' ').filter(Boolean).join(' ');
  const outcome = await rotateRefreshToken(deps, domain.id, {
    rawToken: required(params, 'refresh_token'),
    applicationId: client.application.id,
    scope,
    newToken: randomToken(),
    from,
  });
  if (outcome.kind === 'rotated') {
    const grant = { ...outcome.grant, scope: scope ?? outcome.grant.scope };
    return answerGrant(deps, domain, client, { grant, refreshToken: outcome.refreshToken });
  }
  if (outcome.kind === 'scope_refused') {
    throw new FoyerError('invalid_scope', { detail: 'a refresh can only narrow the scope' });
  }
  if (outcome.kind === 'reused')
    await revokeFamily(deps.db, domain.id, outcome.familyId, 'refresh_reuse', from);
  throw new FoyerError('invalid_grant', { detail: 'the refresh token is unknown, expired or used' });
};

/** @see RFC 6749 §4.4; no refresh token (§4.4.3): the secret is as good as one */
const exchangeClientCredentials: GrantHandler = async (deps, { domain, client, hasSecret, params, from }) => {
  const { application } = client;
  if (!application.confidential || !hasSecret) {
    throw new FoyerError('unauthorized_client', { detail: 'only confidential applications may do this' });
  }
  const scopes = grantScopes(application, params.scope);
  if (scopes.includes('openid')) {
    throw new FoyerError('invalid_scope', { detail: 'openid needs a person' });
  }
  const scope = scopes.join(' ');
  const familyId = await beginFamily(deps.db, domain.id, {
    applicationId: application.id,
    grant: 'client_credentials',
    userId: undefined,
    scope,
    refreshToken: undefined,
    ttlSeconds: accessTokenTtlSeconds,
    from,
  });
  const access = await issueAccessToken(deps, {
    domain,
    user: undefined,
    scopes,
    clientId: application.uid,
    familyId,
  });
  return {
    access_token: access.token,
    token_type: 'Bearer',
    expires_in: access.expiresInSeconds,
    scope,
    created_at: access.payload.iat,
  };
};

/** @see RFC 8628 §3.4 */
const exchangeDeviceCode: GrantHandler = async (deps, { domain, client, params, from }) => {
  const refreshToken = randomToken();
  const outcome = await redeemDevice(deps.db, domain.id, {
    rawDeviceCode: required(params, 'device_code'),
    applicationId: client.application.id,
    refreshToken,
    from,
  });
  if (outcome.kind === 'approved') {
    return answerGrant(deps, domain, client, { grant: outcome.grant, refreshToken });
  }
  if (outcome.kind === 'refused') {
    throw new FoyerError('invalid_grant', { detail: 'the device code is unknown or used' });
  }
  throw new FoyerError(outcome.kind);
};

/** Legacy switch of an application (S-68). @see RFC 6749 §4.3 */
const exchangePassword: GrantHandler = async (deps, { domain, client, params, from }) => {
  const { application } = client;
  if (!application.legacy.password || !domain.passwordSignIn) throw new FoyerError('unsupported_grant_type');
  const scopes = grantScopes(application, params.scope);
  const user = await signInByPassword(deps, domain, {
    rawEmail: required(params, 'username'),
    rawPassword: required(params, 'password'),
    applicationId: application.id,
    from,
  });
  const refreshToken = randomToken();
  const authTime = deps.clock.now();
  const scope = scopes.join(' ');
  const familyId = await beginFamily(deps.db, domain.id, {
    applicationId: application.id,
    grant: 'password',
    userId: user.id,
    authTime,
    scope,
    refreshToken,
    ttlSeconds: accessTokenTtlSeconds,
    from,
  });
  const grant = { familyId, user, sessionPublicId: undefined, scope, authTime };
  return answerGrant(deps, domain, client, { grant, refreshToken });
};

const handlers: ReadonlyMap<string, GrantHandler> = new Map([
  ['authorization_code', exchangeCode],
  ['refresh_token', exchangeRefreshToken],
  ['client_credentials', exchangeClientCredentials],
  [deviceGrant, exchangeDeviceCode],
  ['password', exchangePassword],
]);

/**
 * Answers a token request of a known application.
 * @throws {FoyerError} `invalid_request`, `invalid_grant`, `invalid_scope`, `unauthorized_client`,
 * `unsupported_grant_type`, and those of RFC 8628 §3.5
 */
export const exchangeToken = async (deps: ExchangeDeps, request: TokenRequest): Promise<TokenAnswer> => {
  const handler = handlers.get(required(request.params, 'grant_type'));
  if (!handler) throw new FoyerError('unsupported_grant_type');
  return handler(deps, request);
};
