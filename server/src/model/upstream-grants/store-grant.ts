/** Keeps the tokens that a provider gave outside of a sign-in (linking); a sign-in does the same in its statement. */
import { statement } from '#base/db/database.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Tx } from '#model/tables.ts';
import { type GrantKey, type PlainTokens, sealTokens } from './seal-grant.ts';

export interface GrantedTokens extends PlainTokens {
  tokenType: string;
  scope: string;
  expiresAt: Date | undefined;
}

const store = statement(
  'grant_store',
  `insert into upstream_grants as g (domain_id, source_id, issuer, subject, access_token_sealed,
                                     refresh_token_sealed, token_type, scope, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (domain_id, source_id, issuer, subject) do update
      set access_token_sealed = excluded.access_token_sealed,
          refresh_token_sealed = coalesce(excluded.refresh_token_sealed, g.refresh_token_sealed),
          token_type = excluded.token_type, scope = excluded.scope, expires_at = excluded.expires_at,
          refreshed_at = now(), state = 'live', refusal = null, version = g.version + 1`,
);

/** A refresh token that the provider did not repeat stays. */
export const storeGrant = async (
  tx: Tx,
  keyring: Keyring,
  key: GrantKey,
  tokens: GrantedTokens,
): Promise<void> => {
  const sealed = await sealTokens(keyring, key, tokens);
  await tx.run(store, [
    key.domainId,
    key.sourceId,
    key.issuer,
    key.subject,
    sealed.accessTokenSealed,
    sealed.refreshTokenSealed ?? null,
    tokens.tokenType,
    tokens.scope,
    tokens.expiresAt ?? null,
  ]);
};
