import type { SecretNote } from '@foyer/contract/source-lifecycle.ts';
import type { TObject } from 'typebox';
import { unixSeconds } from '#base/lib/clock.ts';
import { type Source, secretFields } from '#model/sources/source.ts';
import { shownFingerprint } from '#model/sources/source-revision.ts';
import { readableMembers } from './readable-members.ts';

/** A source for administrators: every setting, and of secrets only whether they are set (S-94). */
export const sourceView = (source: Source): Record<string, unknown> => ({
  ...source.settings,
  ...Object.fromEntries(
    secretFields[source.kind].map((field) => [`${field}_set`, source.secretsSet.includes(field)]),
  ),
  id: source.id,
  secret_notes: secretNotesView(source),
  revision: source.version,
  name: source.name,
  authority_id: source.domainId,
  enabled: source.enabled,
  created_at: unixSeconds(source.createdAt),
  updated_at: unixSeconds(source.updatedAt),
});

/** Exactly the members of `view`: for an answer whose schema does not leave out the rest. */
export const sourceViewOf = (view: TObject, source: Source): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(readableMembers(view, sourceView(source))).filter(([name]) => name in view.properties),
  );

/** What is known of each secret that this kind of source may have. */
export const secretNotesView = ({
  kind,
  secretsSet,
  secretNotes,
}: Pick<Source, 'kind' | 'secretsSet' | 'secretNotes'>): Record<string, SecretNote> =>
  Object.fromEntries(
    secretFields[kind].map((field) => {
      const { fingerprint, ...note } = (secretsSet.includes(field) && secretNotes[field]) || {};
      return [
        field,
        {
          set: secretsSet.includes(field),
          ...note,
          ...(fingerprint !== undefined && { fingerprint: shownFingerprint(fingerprint) }),
        },
      ];
    }),
  );
