/**
 * `GET /auth/authority`: what a client app must know of the domain before anybody is signed in. A fixed list of fields;
 * `internals` and secrets are never among them (S-52).
 */
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Domain } from '#model/domains/domain.ts';

export interface Authority {
  id: string;
  name: string;
  description: string;
  domain: string;
  login_url: string;
  logout_url: string;
  config: Record<string, unknown>;
  email_domains: string[];
  version: string;
  session: boolean;
  token_valid: boolean;
  production: boolean;
  updated_at: string;
}

/** @see PlaceOS `GET /auth/authority` */
export const describeAuthority = (
  origin: PublicOrigin,
  domain: Domain,
  state: { session: boolean; tokenValid: boolean },
): Authority => ({
  id: domain.id,
  name: domain.name,
  description: domain.description,
  domain: domain.host,
  login_url: reachable(origin, domain, domain.loginUrl),
  logout_url: reachable(origin, domain, domain.logoutUrl),
  config: domain.config ?? {},
  email_domains: domain.emailDomains,
  // Clients read the generation of the API from it; it is not Foyer's version.
  version: 'v2.0.0',
  session: state.session,
  token_valid: state.tokenValid,
  production: true,
  updated_at: domain.updatedAt.toISOString(),
});

// ts-client makes `https://<domain><path>` of a path, without the port that this deployment may have.
const reachable = (origin: PublicOrigin, domain: Domain, url: string): string => {
  const base = origin.of(domain.host);
  const isUsual = base === `https://${domain.host}`;
  return isUsual || !url.startsWith('/') ? url : `${base}${url}`;
};
