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
  const callback = `${origin}/auth/oauth2/callback`;
  return isB2c(settings) ? `${callback}/${sourceId}` : `${callback}?id=${sourceId}`;
};

const isB2c = (settings: Readonly<Record<string, unknown>>): boolean => {
  // Every sign-in asks this, and nearly all sources do not even have the word.
  if (!/b2clogin/i.test(`${settings.site} ${settings.authorize_url}`)) return false;
  const { site, authorizeUrl } = readSettings(settings);
  return peekUrl(resolveUrl(site, authorizeUrl))?.hostname.endsWith('.b2clogin.com') ?? false;
};
