import type { FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';
import { type LiveAccessToken, type VerifyDeps, verifyAccessToken } from '#model/tokens/access-token.ts';

export const rawBearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** The access token of a request; only the header counts (S-85). @throws {FoyerError} `invalid_token` */
export const authenticateBearer = (deps: VerifyDeps, request: FastifyRequest): Promise<LiveAccessToken> => {
  const rawToken = rawBearerOf(request);
  if (rawToken === undefined) throw new FoyerError('invalid_token', { detail: 'no bearer token was sent' });
  return verifyAccessToken(deps, request.domain, rawToken);
};
