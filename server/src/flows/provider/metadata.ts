/** @module The provider describes itself: only what is on. @see OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3 */
import type { JWK } from 'jose';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Domain } from '#model/domains/domain.ts';
import { serverScopes } from './scopes.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

export const providerMetadata = (deps: { origin: PublicOrigin }, domain: Domain): Record<string, unknown> => {
  const issuer = deps.origin.of(domain.host);
  const endpoint = (name: string): string => `${issuer}/auth/oauth/${name}`;
  const authMethods = ['client_secret_basic', 'client_secret_post'];
  return {
    issuer,
    authorization_endpoint: endpoint('authorize'),
    token_endpoint: endpoint('token'),
    revocation_endpoint: endpoint('revoke'),
    introspection_endpoint: endpoint('introspect'),
    userinfo_endpoint: endpoint('userinfo'),
    jwks_uri: endpoint('discovery/keys'),
    device_authorization_endpoint: endpoint('device_authorization'),
    end_session_endpoint: endpoint('logout'),
    scopes_supported: serverScopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant],
    token_endpoint_auth_methods_supported: [...authMethods, 'none'],
    revocation_endpoint_auth_methods_supported: [...authMethods, 'none'],
    introspection_endpoint_auth_methods_supported: authMethods,
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claim_types_supported: ['normal'],
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'email',
      'email_verified',
      'name',
      'full_name',
      'given_name',
      'family_name',
      'nickname',
      'preferred_username',
      'phone_number',
    ],
    prompt_values_supported: ['none', 'login', 'consent'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  };
};

/** Public members, by name: whatever else a stored key may hold stays where it is (S-76). */
export const toPublicJwk = ({ kty, n, e, kid }: JWK): Record<string, unknown> => ({
  kty,
  n,
  e,
  kid,
  use: 'sig',
  alg: 'RS256',
});
