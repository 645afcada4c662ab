/**
 * @module Creating, changing and deleting sources. Everything that needs a key or a look-up happens before the
 * transaction; the version number says whether the source is still what it was then.
 */
import type { ErrorCode } from '#base/lib/errors.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { type DomainId, newSourceId } from '#base/lib/ids.ts';
import type { DomainScope } from '#model/access/domain-scope.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { type Source, type SourceKind, secretFields } from '#model/sources/source.ts';
import {
  createSource,
  deleteSource,
  findSource,
  forgetGrants,
  replaceSource,
  type SealedSecrets,
  type StoredSource,
  sealSecret,
} from '#model/sources/source-store.ts';
import type { Db } from '#model/tables.ts';
import { failField, plainName, reasons, refuseFailures } from '../assign.ts';
import { requireMatch } from '../precondition.ts';
import { mergeSettings, requireSecretAgain, type SecretChange, secretChange } from './merge-settings.ts';
import { rulesOf, type Settings, type ValidateSource } from './source-rules.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
  changes: Changes;
  validateSource: ValidateSource;
}

/** Members of a body, each of the right type. */
export type SourceFields = Settings & { name?: string; authority_id?: string; enabled?: boolean };

const nameOf = (raw: string): string => {
  const name = plainName(raw);
  return name === '' ? failField('name', reasons.required) : name;
};

type SecretChanges = [field: string, change: SecretChange][];

/** Settings are checked together with the secrets that come with them. */
const check = async (
  deps: Deps,
  kind: SourceKind,
  settings: Settings,
  before: Readonly<Settings>,
  secrets: SecretChanges,
): Promise<void> => {
  refuseFailures(rulesOf[kind].validate(settings));
  const given = secrets.flatMap(([field, change]) =>
    typeof change === 'object' ? [[field, change.set] as const] : [],
  );
  refuseFailures(await deps.validateSource(kind, { ...settings, ...Object.fromEntries(given) }, before));
};

const secretChangesOf = (kind: SourceKind, fields: SourceFields): SecretChanges =>
  secretFields[kind].map((field) => [field, secretChange(fields[field])]);

const applySecrets = async (
  deps: Deps,
  source: { domainId: DomainId; id: Source['id']; secrets: SealedSecrets },
  changes: SecretChanges,
  normalise: (settings: Settings) => Settings,
): Promise<SealedSecrets> => {
  const secrets = { ...source.secrets };
  for (const [field, change] of changes) {
    if (change === 'clear') delete secrets[field];
    if (typeof change !== 'object') continue;
    const plaintext = String(normalise({ [field]: change.set })[field] ?? change.set);
    secrets[field] = await sealSecret(deps.keyring, source.domainId, source.id, field, plaintext);
  }
  return secrets;
};

/** @throws {FoyerError} `validation_failed` */
export const addSource = async (
  deps: Deps,
  actor: Actor,
  { domainId, kind, fields }: { domainId: DomainId; kind: SourceKind; fields: SourceFields },
): Promise<Source> => {
  const rules = rulesOf[kind];
  const name = nameOf(fields.name ?? '');
  const settings = mergeSettings(kind, rules, rules.defaults(), fields);
  const changes = secretChangesOf(kind, fields);
  await check(deps, kind, settings, {}, changes);
  const id = newSourceId(rules.idPrefix);
  const secrets = await applySecrets(deps, { domainId, id, secrets: {} }, changes, rules.normalise);
  const source = await deps.db.transaction(async (tx) => {
    const created = await createSource(tx, domainId, {
      id,
      kind,
      name,
      enabled: fields.enabled ?? true,
      settings,
      secrets,
    });
    await writeAudit(tx, domainId, actor, {
      action: 'source.create',
      sourceId: id,
      target: id,
      fields: Object.keys(fields),
      detail: { kind, legacy_on: rules.weaknesses(settings) },
    });
    return created;
  });
  await deps.changes.announce({ kind: 'source', domainId, id });
  return source;
};

export interface SourceTarget {
  scope: DomainScope;
  kind: SourceKind;
  id: string;
}

export interface ChangeSource extends SourceTarget {
  fields: SourceFields;
  ifMatch: string | undefined;
}

/** @throws {FoyerError} `not_found`, `validation_failed`, `secret_required`, `precondition_failed`, `conflict` */
export const changeSource = async (deps: Deps, actor: Actor, change: ChangeSource): Promise<Source> => {
  // Another administrator may save between our read and our write; the second look then sees their version.
  for (let tries = 0; tries < 3; tries++) {
    const stored = await getSource(deps, change);
    requireMatch(change.ifMatch, stored.version);
    const saved = await tryChange(deps, actor, stored, change.fields);
    if (saved) return saved;
  }
  throw new FoyerError('conflict', { detail: 'The source is being changed by somebody else' });
};

const tryChange = async (
  deps: Deps,
  actor: Actor,
  stored: StoredSource,
  fields: SourceFields,
): Promise<Source | undefined> => {
  const { domainId, id, kind } = stored;
  const rules = rulesOf[kind];
  if (fields.authority_id !== undefined && fields.authority_id !== domainId) {
    failField('authority_id', 'cannot be changed: make a new source in the other domain');
  }
  const name = fields.name === undefined ? stored.name : nameOf(fields.name);
  const enabled = fields.enabled ?? stored.enabled;
  const settings = mergeSettings(kind, rules, stored.settings, fields);
  const changes = secretChangesOf(kind, fields);
  const kept = changes.filter(([, each]) => each === 'keep').map(([field]) => field);
  const keptAndSet = kept.filter((field) => stored.secretsSet.includes(field));
  try {
    requireSecretAgain(rules, stored.settings, settings, keptAndSet);
  } catch (error) {
    if (isFoyerError(error)) await writeRefusal(deps, actor, stored, error.code);
    throw error;
  }
  await check(deps, kind, settings, stored.settings, changes);
  const secrets = await applySecrets(deps, stored, changes, rules.normalise);
  const changed = changedNames(stored, { name, enabled, settings, secrets });
  if (changed.length === 0) return stored;
  const before = rules.destinations(stored.settings);
  const after = rules.destinations(settings);
  const source = await deps.db.transaction(async (tx) => {
    const replaced = await replaceSource(tx, domainId, id, stored.version, {
      name,
      enabled,
      settings,
      secrets,
    });
    if (!replaced) return undefined;
    // A refresh token never goes to another host than the one that gave it (S-48).
    if (before.token_url !== after.token_url) await forgetGrants(tx, domainId, id);
    const weakBefore = rules.weaknesses(stored.settings);
    await writeAudit(tx, domainId, actor, {
      action: 'source.update',
      sourceId: id,
      target: id,
      fields: changed,
      detail: { legacy_on: rules.weaknesses(settings).filter((each) => !weakBefore.includes(each)) },
    });
    return replaced;
  });
  if (source) await deps.changes.announce({ kind: 'source', domainId, id });
  return source;
};

const changedNames = (
  before: StoredSource,
  after: Pick<StoredSource, 'name' | 'enabled' | 'settings' | 'secrets'>,
): string[] => {
  const differ = (a: Settings, b: Settings): string[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
    );
  return [
    ...(before.name === after.name ? [] : ['name']),
    ...(before.enabled === after.enabled ? [] : ['enabled']),
    ...differ(before.settings, after.settings),
    ...differ(before.secrets, after.secrets),
  ];
};

/** The form of Backoffice cannot show this refusal, so the audit log has to. */
const writeRefusal = (deps: Deps, actor: Actor, source: Source, reason: ErrorCode): Promise<void> =>
  writeAudit(deps.db, source.domainId, actor, {
    action: 'source.update',
    outcome: 'denied',
    reason,
    sourceId: source.id,
    target: source.id,
  });

/** @throws {FoyerError} `not_found`, `precondition_failed` */
export const removeSource = async (
  deps: Deps,
  actor: Actor,
  removal: Omit<ChangeSource, 'fields'>,
): Promise<void> => {
  const { domainId, id, version } = await getSource(deps, removal);
  requireMatch(removal.ifMatch, version);
  await deps.db.transaction(async (tx) => {
    if (!(await deleteSource(tx, domainId, id, version))) throw new FoyerError('precondition_failed');
    await writeAudit(tx, domainId, actor, { action: 'source.delete', sourceId: id, target: id });
  });
  await deps.changes.announce({ kind: 'source', domainId, id });
};

/** @throws {FoyerError} `not_found` outside of the scope, too */
export const getSource = async (
  deps: Pick<Deps, 'db'>,
  { scope, kind, id }: SourceTarget,
): Promise<StoredSource> => {
  const source = await findSource(deps.db, scope, kind, id);
  if (!source) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
  return source;
};
