/**
 * @module Who calls an API. Two credentials count, both in headers: `X-API-Key`, and `Authorization: Bearer` (or
 * `Token`). Credentials in the query or in cookies are not looked at (S-85), the session cookie least of all (S-84).
 */
import type { FastifyRequest } from 'fastify';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { type Caller, permissionNumber } from '#model/access/caller.ts';
import { digestKeySecret, isKeySecret, parseKeyText, ranksOfKey } from '#model/api-keys/api-key.ts';
import { findKeyCredential } from '#model/api-keys/api-key-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import { tokenIssuerOf, type VerifyDeps, verifyAccessToken } from '#model/tokens/access-token.ts';

export type Authenticate = (request: FastifyRequest) => Promise<Caller>;

const refuse = (detail: string): never => {
  throw new FoyerError('unauthorized', { detail });
};

/**
 * The caller behind a request's credential, in the domain that the request's host names.
 * @throws {FoyerError} `unauthorized` or `invalid_token`; `detail` is the wire's `error`, empty when nothing was sent
 */
export const createAuthenticate =
  (deps: VerifyDeps): Authenticate =>
  async (request) => {
    const rawKey = request.headers['x-api-key'];
    if (rawKey !== undefined) return callerOfKey(deps, request.domain, rawKey);
    const bearer = /^(?:Bearer|Token) +(\S+)$/i.exec(request.headers.authorization ?? '');
    if (!bearer?.[1]) return refuse('');
    return callerOfToken(deps, request.domain, bearer[1]);
  };

const callerOfToken = async (deps: VerifyDeps, domain: Domain, rawToken: string): Promise<Caller> => {
  const { payload, applicationId, user } = await verifyAccessToken(deps, domain, rawToken);
  return {
    domainId: domain.id,
    userId: user?.id,
    name: user?.name ?? payload.u.n,
    email: user?.email ?? '',
    groups: user?.groups ?? [],
    sysAdmin: user?.sysAdmin ?? false,
    platformAdmin: user?.platformAdmin ?? false,
    support: user?.support ?? false,
    scopes: payload.scope,
    via: 'token',
    applicationId,
    apiKeyId: undefined,
    payload,
  };
};

const callerOfKey = async (deps: VerifyDeps, domain: Domain, rawKey: string | string[]): Promise<Caller> => {
  const parsed = typeof rawKey === 'string' ? parseKeyText(rawKey) : undefined;
  if (!parsed) return refuse('unknown X-API-Key');
  const { id, secret } = parsed;
  const key = await findKeyCredential(deps.db, domain.id, id);
  if (!key) {
    // As much work as for a key that exists.
    digestKeySecret(id, secret);
    return refuse('unknown X-API-Key');
  }
  if (!isKeySecret(id, secret, key.secretHash)) refuse('unknown X-API-Key');
  if (key.expired) refuse('API key has expired');
  const { owner, scopes } = key;
  const ranks = ranksOfKey(key.permissions, owner);
  const now = unixSeconds(deps.clock.now());
  return {
    domainId: domain.id,
    userId: owner.id,
    name: owner.name,
    email: owner.email,
    groups: owner.groups,
    ...ranks,
    scopes,
    via: 'api_key',
    applicationId: undefined,
    apiKeyId: id,
    payload: {
      iss: tokenIssuerOf(deps, domain),
      iat: now - 300,
      exp: now + 3600,
      aud: domain.host,
      sub: owner.id,
      scope: scopes,
      u: { n: owner.name, e: owner.email, p: permissionNumber(ranks), r: owner.groups },
    },
  };
};
