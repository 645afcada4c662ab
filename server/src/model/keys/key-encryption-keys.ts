/**
 * @module The key-encryption keys (KEKs): they wrap the domains' data keys and live outside the database (S-91, S-93).
 * The first one in the list seals; the others still open, so that keys can be rotated while the server runs.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface KeyEncryptionKey {
  id: string;
  key: Buffer;
}

/** Keys that cannot be used; the message names the variable and what to do. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const variable = 'FOYER_KEYS';
const advice = `Make one with: foyer keys new`;

/** @throws {KeyError} when a key is missing, short, repeated or a well-known sample. */
export const parseKeyEncryptionKeys = (text: string): KeyEncryptionKey[] => {
  const keys = text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      const id = part.slice(0, colon);
      if (colon < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
        throw new KeyError(`${variable} must be a list of id:base64 pairs. ${advice}`);
      }
      const encoded = part.slice(colon + 1);
      const key = Buffer.from(encoded, 'base64');
      if (key.length !== 32) {
        throw new KeyError(
          `${variable}: key "${id}" must be 32 bytes in base64, not ${key.length}. ${advice}`,
        );
      }
      if (isWeak(key))
        throw new KeyError(`${variable}: key "${id}" is not random; never use a sample key. ${advice}`);
      return { id, key };
    });
  if (keys.length === 0) throw new KeyError(`${variable} is empty. ${advice}`);
  if (new Set(keys.map(({ id }) => id)).size !== keys.length)
    throw new KeyError(`${variable} names one id twice.`);
  return keys;
};

/** Thirty-two random bytes have about 30 different values; text, zeros and counters give themselves away. */
const isWeak = (key: Buffer): boolean => {
  if (new Set(key).size < 16) return true;
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  const isCounter = key.every((byte, i) => i === 0 || byte === ((key[i - 1] ?? 0) + 1) % 256);
  return isText || isCounter;
};

export const newKeyEncryptionKey = (): string =>
  `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`;

/** Reads the key file of the embedded store, or makes it on the first start. The caller holds the folder's lock. */
export const readOrMakeKeyFile = (path: string): KeyEncryptionKey[] => {
  if (!existsSync(path)) {
    // Written whole before it gets its name: a process killed here must not leave half a file behind.
    const draft = `${path}.new`;
    writeFileSync(draft, `${newKeyEncryptionKey()}\n`, { mode: 0o600, flush: true });
    renameSync(draft, path);
  }
  return parseKeyEncryptionKeys(readFileSync(path, 'utf8'));
};
