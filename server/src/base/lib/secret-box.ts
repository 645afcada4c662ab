/**
 * @module Sealing of one value at rest: AES-256-GCM, bound to the place where it is stored (S-91, S-92).
 *
 * Blob: format (1 byte) · key version (4 bytes, big endian) · nonce (12) · ciphertext · tag (16).
 */
import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject } from 'node:crypto';
import { FoyerError } from './errors.ts';
import { randomBytes } from './ids.ts';

/** Where a sealed value lives; a blob that is moved elsewhere cannot be opened. */
export interface SealedPlace {
  domainId: string;
  table: string;
  column: string;
  rowId: string;
}

/** 256 bits. A `KeyObject` is made ready once, a Buffer at every call: on hot paths that is half of the work. */
export type SecretKey = Buffer | KeyObject;

const format = 1;
const headerBytes = 17;
const tagBytes = 16;

// JSON keeps the parts apart: no two different places give the same bytes.
const aadOf = (place: SealedPlace, keyVersion: number): Buffer =>
  Buffer.from(JSON.stringify([place.domainId, place.table, place.column, place.rowId, keyVersion]));

export const sealWith = (
  key: SecretKey,
  keyVersion: number,
  place: SealedPlace,
  plaintext: string,
): Buffer => {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt8(format, 0);
  header.writeUInt32BE(keyVersion, 1);
  randomBytes(12).copy(header, 5);
  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(5));
  cipher.setAAD(aadOf(place, keyVersion));
  return Buffer.concat([header, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
};

export const keyVersionOf = (blob: Buffer): number => {
  if (blob.length < headerBytes + tagBytes || blob[0] !== format) {
    throw new FoyerError('secret_unreadable', { detail: 'unknown format' });
  }
  return blob.readUInt32BE(1);
};

/** @throws {FoyerError} `secret_unreadable` when a byte was changed, or the blob belongs elsewhere. */
export const openWith = (key: SecretKey, place: SealedPlace, blob: Buffer): string => {
  const keyVersion = keyVersionOf(blob);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(5, headerBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(aadOf(place, keyVersion));
    decipher.setAuthTag(blob.subarray(blob.length - tagBytes));
    const body = blob.subarray(headerBytes, blob.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new FoyerError('secret_unreadable', {
      cause,
      detail: `${place.table}.${place.column} of ${place.rowId} in ${place.domainId}`,
    });
  }
};

/** A key for one purpose, derived so that no two purposes ever share one (RFC 5869). */
export const deriveKey = (key: SecretKey, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `foyer:${purpose}`, 32));
