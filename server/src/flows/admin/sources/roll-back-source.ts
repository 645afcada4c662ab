/**
 * Brings an earlier revision back: its name, settings and secrets, byte for byte. `enabled` stays as it is, and `uid_key`,
 * which only a sign-in sets. No secret is asked for again (S-96): destination and secret come back together, as an
 * administrator who knew the secret had put them together.
 */

import { findRevision } from '#model/sources/revision-store.ts';
import type { Source } from '#model/sources/source.ts';
import { fingerprintKey } from '#model/sources/source-revision.ts';
import type { StoredSource } from '#model/sources/source-store.ts';
import { failField, refuseFailures } from '../assign.ts';
import { completeNotes, digestOfStored } from './compose-source.ts';
import {
  changedNames,
  replaceContent,
  retrySave,
  type Saver,
  type SaveSourceDeps,
  type SourceTarget,
} from './save-source.ts';
import { rulesOf } from './source-rules.ts';

export interface RollBack extends SourceTarget {
  version: number;
  ifMatch: string | undefined;
}

/** @throws {FoyerError} `not_found`, `validation_failed`, `precondition_failed`, `conflict` */
export const rollBackSource = (deps: SaveSourceDeps, saver: Saver, rollBack: RollBack): Promise<Source> =>
  retrySave(deps, rollBack, rollBack.ifMatch, (stored) => tryRollBack(deps, saver, stored, rollBack.version));

const tryRollBack = async (
  deps: SaveSourceDeps,
  { actor }: Saver,
  stored: StoredSource,
  version: number,
): Promise<Source | undefined> => {
  const { domainId, id, kind, enabled } = stored;
  const revision = await findRevision(deps.db, domainId, id, version);
  if (!revision) return failField('version', 'is not a version of this source');
  const { uid_key: _itsPin, ...settings } = revision.settings;
  const { uid_key: pin } = stored.settings;
  const restored: StoredSource = {
    ...stored,
    name: revision.name,
    settings: pin === undefined ? settings : { ...settings, uid_key: pin },
    secrets: revision.secrets,
    secretsSet: Object.keys(revision.secrets),
    secretNotes: revision.secretNotes,
  };
  restored.secretNotes = await completeNotes(deps, await fingerprintKey(deps.keyring), restored);
  // The rules may have become stricter since.
  refuseFailures(rulesOf[kind].validate(restored.settings));
  refuseFailures(await deps.validateSource(kind, restored.settings, stored.settings));
  const { name, secrets, secretNotes } = restored;
  const content = { name, enabled, settings: restored.settings, secrets, secretNotes };
  const fields = changedNames(stored, content);
  if (fields.length === 0) return stored;
  const digest = await digestOfStored(deps, restored);
  return replaceContent(deps, stored, content, {
    reason: { actor, cause: 'roll_back', digest, restoredVersion: version },
    action: 'source.roll_back',
    fields,
    detail: { restored_version: version },
  });
};
