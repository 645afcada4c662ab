/**
 * Where the answer to a sign-in form may lead: browsers apply `form-action` to the redirects that follow a form, too.
 */
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { redirectUrisOf } from '#model/applications/application.ts';
import { listRedirectUris } from '#model/applications/application-store.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Db } from '#model/tables.ts';

/** Web addresses by origin, addresses of installed apps by scheme. @see CSP Level 3 §6.4.1 */
const sourceExpression = (url: URL): string => (url.origin === 'null' ? url.protocol : url.origin);

/**
 * Content-security sources of the places that `continueTo` can end at, beyond the domain's own origin: itself, or, for
 * an authorization request, the application's registered redirect URI.
 */
export const formTargetsOf = async (
  deps: { db: Db; origin: PublicOrigin },
  domain: Domain,
  continueTo: string,
): Promise<string[]> => {
  const own = deps.origin.of(domain.host);
  const url = new URL(continueTo, own);
  if (url.origin !== own) return [sourceExpression(url)];
  const rawRedirectUri = url.searchParams.get('redirect_uri');
  if (url.pathname !== '/auth/oauth/authorize' || rawRedirectUri === null) return [];
  const target = URL.parse(rawRedirectUri);
  if (!target) return [];
  const registered = await listRedirectUris(deps.db, domain.id);
  const known = registered
    .flatMap((redirectUri) => redirectUrisOf({ redirectUri }))
    .some((uri) => uri === rawRedirectUri || isSameLoopback(uri, target));
  const expression = sourceExpression(target);
  return known && expression !== own ? [expression] : [];
};

/** Only the port of a loopback address may differ from the registered one. @see RFC 8252 §7.3 */
const isSameLoopback = (rawRegistered: string, target: URL): boolean => {
  const registered = URL.parse(rawRegistered);
  return (
    registered !== null &&
    ['127.0.0.1', '[::1]'].includes(target.hostname) &&
    registered.hostname === target.hostname &&
    registered.pathname === target.pathname
  );
};
