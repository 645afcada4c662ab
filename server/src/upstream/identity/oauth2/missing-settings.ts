/** What a stored source lacks before anybody can sign in through it. */
import { subjectKeys } from './identity-key.ts';
import { findKnownProvider } from './known-provider.ts';
import { resolveUrls } from './resolve-url.ts';
import { authSchemes, isOidc, type OAuth2Settings, readSettings, tokenMethods } from './settings.ts';

/** Keys of Entra's profiles and tokens that change hands: never a user id (S-30). */
const mutable = new Set([
  'mail',
  'email',
  'upn',
  'userprincipalname',
  'user_principal_name',
  'preferred_username',
  'unique_name',
]);

/** Those of the mapped uid keys that Entra may give to another person one day. */
export const mutableUidKeys = (settings: OAuth2Settings): string[] =>
  findKnownProvider(settings)?.family === 'entra'
    ? subjectKeys(settings).filter((key) => mutable.has(key.toLowerCase()))
    : [];

const credentialField = ({
  authScheme,
  clientSecret,
  clientPrivateKey,
}: OAuth2Settings): string | undefined => {
  if (authScheme === 'private_key_jwt') return clientPrivateKey === '' ? 'client_private_key' : undefined;
  if (authScheme === 'tls_client_auth') return undefined;
  return clientSecret === '' ? 'client_secret' : undefined;
};

const isAbsolute = (url: string): boolean => /^https?:\/\//i.test(url);

/**
 * Wire names of the fields that are missing or cannot be used; empty when the source is complete.
 * @param raw settings with their secrets
 */
export const missingSettings = (raw: Readonly<Record<string, unknown>>): string[] => {
  const settings = readSettings(raw);
  const urls = resolveUrls(settings);
  const oidc = isOidc(settings);
  const missing = new Set<string>();
  const need = (isThere: boolean, field: string): void => {
    if (!isThere) missing.add(field);
  };

  need(settings.clientId !== '', 'client_id');
  const credential = credentialField(settings);
  if (credential !== undefined) missing.add(credential);
  need((tokenMethods as readonly string[]).includes(settings.tokenMethod), 'token_method');
  need((authSchemes as readonly string[]).includes(settings.authScheme), 'auth_scheme');

  const byIssuer = settings.issuer !== '';
  need(settings.authorizeUrl !== '' || byIssuer, 'authorize_url');
  need(settings.tokenUrl !== '' || byIssuer, 'token_url');
  need(settings.rawInfoUrl !== '' || oidc, 'raw_info_url');
  for (const url of Object.values(urls)) need(url === '' || isAbsolute(url), 'site');

  need(oidc || subjectKeys(settings).length > 0, 'info_mappings');
  need(mutableUidKeys(settings).length === 0, 'info_mappings');
  if (findKnownProvider(settings)?.anyTenant) {
    need(settings.tidAllow.length > 0, 'tid_allow');
    need(oidc, 'scope');
  }
  return [...missing];
};
