import { isFoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { findFamilyOfRefreshToken, revokeFamily } from '#model/token-families/family-store.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import { type VerifyDeps, verifyAccessToken } from '#model/tokens/access-token.ts';

/** The family of an access token that still counts; `undefined` for any other text. */
const familyOfAccessToken = async (
  deps: VerifyDeps,
  domain: Domain,
  rawToken: string,
): Promise<string | undefined> => {
  try {
    return (await verifyAccessToken(deps, domain, rawToken)).payload.gid;
  } catch (error) {
    if (isFoyerError(error, 'invalid_token')) return undefined;
    throw error;
  }
};

/**
 * Ends the family of an access or refresh token. `applicationId` limits it to the caller's own tokens (S-71); without,
 * holding the access token is proof enough (an old client's sign-out). Unknown tokens are ignored.
 * @see RFC 7009 §2
 */
export const revokeToken = async (
  deps: VerifyDeps,
  domain: Domain,
  rawToken: string,
  from: RequestOrigin,
  applicationId?: number,
): Promise<void> => {
  const mayBeRefreshToken = applicationId !== undefined && !rawToken.includes('.');
  const familyId = mayBeRefreshToken
    ? await findFamilyOfRefreshToken(deps.db, domain.id, rawToken)
    : await familyOfAccessToken(deps, domain, rawToken);
  if (familyId) await revokeFamily(deps.db, domain.id, familyId, 'token.revoke', from, applicationId);
};
