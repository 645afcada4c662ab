/** The versions of a source for administrators: who, when, why, and what changed. Secrets are eight-digit fingerprints. */
import type { RevisionView } from '@foyer/contract/source-lifecycle.ts';
import type { Listed } from '#base/db/listing.ts';
import { unixSeconds } from '#base/lib/clock.ts';
import { findActorNames } from '#model/audit/actor-names.ts';
import { countRevisions, listRevisions, type Revision } from '#model/sources/revision-store.ts';
import { expiryMember } from '#model/sources/secret-notes.ts';
import { canonicalJson, shownFingerprint } from '#model/sources/source-revision.ts';
import type { StoredSource } from '#model/sources/source-store.ts';
import type { Db } from '#model/tables.ts';

export const listSourceRevisions = async (
  { db }: { db: Db },
  source: StoredSource,
  { limit, offset }: { limit: number; offset: number },
): Promise<Listed<RevisionView>> => {
  const { domainId, id } = source;
  // One more: the last one is told against it.
  const found = await listRevisions(db, domainId, id, { limit: limit + 1, offset });
  const revisions = found.slice(0, limit);
  const names = await findActorNames(
    db,
    domainId,
    revisions.map(({ actor }) => actor),
  );
  const rows = revisions.map((revision, i): RevisionView => {
    const { version, at, cause, restoredVersion, actor, test } = revision;
    const name = names.get(actor.id ?? '');
    return {
      version,
      at: unixSeconds(at),
      cause,
      ...(restoredVersion !== undefined && { restored_version: restoredVersion }),
      actor: { ...actor, ...(name !== undefined && { name }) },
      changes: changesBetween(found[i + 1], revision),
      ...(test && { tested_at: unixSeconds(test.at) }),
      current: version === source.version,
    };
  });
  return { rows, total: await countRevisions(db, domainId, id) };
};

/** Everything that a revision says, by field, as people may see it. */
const fieldsOf = (revision: Revision): Record<string, unknown> => {
  const { uid_key: _pinnedBySignIn, ...settings } = revision.settings;
  const fields: Record<string, unknown> = { name: revision.name, ...settings };
  if (revision.enabled !== undefined) fields.enabled = revision.enabled;
  for (const field of Object.keys(revision.secrets)) {
    const note = revision.secretNotes[field];
    // Secrets from before there were notes have no fingerprint.
    fields[field] = note ? shownFingerprint(note.fingerprint) : 'set';
    if (note?.expires_at !== undefined) fields[expiryMember(field)] = note.expires_at;
  }
  return fields;
};

const changesBetween = (older: Revision | undefined, newer: Revision): RevisionView['changes'] => {
  const before = older ? fieldsOf(older) : {};
  const after = fieldsOf(newer);
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter((field) => canonicalJson(before[field]) !== canonicalJson(after[field]))
    .filter((field) => !isFirstNote(older, newer, field) && (field !== 'enabled' || field in after))
    .map((field) => ({
      field,
      ...(field in before && { before: before[field] }),
      ...(field in after && { after: after[field] }),
    }));
};

/** The same sealed secret, that now has a fingerprint: nothing has changed. */
const isFirstNote = (older: Revision | undefined, newer: Revision, field: string): boolean =>
  newer.secrets[field] !== undefined && older?.secrets[field] === newer.secrets[field];
