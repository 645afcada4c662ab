/** The source that a request names, if this domain offers it. */
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceId } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { providerOf } from '#model/sources/source.ts';
import type { OpenedSource } from '#model/sources/source-cache.ts';
import type { IdentitySource } from '#upstream/identity/identity-source.ts';
import type { SignInDeps } from './deps.ts';

/** @throws {FoyerError} `source_not_found` when unknown, disabled, of another domain or another protocol (S-19, S-40). */
export const findEnabledSource = async (
  deps: Pick<SignInDeps, 'sources'>,
  domain: Domain,
  rawId: string,
  provider: 'oauth2' | 'adfs' | 'ldap',
): Promise<OpenedSource<IdentitySource>> => {
  const isId = /^[0-9A-Za-z_~-]{1,64}$/.test(rawId);
  const found = isId ? await deps.sources.find(domain.id, rawId as SourceId) : undefined;
  if (!found?.source.enabled || providerOf[found.source.kind] !== provider) {
    throw new FoyerError('source_not_found', { detail: `${provider} source ${rawId.slice(0, 64)}` });
  }
  return found;
};

/**
 * The id that a request names, or the one that the domain configured for requests without (D-20).
 * @throws {FoyerError} `bad_request`: there is no implicit source (S-20).
 */
export const sourceIdOf = (domain: Domain, rawId: string | undefined): string => {
  if (rawId) return rawId;
  const fallback = domain.internals.default_callback_uri;
  if (typeof fallback === 'string' && fallback !== '') return fallback;
  throw new FoyerError('bad_request', { detail: 'no source id' });
};
