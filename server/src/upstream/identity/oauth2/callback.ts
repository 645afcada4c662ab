/** What the provider sent back with the browser. Pure. @see RFC 6749 §4.1.2, RFC 9207 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import { parseProviderError } from '#upstream/diagnosis/parse-provider-error.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

type Params = Readonly<Record<string, string>>;

const maxCodeLength = 8192;

/**
 * Compares `iss` with the provider's issuer, if that is known, before anything is sent there (S-08).
 * @throws {FoyerError} issuer_mismatch
 * @see RFC 9207 §2.4
 */
export const checkCallbackIssuer = (rawParams: Params, provider: ProviderMetadata | undefined): void => {
  if (provider === undefined) return;
  const { iss } = rawParams;
  if (iss === undefined) {
    if (!provider.sendsIss) return;
    throw new FoyerError('issuer_mismatch', {
      detail: 'the callback has no iss',
      evidence: { step: 'callback', reason: 'iss_missing' satisfies Reason },
    });
  }
  if (provider.acceptIssuer(iss) === undefined) {
    throw new FoyerError('issuer_mismatch', {
      detail: 'the callback names another issuer',
      evidence: { step: 'callback', claim: 'iss' },
    });
  }
};

/**
 * The code of a callback.
 * @throws {FoyerError} upstream_refused when the provider sent an error (cleaned and cut in the evidence, S-13),
 * bad_request when there is no usable code (S-03)
 */
export const readCode = (rawParams: Params): string => {
  if (rawParams.error !== undefined) {
    throw new FoyerError('upstream_refused', {
      detail: 'the provider sent an error',
      evidence: { step: 'callback', ...parseProviderError(rawParams) },
    });
  }
  const { code } = rawParams;
  if (typeof code !== 'string' || code === '' || code.length > maxCodeLength) {
    throw new FoyerError('bad_request', { detail: 'no code', evidence: { step: 'callback' } });
  }
  return code;
};
