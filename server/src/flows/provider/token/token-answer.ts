import { type Client, scopesOf } from '#model/applications/application.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Grant } from '#model/token-families/token-family.ts';
import { type IssueDeps, issueAccessToken } from '#model/tokens/access-token.ts';
import { issueIdToken } from '../id-token.ts';

/** RFC 6749 §5.1, and `created_at` as PlaceOS has it. */
export interface TokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  refresh_token?: string;
  scope: string;
  created_at: number;
  id_token?: string;
}

/** Signs the tokens of a person's grant, which the database has recorded already. */
export const answerGrant = async (
  deps: IssueDeps,
  domain: Domain,
  client: Client,
  answer: { grant: Grant; refreshToken: string; nonce?: string | undefined },
): Promise<TokenAnswer> => {
  const { grant } = answer;
  const scopes = scopesOf(grant.scope);
  const access = await issueAccessToken(deps, {
    domain,
    user: grant.user,
    scopes,
    clientId: client.application.uid,
    familyId: grant.familyId,
    ...(grant.sessionPublicId !== undefined && { sessionPublicId: grant.sessionPublicId }),
  });
  return {
    access_token: access.token,
    token_type: 'Bearer',
    expires_in: access.expiresInSeconds,
    refresh_token: answer.refreshToken,
    scope: grant.scope,
    created_at: access.payload.iat,
    ...(scopes.includes('openid') && {
      id_token: await issueIdToken(deps, domain, {
        userId: grant.user.id,
        clientId: client.application.uid,
        nonce: answer.nonce,
        authTime: grant.authTime,
        sessionPublicId: grant.sessionPublicId,
      }),
    }),
  };
};
