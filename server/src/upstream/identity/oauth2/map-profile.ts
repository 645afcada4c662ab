/**
 * @module From what a provider says about a person to the fields of a user. The one mapping: sign-in, dry runs and
 * previews all call `mapProfile`.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import type { MappedFields } from '../identity-source.ts';
import { createLookUp, isCleanText, type LookUp, splitKeys } from './look-up.ts';
import { isKnownTarget, textTargets, tokenTargets } from './mapping-targets.ts';

export interface MappingInput {
  /** Target → keys, as the source has them. */
  infoMappings: Readonly<Record<string, string>>;
  profile: Readonly<Record<string, unknown>>;
  /** Of the verified ID token; asked where the profile says nothing. */
  claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the token answer offers to a mapping: names only, the tokens themselves stay out of it. */
  credentials?: { refreshToken: boolean; expiresAt: Date | undefined } | undefined;
}

export interface MappingWinner {
  key: string;
  from: 'profile' | 'id_token' | 'credentials';
}

export interface Mapping {
  fields: MappedFields;
  /** Which of its keys filled each target. Targets that nothing filled are absent. */
  winners: Readonly<Record<string, MappingWinner>>;
  /** Targets that no mapping can fill. */
  ignored: readonly string[];
}

const maxGroups = 2000;
const maxGroupLength = 512;

const bad = (target: string, detail: string): FoyerError =>
  new FoyerError('bad_profile', {
    detail: `${target}: ${detail}`,
    evidence: { step: 'mapping', target, reason: 'malformed_profile' satisfies Reason },
  });

/** A scalar as text, `undefined` for anything else. */
export const scalarText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const toText = (target: string, value: unknown, maxLength: number): string => {
  // Several values for one field: the first (D-15).
  const text = scalarText(Array.isArray(value) ? value[0] : value);
  if (text === undefined) throw bad(target, 'not a text');
  if (text.length > maxLength) throw bad(target, 'too long');
  if (!isCleanText(text)) throw bad(target, 'characters that cannot be stored');
  // Line ends and other control characters have no place in a name, and would forge lines of logs.
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  if (target === 'email' && !/^[^\s@]+@[^\s@]+$/.test(line)) throw bad(target, 'not an address');
  return line;
};

/** Several groups, or none: one text is no list of groups (contract §2.5). */
const toGroups = (value: unknown): string[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  if (value.length > maxGroups) throw bad('groups', 'too many');
  const groups = value.map(scalarText);
  if (groups.includes(undefined)) return undefined;
  return (groups as string[]).map((group) => {
    if (group.length > maxGroupLength || !isCleanText(group)) throw bad('groups', 'a group cannot be stored');
    return group;
  });
};

/** A person is called by first and last name where there is one; else as mapped, by nickname, or by address. */
const nameOf = (fields: MappedFields): string | undefined => {
  const full = [fields.first_name, fields.last_name].filter((part) => part !== undefined).join(' ');
  if (fields.first_name !== undefined) return full;
  return fields.name ?? (full || undefined) ?? fields.nickname ?? fields.email;
};

const credentialLookUp = (credentials: MappingInput['credentials']): LookUp => {
  if (credentials === undefined) return () => undefined;
  const { refreshToken, expiresAt } = credentials;
  return createLookUp({
    token: true,
    refresh_token: refreshToken,
    expires: expiresAt !== undefined,
    expires_at: expiresAt === undefined ? undefined : Math.floor(expiresAt.getTime() / 1000),
  });
};

/**
 * Maps a profile. Every target has one or more keys, separated by commas; the first that says anything wins, in the
 * profile, else in the ID token; a token target looks in the credentials too. Targets that do not exist, or that only
 * Foyer sets, are passed over.
 * @throws {FoyerError} bad_profile when a value is of a wrong kind, too long, or not storable (S-25)
 */
export const mapProfile = (input: MappingInput): Mapping => {
  const places: [MappingWinner['from'], LookUp][] = [['profile', createLookUp(input.profile)]];
  if (input.claims !== undefined) places.push(['id_token', createLookUp(input.claims)]);
  const credentials: [MappingWinner['from'], LookUp] = ['credentials', credentialLookUp(input.credentials)];

  const fields: MappedFields = {};
  const winners: Record<string, MappingWinner> = {};
  const ignored: string[] = [];
  for (const [target, mapping] of Object.entries(input.infoMappings)) {
    if (!isKnownTarget(target)) {
      ignored.push(target);
      continue;
    }
    const found = findFirst(splitKeys(mapping), tokenTargets.has(target) ? [...places, credentials] : places);
    if (found === undefined) continue;
    if (target === 'groups') {
      const groups = toGroups(found.value);
      if (groups === undefined) continue;
      fields.groups = groups;
    }
    const maxLength = textTargets.get(target);
    if (maxLength !== undefined) {
      const text = toText(target, found.value, maxLength);
      if (text === '') continue;
      fields[target as Exclude<keyof MappedFields, 'groups'>] = text;
    }
    winners[target] = { key: found.key, from: found.from };
  }
  const name = nameOf(fields);
  if (name !== undefined) fields.name = name;
  return { fields, winners, ignored };
};

const findFirst = (
  keys: readonly string[],
  places: readonly (readonly [MappingWinner['from'], LookUp])[],
): (MappingWinner & { value: unknown }) | undefined => {
  for (const key of keys) {
    for (const [from, lookUp] of places) {
      const value = lookUp(key);
      if (value !== undefined) return { key, from, value };
    }
  }
  return undefined;
};
