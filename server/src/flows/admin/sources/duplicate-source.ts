/**
 * A second source of the same domain with the same settings, to try changes on. It has no secrets, is offered to nobody,
 * and binds its own user id when somebody signs in.
 */
import { newSourceId } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Source } from '#model/sources/source.ts';
import { digestOf } from '#model/sources/source-revision.ts';
import { createSource, type StoredSource } from '#model/sources/source-store.ts';
import { failField, plainName, reasons } from '../assign.ts';
import type { Saver, SaveSourceDeps } from './save-source.ts';
import { rulesOf } from './source-rules.ts';

/** @throws {FoyerError} `validation_failed` for a blank name */
export const duplicateSource = async (
  deps: Pick<SaveSourceDeps, 'db' | 'changes'>,
  { actor }: Saver,
  original: StoredSource,
  rawName: string | undefined,
): Promise<Source> => {
  const { domainId, kind } = original;
  const name = plainName(rawName ?? `${original.name} (copy)`);
  if (name === '') failField('name', reasons.required);
  const { uid_key: _pinnedBySignIn, ...settings } = original.settings;
  const id = newSourceId(rulesOf[kind].idPrefix);
  const copy = { id, kind, name, enabled: false, settings, secrets: {}, secretNotes: {} };
  const digest = digestOf({ kind, name, settings, fingerprints: {} });
  const source = await deps.db.transaction(async (tx) => {
    const created = await createSource(tx, domainId, copy, { actor, cause: 'create', digest });
    await writeAudit(tx, domainId, actor, {
      action: 'source.create',
      sourceId: id,
      target: id,
      fields: ['name', ...Object.keys(settings)],
      detail: { kind, duplicate_of: original.id, legacy_on: rulesOf[kind].weaknesses(settings) },
    });
    return created;
  });
  await deps.changes.announce({ kind: 'source', domainId, id });
  return source;
};
