/**
 * @module Who may sign ID tokens for a source, and with which keys: from `known-provider.ts` alone where that is
 * enough, else with the provider's discovery document.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { type CachedDocument, createCachedDocument } from './cached-document.ts';
import { fetchDocument } from './fetch-document.ts';
import type { KnownProvider } from './known-provider.ts';
import type { Detail, OnStep } from './trace.ts';

export interface ProviderMetadata {
  family: KnownProvider['family'];
  /** Absent where each tenant has its own. */
  issuer: string | undefined;
  /** The issuer as identities are kept under it, when `rawIss` is one of this provider. */
  acceptIssuer(rawIss: unknown): string | undefined;
  keysUrl: string;
  /** RFC 9207: the provider says that it puts `iss` into every answer of the authorize endpoint. */
  sendsIss: boolean;
  /** Only from the document of that very issuer (S-11). */
  authorizeUrl: string | undefined;
  tokenUrl: string | undefined;
  userinfoUrl: string | undefined;
}

export const mismatch = (detail: string): FoyerError =>
  new FoyerError('issuer_mismatch', { detail, evidence: { step: 'discovery' } });

const textOf = (document: Record<string, unknown>, name: string): string | undefined => {
  const value = document[name];
  return typeof value === 'string' && value !== '' && value.length <= 2048 ? value : undefined;
};

/**
 * Checks a discovery document against what is known of its issuer.
 * @throws {FoyerError} issuer_mismatch, upstream_invalid
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export const readDiscovery = (known: KnownProvider, document: Record<string, unknown>): ProviderMetadata => {
  const issuer = textOf(document, 'issuer');
  const keysUrl = textOf(document, 'jwks_uri');
  if (issuer === undefined || (known.issuer ?? issuer) !== issuer) {
    throw mismatch('the discovery document names another issuer');
  }
  if (known.issuerPattern !== undefined && !known.issuerPattern.test(issuer)) {
    throw mismatch('the discovery document names an unexpected issuer');
  }
  if (keysUrl === undefined) {
    throw new FoyerError('upstream_invalid', { detail: 'no jwks_uri', evidence: { step: 'discovery' } });
  }
  return {
    family: known.family,
    issuer,
    acceptIssuer: (rawIss) => (rawIss === issuer ? issuer : undefined),
    keysUrl,
    sendsIss: document.authorization_response_iss_parameter_supported === true,
    authorizeUrl: textOf(document, 'authorization_endpoint'),
    tokenUrl: textOf(document, 'token_endpoint'),
    userinfoUrl: textOf(document, 'userinfo_endpoint'),
  };
};

const withoutDiscovery = (known: KnownProvider, keysUrl: string): ProviderMetadata => ({
  family: known.family,
  issuer: known.issuer,
  acceptIssuer(rawIss) {
    if (typeof rawIss !== 'string') return undefined;
    if (known.issuer === undefined) return known.issuerPattern?.test(rawIss) ? rawIss : undefined;
    return rawIss === known.issuer || known.aliases.includes(rawIss) ? known.issuer : undefined;
  },
  keysUrl,
  sendsIss: false,
  authorizeUrl: undefined,
  tokenUrl: undefined,
  userinfoUrl: undefined,
});

export type GetMetadata = (onStep?: OnStep) => Promise<ProviderMetadata>;

/** Metadata of a known provider; the document is fetched when first needed and kept for at most a day. */
export const createMetadata = (known: KnownProvider, tools: SourceTools): GetMetadata => {
  const { discoveryUrl, keysUrl } = known;
  if (discoveryUrl === undefined) {
    const metadata = withoutDiscovery(known, keysUrl ?? '');
    return async () => metadata;
  }
  const document = createCachedDocument(tools.clock, 'discovery', async (detail) =>
    readDiscovery(known, await fetchDocument(tools, discoveryUrl, 'discovery', detail)),
  );
  return (onStep) => document.get(onStep);
};

// A provider has one issuer, or a few while it moves; more would let it fill our memory.
const maxLearned = 4;

/**
 * Metadata of an unknown provider, by the `iss` of an ID token that is not verified yet: believed only when the
 * issuer's own document names the token address that this token came from.
 */
export const createLearnedMetadata = (
  tokenUrl: string,
  tools: SourceTools,
): ((rawIss: string, onStep?: OnStep) => Promise<ProviderMetadata>) => {
  const learned = new Map<string, CachedDocument<ProviderMetadata>>();

  const learn = async (issuer: string, detail: Detail | undefined): Promise<ProviderMetadata> => {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const known: KnownProvider = {
      family: 'other',
      issuer,
      aliases: [],
      issuerPattern: undefined,
      anyTenant: false,
      discoveryUrl: url,
      keysUrl: undefined,
    };
    const metadata = readDiscovery(known, await fetchDocument(tools, url, 'discovery', detail));
    if (metadata.tokenUrl === undefined || URL.parse(metadata.tokenUrl)?.href !== URL.parse(tokenUrl)?.href) {
      throw mismatch('the issuer of the ID token does not name the token address of this source');
    }
    return metadata;
  };

  return (rawIss, onStep) => {
    const found =
      learned.get(rawIss) ??
      createCachedDocument(tools.clock, 'discovery', (detail) => learn(rawIss, detail));
    if (!learned.has(rawIss)) {
      const [oldest] = learned.keys();
      if (learned.size >= maxLearned && oldest !== undefined) learned.delete(oldest);
      learned.set(rawIss, found);
    }
    return found.get(onStep);
  };
};
