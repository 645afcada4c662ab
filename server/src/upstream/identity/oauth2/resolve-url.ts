/** Absolute or relative addresses of a source, against its `site`. */
import { URL } from 'node:url';
import type { OAuth2Settings } from './settings.ts';

const hasScheme = /^[a-z][a-z0-9+.-]*:/i;

/**
 * The address that a field means: as written when it has a scheme; a path with a leading slash replaces that of `site`,
 * one without is put below it. A base URL is never handed to the URL parser, so the judge of addresses sees the very
 * text that is used (S-103). Answers the text itself when it cannot be resolved: the judge refuses it.
 */
export const resolveUrl = (site: string, rawUrl: string): string => {
  if (rawUrl === '' || hasScheme.test(rawUrl) || rawUrl.startsWith('//') || rawUrl.includes('\\'))
    return rawUrl;
  const parts = /^(https?:\/\/[^/?#]+)([^?#]*)/i.exec(site);
  if (parts === null) return rawUrl;
  const [, origin = '', path = ''] = parts;
  if (rawUrl.startsWith('/')) return origin + rawUrl;
  return `${origin}${path.replace(/\/+$/, '')}/${rawUrl}`;
};

/** Parsed, for looking at; `undefined` when it is no URL. Never a permission to connect. */
export const peekUrl = (text: string): URL | undefined => URL.parse(text) ?? undefined;

export interface SourceUrls {
  authorize: string;
  token: string;
  profile: string;
}

export const resolveUrls = (settings: OAuth2Settings): SourceUrls => ({
  authorize: resolveUrl(settings.site, settings.authorizeUrl),
  token: resolveUrl(settings.site, settings.tokenUrl),
  profile: resolveUrl(settings.site, settings.rawInfoUrl),
});
