/** Finding a value in a profile by the key that an administrator wrote. */
import { LRUCache } from 'lru-cache';

type Fields = Readonly<Record<string, unknown>>;

/** Finds the value of a key; `undefined` when there is none that says anything (absent, null, false, empty, blank). */
export type LookUp = (key: string) => unknown;

/** Names of the profiles of the last people, respelt: providers use the same few again and again. */
const respelt = new LRUCache<string, string>({ max: 1_000 });

/** `givenName` and `given_name` are one key, as PlaceOS reads profiles. */
export const snakeCase = (key: string): string => {
  if (!/[A-Z-]/.test(key)) return key;
  const known = respelt.get(key);
  if (known !== undefined) return known;
  const spelling = key
    .replace(/([A-Z\d]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
  respelt.set(key, spelling);
  return spelling;
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

const isLong = (key: string): boolean => key.length > 256;

/**
 * Prepares look-ups in one profile. A key is found as it is written, else in the other spelling, else as a path
 * (`address.country`) whose first part is looked up the same way and whose further parts must be exact.
 */
export const createLookUp = (fields: Fields): LookUp => {
  let bySnakeCase: Map<string, unknown> | undefined;

  const findTop = (key: string): unknown => {
    if (Object.hasOwn(fields, key)) return fields[key];
    if (bySnakeCase === undefined) {
      bySnakeCase = new Map();
      for (const name of Object.keys(fields)) {
        const spelling = isLong(name) ? name : snakeCase(name);
        if (!bySnakeCase.has(spelling)) bySnakeCase.set(spelling, fields[name]);
      }
    }
    return bySnakeCase.get(snakeCase(key));
  };

  const findPath = (key: string): unknown => {
    const [first = '', ...rest] = key.split('.');
    let value = findTop(first);
    for (const part of rest) {
      value = isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    }
    return value;
  };

  return (key) => {
    if (key === '' || isLong(key)) return undefined;
    const value = findTop(key) ?? (key.includes('.') ? findPath(key) : undefined);
    return saysNothing(value) ? undefined : value;
  };
};

/** The keys of a mapping, in order: `mail,userPrincipalName`. */
export const splitKeys = (mapping: string): string[] =>
  mapping
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');

/** True for text that can be stored and shown: no NUL, no half of a surrogate pair. */
export const isCleanText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
