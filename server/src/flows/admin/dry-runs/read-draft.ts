/**
 * @module The draft of a source as the console sends it, made into the settings that saving it would store: over the
 * stored source where there is one, over the defaults otherwise, with the same functions. Nothing is stored.
 */
import type { DraftBody } from '@foyer/contract/dry-runs.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import type { SourceKind } from '#model/sources/source.ts';
import { findSource, type StoredSource } from '#model/sources/source-store.ts';
import type { Db } from '#model/tables.ts';
import { failField, readFields, renameMembers } from '../assign.ts';
import type { SourceFields } from '../sources/compose-source.ts';
import { dropBlankDefaults, mergeSettings } from '../sources/merge-settings.ts';
import { sourceShapes } from '../sources/read-source-body.ts';
import { rulesOf, type Settings } from '../sources/source-rules.ts';

export interface Draft {
  /** Absent: the draft is of no domain yet, and nothing is asked of one. */
  domainId: DomainId | undefined;
  kind: SourceKind;
  sourceId: SourceId | undefined;
  reservation: string | undefined;
  stored: StoredSource | undefined;
  /** What was typed, secrets included. */
  fields: SourceFields;
  /** As saving would store them, without secrets. */
  settings: Settings;
}

/** @throws {FoyerError} `not_found` for another domain, `validation_failed` for members of a wrong type */
export const readDraft = async (deps: { db: Db }, caller: Caller, body: DraftBody): Promise<Draft> => {
  const kind = body.kind ?? 'oauth2';
  const rules = rulesOf[kind];
  if (body.authority_id) narrowScope(caller, body.authority_id);
  const rawId = body.source_id || undefined;
  if (rawId !== undefined && !/^[0-9A-Za-z_~-]{1,64}$/.test(rawId)) {
    failField('source_id', 'is no id of a source');
  }
  const stored = rawId ? await findSource(deps.db, domainScopeOf(caller), kind, rawId) : undefined;
  if (stored && body.authority_id && stored.domainId !== body.authority_id) {
    failField('authority_id', 'is not the domain of this source');
  }
  const renamed = renameMembers(body.draft ?? {}, rules.otherNames);
  const given = stored ? renamed : dropBlankDefaults(rules, renamed);
  const fields: SourceFields = readFields(sourceShapes[kind].body, given, { creating: false });
  return {
    domainId: stored?.domainId ?? ((body.authority_id || undefined) as DomainId | undefined),
    kind,
    sourceId: rawId as SourceId | undefined,
    reservation: body.reservation,
    stored,
    fields,
    settings: mergeSettings(kind, rules, stored?.settings ?? rules.defaults(), fields),
  };
};
