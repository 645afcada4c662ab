/**
 * @module The RS256 keys that sign tokens. One ring for the installation (services verify with one public key); the
 * issuer and the audience of a token name its domain, and every verifier compares both (S-53).
 *
 * A new key is published before it signs, an old one verifies until its last token has expired (S-98).
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { Selectable } from 'kysely';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Db, SigningKeyTable, Tx } from '#model/tables.ts';
import type { Keyring, SealedPlace } from './keyring.ts';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  publicJwk: JWK;
  activeFrom: Date;
}

export interface SigningKeys {
  /** The key that signs now. */
  current(): Promise<SigningKey>;
  /** A published key by its id, retired ones included until they are deleted. */
  byKid(kid: string): Promise<SigningKey | undefined>;
  /** Public members only, newest first (RFC 7517 §5; S-76). */
  publicJwks(): Promise<JWK[]>;
  forget(): void;
}

/** How long a key is published before it signs; no less than caches may keep the JWKS. */
export const publishAheadSeconds = 3_600;

const place = (kid: string): SealedPlace => ({
  domainId: '',
  table: 'signing_keys',
  column: 'private_sealed',
  rowId: kid,
});

export const createSigningKeys = (db: Db, keyring: Keyring, clock: Clock): SigningKeys => {
  let loaded: Promise<SigningKey[]> | undefined;
  let loadedAtMs = 0;
  const maxAgeMs = 60_000; // a rotation by another process is seen without a notification, too

  const readRow = async (row: Selectable<SigningKeyTable>): Promise<SigningKey> => {
    const pem = await keyring.open(place(row.kid), row.private_sealed);
    const privateKey = createPrivateKey(pem);
    return {
      kid: row.kid,
      privateKey,
      // Not from the column: who can write a row must not be able to add a key of their own.
      publicKey: createPublicKey(privateKey),
      publicJwk: row.public_jwk as JWK,
      activeFrom: row.active_from,
    };
  };
  const read = async (): Promise<SigningKey[]> => {
    const rows = await db.kysely
      .selectFrom('signing_keys')
      .selectAll()
      .orderBy('active_from', 'desc')
      .execute();
    const keys = await Promise.allSettled(rows.map(readRow));
    const readable = keys.flatMap((key) => (key.status === 'fulfilled' ? [key.value] : []));
    // One row that cannot be read must not take the other keys along.
    const [failed] = keys.flatMap((key) => (key.status === 'rejected' ? [key.reason as Error] : []));
    if (readable.length === 0 && failed) throw failed;
    return readable;
  };
  const all = async (): Promise<SigningKey[]> => {
    if (!loaded || clock.nowMs() - loadedAtMs > maxAgeMs) {
      loadedAtMs = clock.nowMs();
      loaded = read();
      loaded.catch(() => {
        loaded = undefined;
      });
    }
    return loaded;
  };
  return {
    async current() {
      const now = clock.now();
      const key = (await all()).find(({ activeFrom }) => activeFrom <= now);
      if (!key) throw new FoyerError('unavailable', { detail: 'no signing key is active' });
      return key;
    },
    async byKid(kid) {
      return (await all()).find((key) => key.kid === kid);
    },
    async publicJwks() {
      return (await all()).map(({ publicJwk }) => publicJwk);
    },
    forget() {
      loaded = undefined;
    },
  };
};

/** Makes a key that signs from `activeFrom` on; answers its id. */
export const addSigningKey = async (tx: Tx, keyring: Keyring, activeFrom: Date): Promise<string> => {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const bare = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(bare);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await tx.kysely
    .insertInto('signing_keys')
    .values({
      kid,
      alg: 'RS256',
      public_jwk: JSON.stringify({ ...bare, kid, use: 'sig', alg: 'RS256' }),
      private_sealed: await keyring.seal(place(kid), pem),
      active_from: activeFrom,
    })
    .execute();
  return kid;
};

/** On the first start there is no key yet, and nobody who could hold an old JWKS: the first key signs at once. */
export const ensureSigningKey = async (db: Db, keyring: Keyring, clock: Clock): Promise<void> => {
  const any = await db.kysely.selectFrom('signing_keys').select('kid').limit(1).executeTakeFirst();
  if (!any) await addSigningKey(db, keyring, clock.now());
};
