import { unixSeconds } from '#base/lib/clock.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Application } from '#model/applications/application.ts';
import type { Domain } from '#model/domains/domain.ts';
import { findRefreshToken } from '#model/token-families/refresh-token-store.ts';
import { type VerifyDeps, verifyAccessToken } from '#model/tokens/access-token.ts';

export type Introspection =
  | { active: false }
  | {
      active: true;
      scope: string;
      client_id: string;
      token_type?: 'Bearer';
      exp: number;
      iat: number;
      sub?: string;
      iss?: string;
      aud?: string;
    };

/** Describes a token of the application itself; all else is inactive (S-71). @see RFC 7662 §2.2 */
export const introspectToken = async (
  deps: VerifyDeps,
  domain: Domain,
  rawToken: string,
  application: Pick<Application, 'id' | 'uid'>,
): Promise<Introspection> => {
  if (!rawToken.includes('.')) {
    const found = await findRefreshToken(deps.db, domain.id, rawToken, application.id);
    if (!found) return { active: false };
    const [exp, iat] = [unixSeconds(found.expiresAt), unixSeconds(found.issuedAt)];
    return { active: true, scope: found.scope, client_id: application.uid, exp, iat };
  }
  try {
    const { payload, applicationId } = await verifyAccessToken(deps, domain, rawToken);
    if (applicationId !== application.id) return { active: false };
    return {
      active: true,
      scope: payload.scope.join(' '),
      client_id: payload.client_id,
      token_type: 'Bearer',
      exp: payload.exp,
      iat: payload.iat,
      sub: payload.sub,
      iss: payload.iss,
      aud: payload.aud,
    };
  } catch (error) {
    if (isFoyerError(error, 'invalid_token')) return { active: false };
    throw error;
  }
};
