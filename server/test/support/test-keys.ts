/** The key-encryption key of every test store; the snapshot's keys are sealed under it. */
import { createHash } from 'node:crypto';
import type { KeyEncryptionKey } from '#model/keys/key-encryption-keys.ts';

export const testKeks: readonly KeyEncryptionKey[] = [
  { id: 'test', key: createHash('sha256').update('stores of the tests').digest() },
];
