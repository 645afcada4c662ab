/** The provider's delegated tokens of an identity, sealed for exactly their row (S-48, S-91). */

import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { SealedPlace } from '#base/lib/secret-box.ts';
import type { Keyring } from '#model/keys/keyring.ts';

export interface GrantKey {
  domainId: DomainId;
  sourceId: SourceId;
  issuer: string;
  subject: string;
}

/** JSON keeps the parts apart: `a-b`, `c` and `a`, `b-c` are different rows. */
export const grantPlace = (
  { domainId, sourceId, issuer, subject }: GrantKey,
  column: 'access_token_sealed' | 'refresh_token_sealed',
): SealedPlace => ({
  domainId,
  table: 'upstream_grants',
  column,
  rowId: JSON.stringify([sourceId, issuer, subject]),
});

export interface PlainTokens {
  accessToken: string;
  refreshToken: string | undefined;
}

export interface SealedTokens {
  accessTokenSealed: Buffer;
  refreshTokenSealed: Buffer | undefined;
}

export const sealTokens = async (
  keyring: Keyring,
  key: GrantKey,
  tokens: PlainTokens,
): Promise<SealedTokens> => ({
  accessTokenSealed: await keyring.seal(grantPlace(key, 'access_token_sealed'), tokens.accessToken),
  refreshTokenSealed:
    tokens.refreshToken === undefined
      ? undefined
      : await keyring.seal(grantPlace(key, 'refresh_token_sealed'), tokens.refreshToken),
});
