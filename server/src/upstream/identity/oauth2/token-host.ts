import { resolveUrls } from './resolve-url.ts';
import { readSettings } from './settings.ts';

/**
 * Where a source's tokens come from and are renewed: the origin of its token address, or its issuer where that names the
 * address. Tokens of another one are not this source's (S-48).
 */
export const tokenHostOf = (settings: Readonly<Record<string, unknown>>): string => {
  const read = readSettings(settings);
  const address = resolveUrls(read).token || read.issuer;
  return URL.parse(address)?.origin ?? address;
};
