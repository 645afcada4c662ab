import type { Domain } from '#model/domains/domain.ts';
import { createPasswords, type Passwords } from '#model/users/password.ts';
import type { Browser } from '../../support/browser.ts';
import type { Foyer } from '../../support/start-foyer.ts';

export const password = 'correct horse battery';

/** One digest for all people of a file: hashing is slow on purpose. */
let digest: Promise<string> | undefined;
export const digestOf = (): Promise<string> => {
  digest ??= createPasswords({ concurrency: 2, queue: 9, isCommon: () => false }).digest(password);
  return digest;
};

export const seedLocalPerson = async (
  foyer: Foyer,
  domain: Domain,
  email = 'ada@example.test',
  fields: Parameters<Foyer['seedUser']>[1] = {},
): Promise<string> =>
  foyer.seedUser(domain, { email, name: 'Ada Lovelace', password_digest: await digestOf(), ...fields });

export const signIn = (browser: Browser, email = 'ada@example.test', to = '/account') =>
  browser.post('/auth/signin', { form: { email, password, continue: to } });

export type { Passwords };
