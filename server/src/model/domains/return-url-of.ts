import type { PublicOrigin } from '#base/http/public-origin.ts';
import { resolveReturnUrl } from '#base/lib/return-url.ts';
import type { Domain } from './domain.ts';

/** Exact URLs or origins of other hosts that a domain lets its people return to. */
export const returnUrlsOf = (domain: Domain): string[] => {
  const listed = domain.internals.return_urls;
  return Array.isArray(listed) ? listed.filter((url): url is string => typeof url === 'string') : [];
};

/**
 * Where this domain lets a browser return to (S-14): its own origin, and what its `internals.return_urls` lists.
 * Anything else becomes `/`.
 */
export const returnUrlOf = (origin: PublicOrigin, domain: Domain, rawUrl: string | undefined): string =>
  resolveReturnUrl(rawUrl, { origin: origin.of(domain.host), allowed: returnUrlsOf(domain) });
