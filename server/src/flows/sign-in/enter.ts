/**
 * `GET /auth/login`: decides where a sign-in begins. It keeps no state, ends no session, and an API key in `continue`
 * opens nothing (S-18, S-23).
 */
import type { RawParams } from '#base/http/read-params.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { returnUrlOf } from '#model/domains/return-url-of.ts';
import type { SignInDeps } from './deps.ts';

export type Entry = { kind: 'redirect'; location: string } | { kind: 'asset' };

const providers = new Set(['oauth2', 'adfs', 'ldap']);

/**
 * @throws {FoyerError} `source_not_found` for an unknown provider.
 * @see PlaceOS `GET /auth/login`
 */
export const enter = (
  deps: Pick<SignInDeps, 'origin'>,
  { domain, params }: { domain: Domain; params: RawParams },
): Entry => {
  const continueTo = returnUrlOf(deps.origin, domain, params.continue);
  const origin = deps.origin.of(domain.host);
  // A script or picture that the static gate bounced here must not become the landing page.
  const extension = /\.[^./]+$/.exec(new URL(continueTo, origin).pathname)?.[0];
  if (extension !== undefined && extension.toLowerCase() !== '.html') return { kind: 'asset' };
  const { provider, id } = params;
  const to = encodeURIComponent(continueTo);
  if (!provider || !id) return { kind: 'redirect', location: loginPage(domain, origin, to) };
  if (!providers.has(provider)) throw new FoyerError('source_not_found', { detail: 'unknown provider' });
  return {
    kind: 'redirect',
    location: `${origin}/auth/${provider}?id=${encodeURIComponent(id)}&continue=${to}`,
  };
};

const loginPage = (domain: Domain, origin: string, encodedContinue: string): string => {
  const location = URL.parse(domain.loginUrl.replaceAll('{{url}}', encodedContinue), origin);
  const params = location?.searchParams;
  const loops =
    location?.origin === origin &&
    /^\/auth\/login\/?$/.test(location.pathname) &&
    !(params?.get('provider') && params.get('id'));
  if (!location || loops) return `${origin}/login?continue=${encodedContinue}`;
  return location.href;
};
