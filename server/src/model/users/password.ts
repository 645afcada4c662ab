/**
 * @module Local passwords: argon2id at OWASP's parameters; bcrypt digests of imported accounts verify as they are.
 *
 * Hashing holds a thread of the pool that DNS look-ups and file access share, so only so many run at once, the rest
 * wait in a short queue, and a full queue refuses instead of slowing everybody down (S-135).
 */
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { verify as bcryptVerify } from '@node-rs/bcrypt';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';

export interface Passwords {
  /** @throws {FoyerError} `validation_failed` when it is too short, too long or well known (S-86). */
  digest(password: string): Promise<string>;
  /** A new digest of a password in use, which may be older than the rules for new ones. @throws as `verify` */
  redigest(password: string): Promise<string>;
  /**
   * Takes as long for a missing digest as for a wrong password (S-87).
   *
   * @throws {FoyerError} `rate_limited` when too many wait.
   */
  verify(password: string, digest: string | undefined): Promise<boolean>;
  /** True for digests that should be replaced at the next successful sign-in. */
  isOutdated(digest: string): boolean;
}

export interface PasswordOptions {
  /** Hashes at the same time; at most two below the thread pool's size. */
  concurrency: number;
  /** Waiting callers before new ones are refused. */
  queue: number;
  /** Answers whether a password is on the list of the most common ones. */
  isCommon(password: string): boolean;
}

export const minPasswordLength = 8;
export const maxPasswordLength = 256;

// OWASP password storage cheat sheet: argon2id, 19 MiB, two passes, one lane.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const createPasswords = (options: PasswordOptions): Passwords => {
  const gate = createGate(options.concurrency, options.queue);
  let decoy: Promise<string> | undefined;
  return {
    async digest(password) {
      checkPassword(password, options.isCommon);
      return gate(() => argon2Hash(password, parameters));
    },
    redigest: (password) => gate(() => argon2Hash(password, parameters)),
    async verify(password, digest) {
      if (password.length > maxPasswordLength) return false;
      decoy ??= argon2Hash('a password that nobody has', parameters);
      const against = digest ?? (await decoy);
      const matches = await gate(() =>
        against.startsWith('$2') ? bcryptVerify(password, against) : argon2Verify(against, password),
      ).catch((error: unknown) => {
        // A digest that nobody can read is matched by nothing.
        if (isFoyerError(error)) throw error;
        return false;
      });
      return matches && digest !== undefined;
    },
    isOutdated: (digest) => !digest.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'),
  };
};

/** @throws {FoyerError} `validation_failed` naming `password`. */
export const checkPassword = (password: string, isCommon: (password: string) => boolean): void => {
  const fail = (reason: string): never => {
    throw new FoyerError('validation_failed', { failures: [{ field: 'password', reason }] });
  };
  const length = [...password].length;
  if (length < minPasswordLength) fail(`must have at least ${minPasswordLength} characters`);
  if (length > maxPasswordLength) fail(`must have at most ${maxPasswordLength} characters`);
  if (isCommon(password)) fail('is one of the most common passwords');
};

const createGate = (concurrency: number, queue: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) {
        throw new FoyerError('rate_limited', {
          detail: 'too many password checks at once',
          retryAfterSeconds: 2,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The place is handed on, not given up, so that a newcomer cannot overtake.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
};
