/**
 * @module What makes two configurations of a source the same one. A secret takes part by its fingerprint, a keyed hash,
 * so that a digest says nothing about it; `uid_key` and `enabled` take no part (see docs/decisions/0007).
 */
import { createHash, createHmac } from 'node:crypto';
import type { DomainId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SourceKind } from './source.ts';

/** Key of `fingerprintOf`. */
export const fingerprintKey = (keyring: Keyring): Promise<Buffer> => keyring.purposeKey('secret-fingerprint');

/** 64 hex digits: equal secrets of a domain look equal, in every field. @param key from `fingerprintKey` */
export const fingerprintOf = (key: Buffer, domainId: DomainId, plaintext: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([domainId, plaintext]))
    .digest('hex');

/** As people see it. */
export const shownFingerprint = (fingerprint: string): string => fingerprint.slice(0, 8);

export interface Configuration {
  kind: SourceKind;
  name: string;
  /** As stored: normalised, defaults filled in. */
  settings: Readonly<Record<string, unknown>>;
  /** Of each secret that is set, by its field. */
  fingerprints: Readonly<Record<string, string>>;
}

/** SHA-256 of the configuration's canonical form, in hex. */
export const digestOf = ({ kind, name, settings, fingerprints }: Configuration): string => {
  const { uid_key: _pinnedBySignIn, ...ownSettings } = settings;
  return createHash('sha256')
    .update(canonicalJson({ kind, name, settings: ownSettings, fingerprints }))
    .digest('hex');
};

/** JSON whose objects list their members in one order, whatever order they were written or stored in. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
