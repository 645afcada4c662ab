/** All of a source that depends on its settings alone, worked out once. */
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { type BuildAuthorizeUrl, createAuthorizeUrl } from './authorize-url.ts';
import { readClientKey } from './client-assertion.ts';
import { createClientSecrets } from './client-secrets.ts';
import { createPermission } from './ensure-matching.ts';
import { createKeyFinder, type KeyFinder } from './key-set.ts';
import { findKnownProvider } from './known-provider.ts';
import { createLearnedMetadata, createMetadata } from './provider-metadata.ts';
import { resolveUrls } from './resolve-url.ts';
import { isOidc, readSettings, scopeOf, signatureAlgorithms } from './settings.ts';
import type { OnStep } from './trace.ts';

export type Prepared = ReturnType<typeof prepareSource>;

/** @param rawSettings complete ones, with their secrets */
export const prepareSource = (rawSettings: Readonly<Record<string, unknown>>, tools: SourceTools) => {
  const settings = readSettings(rawSettings);
  const urls = resolveUrls(settings);
  const known = findKnownProvider(settings);
  const fetchMetadata = known && createMetadata(known, tools);
  const keyFinders = new Map<string, KeyFinder>();

  const checked: { [name in 'authorizeUrl' | 'tokenUrl']?: { found: string; href: string } } = {};

  /** An address of the source, or the one in its issuer's own document. */
  const urlOr = async (url: string, name: 'authorizeUrl' | 'tokenUrl', onStep?: OnStep): Promise<string> => {
    const found = url === '' ? (await fetchMetadata?.(onStep))?.[name] : url;
    if (found !== undefined) {
      // What the rules say of an address never changes while the server runs.
      if (checked[name]?.found !== found) checked[name] = { found, href: tools.egress.checkUrl(found).href };
      return checked[name].href;
    }
    throw new FoyerError('source_misconfigured', {
      detail: 'the discovery document does not name the address',
      evidence: { step: 'discovery', fields: [name === 'tokenUrl' ? 'token_url' : 'authorize_url'] },
    });
  };
  const allowed = signatureAlgorithms.filter((alg) => settings.allowedAlgs.includes(alg));
  const clientKey =
    settings.authScheme === 'private_key_jwt'
      ? readClientKey(settings.clientPrivateKey, settings.clientCertificate)
      : undefined;
  let builder: { url: string; build: BuildAuthorizeUrl } | undefined;

  return {
    settings,
    tools,
    known,
    isOidc: isOidc(settings),
    scope: scopeOf(settings),
    profileUrl: urls.profile,
    algorithms: allowed.length > 0 ? allowed : signatureAlgorithms,
    clientKey,
    secrets: createClientSecrets(settings),
    checkPermitted: createPermission(settings.ensureMatching),
    tokenUrl: () => urlOr(urls.token, 'tokenUrl'),
    async authorizeUrl(onStep?: OnStep): Promise<BuildAuthorizeUrl> {
      const url = await urlOr(urls.authorize, 'authorizeUrl', onStep);
      if (builder?.url !== url) builder = { url, build: createAuthorizeUrl(url, settings) };
      return builder.build;
    },
    fetchMetadata,
    learn: createLearnedMetadata(urls.token, tools),
    keyFinder(keysUrl: string): KeyFinder {
      const finder = keyFinders.get(keysUrl) ?? createKeyFinder(keysUrl, tools);
      // One provider has one address for its keys; it may move, and the old one must not stay for ever.
      if (!keyFinders.has(keysUrl)) {
        if (keyFinders.size >= 4) keyFinders.clear();
        keyFinders.set(keysUrl, finder);
      }
      return finder;
    },
  };
};
