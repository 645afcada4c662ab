import { type FieldFailure, isFoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { findKnownProvider } from './known-provider.ts';
import { createMetadata } from './provider-metadata.ts';
import { readSettings } from './settings.ts';

/**
 * Asks an explicit issuer for its discovery document before the source is saved (S-11). One that cannot be reached now
 * is no failure: it is asked again when somebody signs in.
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
    if (error.code === 'issuer_mismatch') {
      return [{ field: 'issuer', reason: 'The discovery document at this address names another issuer.' }];
    }
    if (error.code === 'upstream_invalid') {
      return [{ field: 'issuer', reason: 'There is no discovery document at this address.' }];
    }
    return [];
  }
};
