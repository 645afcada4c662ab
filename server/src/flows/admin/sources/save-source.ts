/**
 * @module Creating, changing and deleting sources. Everything that needs a key or a look-up happens before the
 * transaction; the version number says whether the source is still what it was then. Each write is a revision.
 */
import { isUniqueViolation } from '#base/db/database.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { DomainScope } from '#model/access/domain-scope.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import { defaultSourceIdOf, signInPageUrl } from '#model/domains/default-source.ts';
import { lockDomain } from '#model/domains/domain-admin-store.ts';
import { updateDomain } from '#model/domains/domain-store.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { type RevisionReason, recordRevision, type TestStamp } from '#model/sources/revision-store.ts';
import type { Source, SourceKind } from '#model/sources/source.ts';
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
import type { Db, Tx } from '#model/tables.ts';
import { tokenHostOf } from '#upstream/identity/oauth2/token-host.ts';
import { failField, reasons, refuseFailures } from '../assign.ts';
import { requireMatch } from '../precondition.ts';
import { type ComposedSource, composeSource, type SourceFields } from './compose-source.ts';
import { stampOf } from './dry-run-stamp.ts';
import { sourceIdFor } from './reservation.ts';
import { rulesOf, type Settings, type ValidateSource } from './source-rules.ts';

export interface SaveSourceDeps {
  db: Db;
  keyring: Keyring;
  clock: Clock;
  changes: Changes;
  validateSource: ValidateSource;
}

/** Who saves. */
export interface Saver {
  actor: Actor;
  /** The person behind the credential; their passes of dry runs count. */
  userId: string | undefined;
}

/** Settings are checked together with the secrets that come with them. */
const check = async (
  deps: SaveSourceDeps,
  kind: SourceKind,
  { name, settings, secretChanges }: Pick<ComposedSource, 'name' | 'settings' | 'secretChanges'>,
  before: Readonly<Settings>,
): Promise<void> => {
  if (name === '') failField('name', reasons.required);
  refuseFailures(rulesOf[kind].validate(settings));
  const given = secretChanges.flatMap(([field, change]) =>
    typeof change === 'object' ? [[field, change.set] as const] : [],
  );
  refuseFailures(await deps.validateSource(kind, { ...settings, ...Object.fromEntries(given) }, before));
};

const sealChanges = async (
  { keyring }: SaveSourceDeps,
  source: { domainId: DomainId; id: Source['id']; secrets: SealedSecrets },
  { secretChanges }: ComposedSource,
): Promise<SealedSecrets> => {
  const secrets = { ...source.secrets };
  for (const [field, change] of secretChanges) {
    if (change === 'clear') delete secrets[field];
    if (typeof change !== 'object') continue;
    secrets[field] = await sealSecret(keyring, source.domainId, source.id, field, change.set);
  }
  return secrets;
};

export interface NewSourceRequest {
  domainId: DomainId;
  kind: SourceKind;
  fields: SourceFields;
}

/** @throws {FoyerError} `validation_failed`, `conflict` when the reserved id is in use already */
export const addSource = async (
  deps: SaveSourceDeps,
  { actor, userId }: Saver,
  { domainId, kind, fields }: NewSourceRequest,
): Promise<Source> => {
  const composed = await composeSource(deps, domainId, kind, undefined, fields);
  await check(deps, kind, composed, {});
  const id = await sourceIdFor(deps, domainId, kind, fields);
  const secrets = await sealChanges(deps, { domainId, id, secrets: {} }, composed);
  const { name, enabled, settings, secretNotes, digest } = composed;
  const test = await stampOf(deps, domainId, digest, { rawPass: fields.dry_run_pass, userId });
  const source = await withFreeId(() =>
    deps.db.transaction(async (tx) => {
      const created = await createSource(
        tx,
        domainId,
        { id, kind, name, enabled, settings, secrets, secretNotes },
        { actor, cause: 'create', digest, ...(test && { test }) },
      );
      await writeAudit(tx, domainId, actor, {
        action: 'source.create',
        sourceId: id,
        target: id,
        fields: Object.keys(fields),
        detail: { kind, legacy_on: rulesOf[kind].weaknesses(settings) },
      });
      if (test) await writeTest(tx, actor, created, digest);
      return created;
    }),
  );
  await deps.changes.announce({ kind: 'source', domainId, id });
  return source;
};

const withFreeId = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    throw new FoyerError('conflict', { cause, detail: 'The reserved id is in use already' });
  }
};

const writeTest = (tx: Tx, actor: Actor, source: Source, digest: string): Promise<void> =>
  writeAudit(tx, source.domainId, actor, {
    action: 'source.test',
    sourceId: source.id,
    target: source.id,
    detail: { version: source.version, digest: digest.slice(0, 8) },
  });

/** Notes that a dry run of exactly the stored revision has passed. */
export const stampSource = async (
  deps: Pick<SaveSourceDeps, 'db'>,
  actor: Actor,
  source: StoredSource,
  digest: string,
  test: TestStamp,
): Promise<void> => {
  await deps.db.transaction(async (tx) => {
    const { domainId, id, version } = source;
    await recordRevision(tx, domainId, id, version, { actor, cause: 'import', digest, test });
    await writeTest(tx, actor, source, digest);
  });
};

export interface SourceTarget {
  scope: DomainScope;
  /** Absent: of any kind. */
  kind?: SourceKind;
  id: string;
}

export interface ChangeSource extends SourceTarget {
  fields: SourceFields;
  ifMatch: string | undefined;
}

/** @throws {FoyerError} `not_found`, `validation_failed`, `secret_required`, `precondition_failed`, `conflict` */
export const changeSource = async (
  deps: SaveSourceDeps,
  saver: Saver,
  change: ChangeSource,
): Promise<Source> => {
  const { ifMatch, fields } = change;
  return retrySave(deps, change, ifMatch, (stored) => tryChange(deps, saver, stored, fields));
};

/**
 * Another administrator may save between our read and our write; the next look then sees their version.
 * @param save answers `undefined` when the source was not what it had read
 */
export const retrySave = async (
  deps: Pick<SaveSourceDeps, 'db'>,
  target: SourceTarget,
  ifMatch: string | undefined,
  save: (stored: StoredSource) => Promise<Source | undefined>,
): Promise<Source> => {
  for (let tries = 0; tries < 3; tries++) {
    const stored = await getSource(deps, target);
    requireMatch(ifMatch, stored.version);
    const saved = await save(stored);
    if (saved) return saved;
  }
  throw new FoyerError('conflict', { detail: 'The source is being changed by somebody else' });
};

const tryChange = async (
  deps: SaveSourceDeps,
  { actor, userId }: Saver,
  stored: StoredSource,
  fields: SourceFields,
): Promise<Source | undefined> => {
  const { domainId, kind } = stored;
  if (fields.authority_id !== undefined && fields.authority_id !== domainId) {
    failField('authority_id', 'cannot be changed: make a new source in the other domain');
  }
  if (fields.name !== undefined && fields.name.trim() === '') failField('name', reasons.required);
  const composed = await composeAudited(deps, actor, stored, fields);
  await check(deps, kind, composed, stored.settings);
  const { name, enabled, settings, secretNotes, digest } = composed;
  const secrets = await sealChanges(deps, stored, composed);
  const test = await stampOf(deps, domainId, digest, { rawPass: fields.dry_run_pass, userId });
  const content = { name, enabled, settings, secrets, secretNotes };
  const changed = changedNames(stored, content);
  if (changed.length === 0) {
    if (test) await stampSource(deps, actor, stored, digest, test);
    return stored;
  }
  return replaceContent(deps, stored, content, {
    reason: { actor, cause: 'edit', digest, ...(test && { test }) },
    action: 'source.update',
    fields: changed,
  });
};

const composeAudited = async (
  deps: SaveSourceDeps,
  actor: Actor,
  stored: StoredSource,
  fields: SourceFields,
): Promise<ComposedSource> => {
  try {
    return await composeSource(deps, stored.domainId, stored.kind, stored, fields);
  } catch (error) {
    if (isFoyerError(error, 'secret_required')) await writeRefusal(deps, actor, stored, error.code);
    throw error;
  }
};

export type SourceContent = Pick<StoredSource, 'name' | 'enabled' | 'settings' | 'secrets' | 'secretNotes'>;

export interface Replacement {
  reason: RevisionReason;
  action: string;
  fields: string[];
  detail?: Record<string, unknown>;
}

/**
 * Writes what the source is from now on, with its revision and audit row, and tells everybody; `undefined` when it was not
 * at the version of `stored` any more.
 */
export const replaceContent = async (
  deps: SaveSourceDeps,
  stored: StoredSource,
  content: SourceContent,
  { reason, action, fields, detail }: Replacement,
): Promise<Source | undefined> => {
  const { domainId, id, kind } = stored;
  const { weaknesses } = rulesOf[kind];
  const weakBefore = weaknesses(stored.settings);
  let defaultEnded = false;
  const source = await deps.db.transaction(async (tx) => {
    const isSwitchedOff = stored.enabled && !content.enabled;
    if (isSwitchedOff) await lockDomain(tx, domainId);
    const replaced = await replaceSource(tx, domainId, id, stored.version, content, reason);
    if (!replaced) return undefined;
    defaultEnded = isSwitchedOff && (await endDefault(tx, reason.actor, domainId, { disabled_default: id }));
    // A refresh token never goes to another host than the one that gave it (S-48).
    const hasMoved = kind === 'oauth2' && tokenHostOf(stored.settings) !== tokenHostOf(content.settings);
    if (hasMoved) await forgetGrants(tx, domainId, id);
    await writeAudit(tx, domainId, reason.actor, {
      action,
      sourceId: id,
      target: id,
      fields,
      detail: {
        ...detail,
        legacy_on: weaknesses(content.settings).filter((each) => !weakBefore.includes(each)),
      },
    });
    if (reason.test) await writeTest(tx, reason.actor, replaced, reason.digest);
    return replaced;
  });
  if (source) await deps.changes.announce({ kind: 'source', domainId, id });
  if (defaultEnded) await deps.changes.announce({ kind: 'domain', domainId });
  return source;
};

/** Names of what differs: members, secrets, and the notes on secrets. */
export const changedNames = (before: StoredSource, after: SourceContent): string[] => {
  const differ = (a: object, b: object): string[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (name) => JSON.stringify(a[name as never]) !== JSON.stringify(b[name as never]),
    );
  const expiries = (notes: StoredSource['secretNotes']): Settings =>
    Object.fromEntries(
      Object.entries(notes).map(([field, note]) => [`${field}_expires_at`, note.expires_at]),
    );
  return [
    ...(before.name === after.name ? [] : ['name']),
    ...(before.enabled === after.enabled ? [] : ['enabled']),
    ...differ(before.settings, after.settings),
    ...differ(before.secrets, after.secrets),
    ...differ(expiries(before.secretNotes), expiries(after.secretNotes)),
  ];
};

/** The form of Backoffice cannot show this refusal, so the audit log has to. */
const writeRefusal = (deps: SaveSourceDeps, actor: Actor, source: Source, reason: ErrorCode): Promise<void> =>
  writeAudit(deps.db, source.domainId, actor, {
    action: 'source.update',
    outcome: 'denied',
    reason,
    sourceId: source.id,
    target: source.id,
  });

/** @throws {FoyerError} `not_found`, `precondition_failed` */
export const removeSource = async (
  deps: SaveSourceDeps,
  actor: Actor,
  removal: Omit<ChangeSource, 'fields'>,
): Promise<void> => {
  const { domainId, id, version } = await getSource(deps, removal);
  requireMatch(removal.ifMatch, version);
  const wasDefault = await deps.db.transaction(async (tx) => {
    await lockDomain(tx, domainId);
    if (!(await deleteSource(tx, domainId, id, version))) throw new FoyerError('precondition_failed');
    await writeAudit(tx, domainId, actor, { action: 'source.delete', sourceId: id, target: id });
    return endDefault(tx, actor, domainId, { deleted_default: id });
  });
  await deps.changes.announce({ kind: 'source', domainId, id });
  if (wasDefault) await deps.changes.announce({ kind: 'domain', domainId });
};

/**
 * Nobody is sent to a source that is gone or switched off: the domain's people get the sign-in page again. Answers whether
 * it was the default. The domain is locked before the source's row is touched, as everywhere.
 */
const endDefault = async (
  tx: Tx,
  actor: Actor,
  domainId: DomainId,
  detail: { deleted_default: SourceId } | { disabled_default: SourceId },
): Promise<boolean> => {
  const domain = await lockDomain(tx, domainId);
  if (!domain || defaultSourceIdOf(domain.loginUrl) !== Object.values(detail)[0]) return false;
  await updateDomain(tx, domainId, { loginUrl: signInPageUrl });
  await writeAudit(tx, domainId, actor, {
    action: 'domain.update',
    target: domainId,
    fields: ['loginUrl'],
    detail,
  });
  return true;
};

/** @throws {FoyerError} `not_found` outside of the scope, too */
export const getSource = async (
  deps: Pick<SaveSourceDeps, 'db'>,
  { scope, kind, id }: SourceTarget,
): Promise<StoredSource> => {
  const source = await findSource(deps.db, scope, kind, id);
  if (!source) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
  return source;
};
