/**
 * @module What is known of the secrets of a source beside their sealed values: enough to tell two apart and to warn before
 * one ends, and nothing that helps to guess one. Stored as JSON under the names below, times in Unix seconds.
 */
import { recordOf } from '#base/db/json-column.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { fingerprintOf } from './source-revision.ts';

export interface SecretNote {
  /** 64 hex digits (`fingerprintOf`); people are shown eight of them. */
  fingerprint: string;
  /** Of secrets that are long enough to spare them. */
  last_four?: string;
  set_at?: number;
  /** As the administrator entered it: providers do not tell. */
  expires_at?: number;
}

/** By the field of the secret, e.g. `client_secret`. */
export type SecretNotes = Record<string, SecretNote>;

/** The member of a body that says when the secret in `field` ends. */
export const expiryMember = (field: string): string => `${field}_expires_at`;

const minLengthForLastFour = 12;

export const noteOf = (
  key: Buffer,
  domainId: DomainId,
  plaintext: string,
  setAt: number | undefined,
): SecretNote => {
  // The last characters of a key in PEM are the same for all.
  const showsEnd = plaintext.length >= minLengthForLastFour && !plaintext.includes('-----');
  return {
    fingerprint: fingerprintOf(key, domainId, plaintext),
    ...(showsEnd && { last_four: plaintext.slice(-4) }),
    ...(setAt !== undefined && { set_at: setAt }),
  };
};

/** Reads the stored form; what is no note counts as none. */
export const readSecretNotes = (column: unknown): SecretNotes => {
  const notes: SecretNotes = {};
  for (const [field, rawNote] of Object.entries(recordOf(column))) {
    const { fingerprint, last_four: lastFour, set_at: setAt, expires_at: expiresAt } = recordOf(rawNote);
    if (typeof fingerprint !== 'string' || fingerprint === '') continue;
    notes[field] = {
      fingerprint,
      ...(typeof lastFour === 'string' && { last_four: lastFour }),
      ...(Number.isInteger(setAt) && { set_at: setAt as number }),
      ...(Number.isInteger(expiresAt) && { expires_at: expiresAt as number }),
    };
  }
  return notes;
};
