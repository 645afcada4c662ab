/**
 * @module Envelope encryption: each domain has data keys, wrapped by a key-encryption key; they seal the values (S-91).
 *
 * Unwrapped data keys stay in a bounded cache. Domain '' holds the keys of the installation itself.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FoyerError } from '#base/lib/errors.ts';
import { deriveKey, keyVersionOf, openWith, type SealedPlace, sealWith } from '#base/lib/secret-box.ts';
import type { Db, Tx } from '#model/tables.ts';
import type { KeyEncryptionKey } from './key-encryption-keys.ts';

export type { SealedPlace };

export interface Keyring {
  /** Seals a value for exactly this place. */
  seal(place: SealedPlace, plaintext: string): Promise<Buffer>;
  /** @throws {FoyerError} `secret_unreadable` */
  open(place: SealedPlace, blob: Buffer): Promise<string>;
  /** A key for one purpose of the whole installation, e.g. sealing sign-in flows in cookies. */
  purposeKey(purpose: string): Promise<Buffer>;
  /** The same key made ready once: with a Buffer, `secret-box` and `createHmac` spend ten times as long on the key. */
  sealingKey(purpose: string): Promise<KeyObject>;
  /** Forgets a domain's keys: after its deletion, or when another process rotated them. */
  forget(domainId: string): void;
}

interface DomainKeys {
  current: number;
  byVersion: Map<number, KeyObject>;
}

const wrapPlace = (domainId: string, version: number): SealedPlace => ({
  domainId,
  table: 'data_keys',
  column: 'wrapped',
  rowId: String(version),
});

export const createKeyring = (db: Db, keks: readonly KeyEncryptionKey[]): Keyring => {
  const cache = new LRUCache<string, Promise<DomainKeys>>({ max: 20_000 });
  const purposes = new Map<string, Buffer>();
  const sealing = new Map<string, KeyObject>();

  const unwrap = (domainId: string, row: { version: number; kek_id: string; wrapped: Buffer }): KeyObject => {
    const kek = keks.find(({ id }) => id === row.kek_id);
    if (!kek)
      throw new FoyerError('secret_unreadable', {
        detail: `no key-encryption key "${row.kek_id}" is configured`,
      });
    const plain = openWith(kek.key, wrapPlace(domainId, row.version), Buffer.from(row.wrapped));
    return createSecretKey(plain, 'base64');
  };

  const read = (domainId: string) =>
    db.kysely
      .selectFrom('data_keys')
      .select(['version', 'kek_id', 'wrapped'])
      .where('domain_id', '=', domainId)
      .orderBy('version')
      .execute();

  const load = async (domainId: string): Promise<DomainKeys> => {
    let rows = await read(domainId);
    if (rows.length === 0) {
      await addDataKey(db, keks, domainId, 1);
      rows = await read(domainId);
    }
    const byVersion = new Map(rows.map((row) => [row.version, unwrap(domainId, row)]));
    return { current: Math.max(...byVersion.keys()), byVersion };
  };

  const keysOf = (domainId: string): Promise<DomainKeys> => {
    let keys = cache.get(domainId);
    if (!keys) {
      keys = load(domainId);
      cache.set(domainId, keys);
      keys.catch(() => cache.delete(domainId));
    }
    return keys;
  };

  const purposeKey = async (purpose: string): Promise<Buffer> => {
    let key = purposes.get(purpose);
    if (!key) {
      const { byVersion } = await keysOf('');
      key = deriveKey(byVersion.get(1) as KeyObject, purpose);
      purposes.set(purpose, key);
    }
    return key;
  };

  return {
    async seal(place, plaintext) {
      const { current, byVersion } = await keysOf(place.domainId);
      return sealWith(byVersion.get(current) as KeyObject, current, place, plaintext);
    },
    async open(place, blob) {
      const bytes = Buffer.from(blob);
      const version = keyVersionOf(bytes);
      let key = (await keysOf(place.domainId)).byVersion.get(version);
      if (!key) {
        // Another process may have added a key since we looked.
        cache.delete(place.domainId);
        key = (await keysOf(place.domainId)).byVersion.get(version);
      }
      if (!key)
        throw new FoyerError('secret_unreadable', { detail: `no data key ${version} of ${place.domainId}` });
      return openWith(key, place, bytes);
    },
    purposeKey,
    async sealingKey(purpose) {
      const known = sealing.get(purpose);
      if (known) return known;
      const key = createSecretKey(await purposeKey(purpose));
      sealing.set(purpose, key);
      return key;
    },
    forget(domainId) {
      cache.delete(domainId);
    },
  };
};

/** Adds a data key under the first KEK; a key that exists already is left alone, so concurrent callers agree. */
export const addDataKey = async (
  tx: Tx,
  keks: readonly KeyEncryptionKey[],
  domainId: string,
  version: number,
): Promise<void> => {
  const kek = keks[0];
  if (!kek) throw new FoyerError('unavailable', { detail: 'no key-encryption key' });
  const wrapped = sealWith(
    kek.key,
    version,
    wrapPlace(domainId, version),
    randomBytes(32).toString('base64'),
  );
  await tx.kysely
    .insertInto('data_keys')
    .values({ domain_id: domainId, version, kek_id: kek.id, wrapped })
    .onConflict((conflict) => conflict.columns(['domain_id', 'version']).doNothing())
    .execute();
};

/** Wraps every data key of `domainId` anew under the first KEK; answers how many were not yet. Safe to repeat (S-97). */
export const rewrapDataKeys = async (
  tx: Tx,
  keks: readonly KeyEncryptionKey[],
  domainId: string,
): Promise<number> => {
  const first = keks[0];
  if (!first) throw new FoyerError('unavailable', { detail: 'no key-encryption key' });
  const rows = await tx.kysely
    .selectFrom('data_keys')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('kek_id', '!=', first.id)
    .forUpdate()
    .execute();
  for (const row of rows) {
    const old = keks.find(({ id }) => id === row.kek_id);
    if (!old) throw new FoyerError('secret_unreadable', { detail: `no key-encryption key "${row.kek_id}"` });
    const place = wrapPlace(domainId, row.version);
    const plain = openWith(old.key, place, Buffer.from(row.wrapped));
    await tx.kysely
      .updateTable('data_keys')
      .set({ kek_id: first.id, wrapped: sealWith(first.key, row.version, place, plain) })
      .where('domain_id', '=', domainId)
      .where('version', '=', row.version)
      .execute();
  }
  return rows.length;
};
