import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isFoyerError } from '#base/lib/errors.ts';
import {
  type KeyEncryptionKey,
  KeyError,
  newKeyEncryptionKey,
  parseKeyEncryptionKeys,
} from '#model/keys/key-encryption-keys.ts';
import { createKeyring, rewrapDataKeys } from '#model/keys/keyring.ts';
import { openTestStore, type TestStore } from '../../support/test-store.ts';

const newKek = (id: string): KeyEncryptionKey => ({ id, key: randomBytes(32) });
const place = {
  domainId: 'authority-a',
  table: 'sources',
  column: 'secrets.client_secret',
  rowId: 'oauth_strat-1',
};

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.release());
beforeEach(async () => {
  await sql`delete from data_keys where domain_id like 'authority-%'`.execute(store.db.kysely);
});

describe('sealing', () => {
  it('S-91 opens what it sealed and shows nothing of it', async () => {
    const keyring = createKeyring(store.db, [newKek('k1')]);
    const blob = await keyring.seal(place, 'canary-secret');
    expect(blob.includes('canary')).toBe(false);
    expect(await keyring.open(place, blob)).toBe('canary-secret');
    const { rows } = await sql<{ row: string }>`select data_keys::text as row from data_keys`.execute(
      store.db.kysely,
    );
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  it('S-92 refuses a blob with any byte changed, cut short, or moved to another place', async () => {
    const keyring = createKeyring(store.db, [newKek('k1')]);
    const blob = await keyring.seal(place, 'canary-secret');
    const unreadable = (error: unknown) => isFoyerError(error, 'secret_unreadable');
    for (let i = 0; i < blob.length; i++) {
      const bent = Buffer.from(blob);
      bent[i] = (bent[i] as number) ^ 1;
      await expect(keyring.open(place, bent)).rejects.toSatisfy(unreadable);
    }
    for (let length = 0; length < blob.length; length++) {
      await expect(keyring.open(place, blob.subarray(0, length))).rejects.toSatisfy(unreadable);
    }
    const elsewhere = [
      { ...place, rowId: 'oauth_strat-2' },
      { ...place, column: 'secrets.other' },
      { ...place, table: 'users' },
      { ...place, domainId: 'authority-b' },
    ];
    for (const other of elsewhere) await expect(keyring.open(other, blob)).rejects.toSatisfy(unreadable);
  });

  it('S-97 keeps everything readable through a rotation, and the old key opens nothing after it', async () => {
    const [k1, k2] = [newKek('k1'), newKek('k2')];
    const blob = await createKeyring(store.db, [k1]).seal(place, 'kept');
    const both = createKeyring(store.db, [k2, k1]);
    expect(await both.open(place, blob)).toBe('kept');
    expect(await store.db.transaction((tx) => rewrapDataKeys(tx, [k2, k1], place.domainId))).toBe(1);
    expect(await store.db.transaction((tx) => rewrapDataKeys(tx, [k2, k1], place.domainId))).toBe(0);
    expect(await createKeyring(store.db, [k2]).open(place, blob)).toBe('kept');
    await expect(createKeyring(store.db, [k1]).open(place, blob)).rejects.toSatisfy((error) =>
      isFoyerError(error, 'secret_unreadable'),
    );
  });

  it('S-91 agrees on one data key when two processes seal for a new domain at once', async () => {
    const kek = newKek('k1');
    const [a, b] = [createKeyring(store.db, [kek]), createKeyring(store.db, [kek])];
    const blobs = await Promise.all([a.seal(place, 'from a'), b.seal(place, 'from b')]);
    expect(await b.open(place, blobs[0])).toBe('from a');
    expect(await a.open(place, blobs[1])).toBe('from b');
  });
});

describe('key-encryption keys', () => {
  it('S-93 accepts a key it made itself', () => {
    expect(parseKeyEncryptionKeys(newKeyEncryptionKey())).toHaveLength(1);
  });

  const bad: [string, string][] = [
    ['an empty value', ''],
    ['no id', randomBytes(32).toString('base64')],
    ['a short key', `k1:${randomBytes(16).toString('base64')}`],
    ['zeros', `k1:${Buffer.alloc(32).toString('base64')}`],
    ['a counter', `k1:${Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64')}`],
    ['readable text', `k1:${Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64')}`],
    ['one id twice', `k1:${randomBytes(32).toString('base64')},k1:${randomBytes(32).toString('base64')}`],
  ];
  for (const [what, value] of bad) {
    it(`S-93 refuses ${what} and names the variable`, () => {
      expect(() => parseKeyEncryptionKeys(value)).toThrow(KeyError);
      expect(() => parseKeyEncryptionKeys(value)).toThrow('FOYER_KEYS');
    });
  }
});
