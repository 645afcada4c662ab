/**
 * @module The draft of a source as the console sends it, made into the settings that saving it would store: over the
 * stored source where there is one, over the defaults otherwise, with the same functions. Nothing is stored.
 */
import type { DraftBody } from '@foyer/contract/dry-runs.ts';
import { LdapSourceBody, OauthSourceBody, SamlSourceBody } from '@foyer/contract/sources.ts';
import type { TObject } from 'typebox';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf, narrowScope } from '#model/access/domain-scope.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { type SourceKind, secretFields } from '#model/sources/source.ts';
import { findSource, openSecret, type StoredSource } from '#model/sources/source-store.ts';
import type { Db } from '#model/tables.ts';
import { failField, plainName, readFields, renameMembers } from '../assign.ts';
import {
  dropBlankDefaults,
  mergeSettings,
  requireSecretAgain,
  secretChange,
} from '../sources/merge-settings.ts';
import { rulesOf, type Settings } from '../sources/source-rules.ts';

export interface Draft {
  /** Absent: the draft is of no domain yet, and nothing is asked of one. */
  domainId: DomainId | undefined;
  kind: SourceKind;
  sourceId: SourceId | undefined;
  stored: StoredSource | undefined;
  name: string;
  /** As saving would store them. */
  settings: Settings;
  /** What the draft says of each secret; `keep` is the stored one. */
  typedSecrets: Readonly<Record<string, string>>;
  keptSecrets: readonly string[];
  /** Members of the body that are no settings, such as when a secret expires. */
  fields: Readonly<Settings>;
}

const bodies: Readonly<Record<SourceKind, TObject>> = {
  oauth2: OauthSourceBody,
  saml: SamlSourceBody,
  ldap: LdapSourceBody,
};

interface Deps {
  db: Db;
}

/** @throws {FoyerError} `not_found` for another domain, `validation_failed` for members of a wrong type */
export const readDraft = async (deps: Deps, caller: Caller, body: DraftBody): Promise<Draft> => {
  const kind = body.kind ?? 'oauth2';
  const rules = rulesOf[kind];
  if (body.authority_id) narrowScope(caller, body.authority_id);
  const { source_id: rawId } = body;
  if (rawId !== undefined && !/^[0-9A-Za-z_~-]{1,64}$/.test(rawId))
    failField('source_id', 'is no id of a source');
  const stored = rawId ? await findSource(deps.db, domainScopeOf(caller), kind, rawId) : undefined;
  if (stored && body.authority_id && stored.domainId !== body.authority_id) {
    failField('authority_id', 'is not the domain of this source');
  }
  const renamed = renameMembers(body.draft ?? {}, rules.otherNames);
  const given = stored ? renamed : dropBlankDefaults(rules, renamed);
  const fields = readFields(bodies[kind], given, { creating: false }) as Settings;
  const typed: Record<string, string> = {};
  const kept: string[] = [];
  for (const field of secretFields[kind]) {
    const change = secretChange(fields[field]);
    if (change === 'keep' && stored?.secretsSet.includes(field)) kept.push(field);
    if (typeof change === 'object') {
      typed[field] = String(rules.normalise({ [field]: change.set })[field] ?? change.set);
    }
  }
  return {
    domainId: (stored?.domainId ?? body.authority_id) as DomainId | undefined,
    kind,
    sourceId: rawId as SourceId | undefined,
    stored,
    name: typeof fields.name === 'string' ? plainName(fields.name) : (stored?.name ?? ''),
    settings: mergeSettings(kind, rules, stored?.settings ?? rules.defaults(), fields),
    typedSecrets: typed,
    keptSecrets: kept,
    fields,
  };
};

/**
 * The secrets that the draft would be saved with, in the clear: typed ones, and the stored ones that it keeps.
 * @throws {FoyerError} `secret_required` when a kept one would go to another place than before (S-96),
 *   `secret_unreadable`
 */
export const openSecrets = async (
  { keyring }: { keyring: Keyring },
  { kind, settings, stored, typedSecrets, keptSecrets }: Draft,
): Promise<Record<string, string>> => {
  if (!stored) return { ...typedSecrets };
  requireSecretAgain(rulesOf[kind], stored.settings, settings, keptSecrets);
  const secrets: Record<string, string> = { ...typedSecrets };
  for (const field of keptSecrets) {
    const sealed = stored.secrets[field];
    if (sealed) secrets[field] = await openSecret(keyring, stored.domainId, stored.id, field, sealed);
  }
  return secrets;
};
