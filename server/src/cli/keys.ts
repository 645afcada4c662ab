import { newKeyEncryptionKey } from '#model/keys/key-encryption-keys.ts';

export const printNewKey = async (): Promise<void> => {
  console.log(newKeyEncryptionKey());
};
