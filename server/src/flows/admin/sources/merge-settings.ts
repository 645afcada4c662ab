/**
 * @module From the members of a body to what is stored: settings apart from secrets, blank and null said plainly.
 */
import type { FieldFailure } from '#base/lib/errors.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { expiryMember } from '#model/sources/secret-notes.ts';
import { type SourceKind, secretFields } from '#model/sources/source.ts';
import type { Settings, SourceRules } from './source-rules.ts';

export const isBlank = (value: unknown): boolean =>
  value === '' ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** The body of a new source without the blank members that mean the default. */
export const dropBlankDefaults = (rules: SourceRules, body: Settings): Settings =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => !(rules.blankMeansDefault.includes(name) && isBlank(value)),
    ),
  );

/** What a body says of one secret: keep it, clear it, or take the new one (S-94). */
export type SecretChange = 'keep' | 'clear' | { set: string };

const isMasked = (text: string): boolean => /^[*•●]{3,}$/.test(text);

export const secretChange = (value: unknown): SecretChange => {
  if (value === null) return 'clear';
  if (typeof value !== 'string' || value.trim() === '' || isMasked(value.trim())) return 'keep';
  return { set: value };
};

/** Members of a body that are kept elsewhere, or not at all. */
const notSettings: ReadonlySet<string> = new Set([
  'name',
  'authority_id',
  'enabled',
  'id',
  'reservation',
  'dry_run_pass',
  ...Object.values(secretFields).flatMap((fields) => fields.map(expiryMember)),
]);

/** Stored settings with the body's laid over them; null, and blank text that need not be there, takes a member away. */
export const mergeSettings = (
  kind: SourceKind,
  rules: SourceRules,
  stored: Readonly<Settings>,
  fields: Readonly<Settings>,
): Settings => {
  const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !notSettings.has(field)));
  const written = Object.fromEntries(
    Object.entries(rest).filter(([field, value]) => value !== null && !secretFields[kind].includes(field)),
  );
  const merged: Settings = { ...stored, ...rules.normalise(written) };
  for (const [field, value] of Object.entries(rest)) if (value === null) delete merged[field];
  return merged;
};

/**
 * @throws {FoyerError} `secret_required` when a kept secret would be sent to another place than before (S-96)
 */
export const requireSecretAgain = (
  rules: SourceRules,
  stored: Readonly<Settings>,
  merged: Readonly<Settings>,
  kept: readonly string[],
): void => {
  const sent = rules.sentSecrets.filter((field) => kept.includes(field));
  if (sent.length === 0) return;
  const before = rules.destinations(stored);
  const after = rules.destinations(merged);
  const moved = Object.keys(after).filter((field) => after[field] !== '' && after[field] !== before[field]);
  if (moved.length === 0) return;
  const reason = `enter it again, because it would be sent elsewhere: ${moved.join(', ')} changed`;
  const failures: FieldFailure[] = sent.map((field) => ({ field, reason }));
  throw new FoyerError('secret_required', { failures });
};
