import { consolePath } from '#lib/console-path.ts';

/** Where an application finds Foyer's provider on its domain. */
export interface ProviderAddresses {
  discovery: string;
  authorize: string;
  token: string;
  signOut: string;
}

/** Domains of one server differ by host only: scheme and port are those of the console. */
export const addressesOf = (host: string): ProviderAddresses => {
  const origin = `${location.protocol}//${host}${location.port === '' ? '' : `:${location.port}`}`;
  return {
    discovery: `${origin}/.well-known/openid-configuration`,
    authorize: `${origin}/auth/oauth/authorize`,
    token: `${origin}/auth/oauth/token`,
    signOut: `${origin}/auth/logout`,
  };
};

/** This console's own application of a domain, made by Foyer: without it nobody gets in here. */
export const isOwnConsole = (redirectUri: string, host: string): boolean => {
  const url = URL.parse(redirectUri.split(' ')[0] ?? '');
  return url?.hostname === host && url.pathname === `${consolePath}oauth-resp.html`;
};
