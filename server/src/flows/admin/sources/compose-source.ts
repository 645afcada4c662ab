/**
 * @module What a source would be if a body were saved: name, settings with defaults, secrets, the notes on them, and the
 * digest of it all. Saving and dry runs ask this one function, so that what was tried is what is saved. It writes nothing.
 */
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { expiryMember, noteOf, type SecretNotes } from '#model/sources/secret-notes.ts';
import { type SourceKind, secretFields } from '#model/sources/source.ts';
import { digestOf, fingerprintKey } from '#model/sources/source-revision.ts';
import { openSecret, type StoredSource } from '#model/sources/source-store.ts';
import { plainName } from '../assign.ts';
import { mergeSettings, requireSecretAgain, type SecretChange, secretChange } from './merge-settings.ts';
import { rulesOf, type Settings } from './source-rules.ts';

export interface ComposeDeps {
  keyring: Keyring;
  clock: Clock;
}

/** Members of a body, each of the right type. */
export type SourceFields = Settings & {
  name?: string;
  authority_id?: string;
  enabled?: boolean;
  id?: string;
  reservation?: string;
  dry_run_pass?: string;
};

export interface ComposedSource {
  /** Blank when the body leaves it so. */
  name: string;
  enabled: boolean;
  settings: Settings;
  secretChanges: [field: string, change: SecretChange][];
  secretNotes: SecretNotes;
  digest: string;
}

/**
 * @param stored the source that is changed; absent for a new one
 * @throws {FoyerError} `secret_required` when a kept secret would be sent elsewhere (S-96)
 */
export const composeSource = async (
  deps: ComposeDeps,
  domainId: DomainId,
  kind: SourceKind,
  stored: StoredSource | undefined,
  fields: SourceFields,
): Promise<ComposedSource> => {
  const rules = rulesOf[kind];
  const name = plainName(fields.name ?? stored?.name ?? '');
  const settings = mergeSettings(kind, rules, stored?.settings ?? rules.defaults(), fields);
  const key = await fingerprintKey(deps.keyring);
  const notes = stored ? await completeNotes(deps, key, stored) : {};
  const now = unixSeconds(deps.clock.now());
  const secretChanges = secretFields[kind].map((field): [string, SecretChange] => {
    const change = secretChange(fields[field]);
    if (change === 'clear') delete notes[field];
    if (typeof change !== 'object') return [field, change];
    const plaintext = String(rules.normalise({ [field]: change.set })[field] ?? change.set);
    const note = noteOf(key, domainId, plaintext, now);
    // The same secret once more: nothing is new about it.
    if (notes[field]?.fingerprint !== note.fingerprint) notes[field] = note;
    return [field, { set: plaintext }];
  });
  if (stored) {
    const kept = secretChanges.filter(([field, each]) => each === 'keep' && field in stored.secrets);
    requireSecretAgain(
      rules,
      stored.settings,
      settings,
      kept.map(([field]) => field),
    );
  }
  noteExpiry(notes, fields);
  return {
    name,
    enabled: fields.enabled ?? stored?.enabled ?? true,
    settings,
    secretChanges,
    secretNotes: notes,
    digest: digestOf({ kind, name, settings, fingerprints: fingerprintsOf(notes) }),
  };
};

const noteExpiry = (notes: SecretNotes, fields: Readonly<Settings>): void => {
  for (const [field, note] of Object.entries(notes)) {
    const expiry = fields[expiryMember(field)];
    if (expiry === null) delete note.expires_at;
    if (typeof expiry === 'number') note.expires_at = expiry;
  }
};

const fingerprintsOf = (notes: SecretNotes): Record<string, string> =>
  Object.fromEntries(Object.entries(notes).map(([field, { fingerprint }]) => [field, fingerprint]));

/** The notes on every secret that is set; those on secrets from before there were notes are made now. */
export const completeNotes = async (
  { keyring }: Pick<ComposeDeps, 'keyring'>,
  key: Buffer,
  { domainId, id, secrets, secretNotes }: Pick<StoredSource, 'domainId' | 'id' | 'secrets' | 'secretNotes'>,
): Promise<SecretNotes> => {
  const notes: SecretNotes = {};
  for (const [field, sealed] of Object.entries(secrets)) {
    const known = secretNotes[field];
    if (known) notes[field] = { ...known };
    else {
      try {
        const plaintext = await openSecret(keyring, domainId, id, field, sealed);
        notes[field] = noteOf(key, domainId, plaintext, undefined);
      } catch (error) {
        // It must stay possible to replace a secret that cannot be read (S-92). Such a note is not read back.
        if (!isFoyerError(error, 'secret_unreadable')) throw error;
        notes[field] = { fingerprint: '' };
      }
    }
  }
  return notes;
};

/** Digest of a source as it is stored. */
export const digestOfStored = async (
  { keyring }: Pick<ComposeDeps, 'keyring'>,
  source: StoredSource,
): Promise<string> => {
  const notes = await completeNotes({ keyring }, await fingerprintKey(keyring), source);
  const { kind, name, settings } = source;
  return digestOf({ kind, name, settings, fingerprints: fingerprintsOf(notes) });
};

/** Settings with every secret put back in, kept ones included: what the composed source opens to. */
export const openComposed = async (
  { keyring }: Pick<ComposeDeps, 'keyring'>,
  composed: Pick<ComposedSource, 'settings' | 'secretChanges'>,
  stored: StoredSource | undefined,
): Promise<Settings> => {
  const opened: Settings = { ...composed.settings };
  for (const [field, change] of composed.secretChanges) {
    const sealed = stored?.secrets[field];
    if (typeof change === 'object') opened[field] = change.set;
    else if (change === 'keep' && stored && sealed !== undefined) {
      opened[field] = await openSecret(keyring, stored.domainId, stored.id, field, sealed);
    }
  }
  return opened;
};
