import type { PublicOrigin } from '#base/http/public-origin.ts';
import { resolveReturnUrl } from '#base/lib/return-url.ts';
import type { Domain } from '#model/domains/domain.ts';

/**
 * Where a sign-out lands, as an absolute URL: a path of this host; the path of a URL on the domain's host or below it;
 * else what the domain's `logout_url` names after `continue=`, the only way to another host.
 *
 * @see PlaceOS `GET /auth/logout`
 */
export const logoutTargetOf = (
  publicOrigin: PublicOrigin,
  domain: Domain,
  rawContinue: string | undefined,
): string => {
  const origin = publicOrigin.of(domain.host);
  if (rawContinue === undefined || rawContinue === '') return `${origin}/`;
  const resolved = resolveReturnUrl(rawContinue, { origin });
  if (resolved !== '/' || rawContinue === '/') return `${origin}${resolved}`;
  const url = isWebUrl(rawContinue) ? URL.parse(rawContinue) : null;
  if (url && (url.hostname === domain.host || url.hostname.endsWith(`.${domain.host}`))) {
    return `${origin}${resolveReturnUrl(`${url.pathname}${url.search}${url.hash}`, { origin })}`;
  }
  return configuredTarget(domain, origin);
};

const isWebUrl = (text: string): boolean =>
  /^https?:\/\/[^/\\\s]/i.test(text) && !/[\u0000-\u001f\u007f\\]/.test(text);

const configuredTarget = (domain: Domain, origin: string): string => {
  const [, rawAfter] = domain.logoutUrl.match(/continue=(.*)$/s) ?? [];
  const text = rawAfter === undefined ? domain.logoutUrl : decode(rawAfter);
  const url = URL.parse(text, origin);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return `${origin}/`;
  // The default `logout_url` is this very route.
  const isThisRoute = url.origin === origin && /^\/auth\/logout\/?$/.test(url.pathname);
  return isThisRoute ? `${origin}/` : url.href;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
