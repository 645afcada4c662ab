/**
 * Ids and random values. Record ids keep PlaceOS' shape: a prefix and ten characters of `[0-9A-Za-z_~-]`.
 */
import { hash, randomFillSync, randomInt, randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type DomainId = Branded<'DomainId'>;
export type SourceId = Branded<'SourceId'>;
export type UserId = Branded<'UserId'>;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_~-';

const suffix = (): string => {
  let out = '';
  for (let i = 0; i < 10; i++) out += alphabet[randomInt(alphabet.length)];
  return out;
};

export const newDomainId = (): DomainId => `authority-${suffix()}` as DomainId;
export const newUserId = (): UserId => `user-${suffix()}` as UserId;
export const newSourceId = (kind: 'oauth' | 'adfs' | 'ldap'): SourceId =>
  `${kind}_strat-${suffix()}` as SourceId;

// Asking the generator costs as much for one byte as for hundreds, so it is asked for many at once.
const stock = Buffer.alloc(2_048);
let taken = stock.length;

/** Random bytes; `count` is small. */
export const randomBytes = (count: number): Buffer => {
  if (taken + count > stock.length) {
    randomFillSync(stock);
    taken = 0;
  }
  const bytes = Buffer.from(stock.subarray(taken, taken + count));
  // What was given out is nowhere else.
  stock.fill(0, taken, taken + count);
  taken += count;
  return bytes;
};

/** A URL-safe random value of `bytes` bytes (default 32: 256 bits, 43 characters). */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** A short id that a person can read out: eight characters without look-alikes. */
export const shortId = (): string => {
  const letters = '23456789abcdefghjkmnpqrstuvwxyz';
  let out = '';
  for (let i = 0; i < 8; i++) out += letters[randomInt(letters.length)];
  return out;
};

export const newUuid = (): string => randomUUID();

/** SHA-256, the at-rest form of every random token (S-99). */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
export const sha256Base64Url = (text: string): string => hash('sha256', text, 'base64url');

/** Client id of an application: MD5 of the exact redirect URI, as PlaceOS clients compute it. Not a security control. */
export const clientIdOf = (redirectUri: string): string => hash('md5', redirectUri, 'hex');
