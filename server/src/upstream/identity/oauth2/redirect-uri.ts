import { peekUrl, resolveUrl } from './resolve-url.ts';
import { readSettings } from './settings.ts';

/**
 * The redirect URI of a source: one of its own for every source (S-09). Azure AD B2C refuses a query in it and gets the
 * id in the path. Both requests of a sign-in send the same one (D-10).
 * @param origin of the domain, from its configuration, without a slash at its end
 */
export const redirectUriFor = (
  origin: string,
  sourceId: string,
  settings: Readonly<Record<string, unknown>>,
): string => {
  const { site, authorizeUrl } = readSettings(settings);
  const host = peekUrl(resolveUrl(site, authorizeUrl))?.hostname ?? '';
  const callback = `${origin}/auth/oauth2/callback`;
  return host.endsWith('.b2clogin.com') ? `${callback}/${sourceId}` : `${callback}?id=${sourceId}`;
};
