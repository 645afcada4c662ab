import { FoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Tx } from '#model/tables.ts';
import type { LiveAccessToken } from '#model/tokens/access-token.ts';
import { findUser } from '#model/users/user-store.ts';

/**
 * What a token of scope `openid` may know of its person; blank values are left out.
 * @throws {FoyerError} `insufficient_scope`, `invalid_token`
 * @see OIDC Core §5.3, §5.4; names beside the standard ones are PlaceOS'
 */
export const readUserClaims = async (
  deps: { db: Tx },
  domain: Domain,
  token: LiveAccessToken,
): Promise<Record<string, unknown>> => {
  const has = (scope: string): boolean => token.payload.scope.includes(scope);
  if (!token.user || !has('openid')) {
    throw new FoyerError('insufficient_scope', { detail: 'scope openid is needed' });
  }
  const user = await findUser(deps.db, domain.id, token.user.id);
  if (!user) throw new FoyerError('invalid_token', { detail: 'token was revoked' });
  const claims = {
    sub: user.id,
    ...(has('email') && { email: user.email, email_verified: user.email ? user.emailVerified : undefined }),
    ...(has('profile') && {
      name: user.name,
      full_name: user.name,
      given_name: user.firstName,
      family_name: user.lastName,
      nickname: user.nickname,
      preferred_username: user.loginName || user.email,
    }),
    ...(has('phone') && { phone_number: user.phone }),
  };
  return Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== undefined && value !== ''),
  );
};
