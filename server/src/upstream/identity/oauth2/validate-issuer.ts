import { type ErrorCode, type FieldFailure, type FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { findKnownProvider } from './known-provider.ts';
import { createMetadata } from './provider-metadata.ts';
import { readSettings } from './settings.ts';

const unavailable = 'The discovery document could not be fetched: unavailable at the moment.';

/** Coarse on purpose: it must not map the operator's network (S-107). */
const reasons: Partial<Record<ErrorCode, string>> = {
  issuer_mismatch: 'The discovery document at this address names another issuer.',
  upstream_invalid: 'There is no discovery document at this address.',
  upstream_unreachable: 'The discovery document could not be fetched: unreachable.',
  upstream_timeout: 'The discovery document could not be fetched: timeout.',
  egress_denied: 'Foyer may not connect to this address. The operator of Foyer can allow it.',
};

export const reasonOf = (error: FoyerError): string => reasons[error.code] ?? unavailable;

/**
 * Asks an explicit issuer for its discovery document before the source is saved (S-11). The issuers of Microsoft Entra
 * are known without it, so nobody is asked for them.
 */
export const validateIssuer = async (
  raw: Readonly<Record<string, unknown>>,
  tools: SourceTools,
): Promise<FieldFailure[]> => {
  const settings = readSettings(raw);
  const known = findKnownProvider(settings);
  if (settings.issuer === '' || known === undefined) return [];
  try {
    await createMetadata(known, tools)();
    return [];
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    return [{ field: 'issuer', reason: reasonOf(error) }];
  }
};
