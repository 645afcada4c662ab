/**
 * @module Every query on sources, for administrators; signing in has its own cached read. Each write is a revision, too. Secrets come and go sealed:
 * seal them before a transaction begins, because unwrapping a domain's key is a query of its own.
 */
import { type Selectable, sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import { type Listed, type ListRequest, matchesWords, pageByName } from '#base/db/listing.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Keyring, SealedPlace } from '#model/keys/keyring.ts';
import type { SourceTable, Tx } from '#model/tables.ts';
import { type RevisionReason, recordRevision } from './revision-store.ts';
import { readSecretNotes, type SecretNotes } from './secret-notes.ts';
import type { Source, SourceKind } from './source.ts';

/** Field name → base64 of the sealed value. */
export type SealedSecrets = Record<string, string>;

/** Where a secret of a source lives; a blob opens nowhere else. */
const placeOfSecret = (domainId: DomainId, id: SourceId, field: string): SealedPlace => ({
  domainId,
  table: 'sources',
  column: `secrets.${field}`,
  rowId: id,
});

export const sealSecret = async (
  keyring: Keyring,
  domainId: DomainId,
  id: SourceId,
  field: string,
  plaintext: string,
): Promise<string> => (await keyring.seal(placeOfSecret(domainId, id, field), plaintext)).toString('base64');

/** @throws {FoyerError} `secret_unreadable` */
export const openSecret = (
  keyring: Keyring,
  domainId: DomainId,
  id: SourceId,
  field: string,
  sealed: string,
): Promise<string> => keyring.open(placeOfSecret(domainId, id, field), Buffer.from(String(sealed), 'base64'));

/** A source together with its secrets as stored. */
export interface StoredSource extends Source {
  secrets: SealedSecrets;
}

export const toStoredSource = (row: Selectable<SourceTable>): StoredSource => ({
  domainId: row.domain_id as DomainId,
  id: row.id as SourceId,
  kind: row.kind,
  name: row.name,
  enabled: row.enabled,
  settings: recordOf(row.settings),
  secretsSet: Object.keys(recordOf(row.secrets)),
  secrets: recordOf(row.secrets) as SealedSecrets,
  secretNotes: readSecretNotes(row.secret_notes),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const listSources = async (
  tx: Tx,
  scope: DomainScope,
  kinds: readonly SourceKind[],
  request: ListRequest,
): Promise<Listed<Source>> => {
  const matches = matchesWords(['id', 'name'], request.q);
  const all = tx.kysely
    .selectFrom('sources')
    .where('kind', 'in', kinds)
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .$if(matches !== undefined, (query) => query.where(matches as NonNullable<typeof matches>));
  return pageByName(all, request, toStoredSource);
};

/** @param kind absent: of any kind */
export const findSource = async (
  tx: Tx,
  scope: DomainScope,
  kind: SourceKind | undefined,
  id: string,
): Promise<StoredSource | undefined> => {
  const row = await tx.kysely
    .selectFrom('sources')
    .selectAll()
    .where('id', '=', id)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind as SourceKind))
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .executeTakeFirst();
  return row && toStoredSource(row);
};

export interface NewSource {
  id: SourceId;
  kind: SourceKind;
  name: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  secrets: SealedSecrets;
  secretNotes: SecretNotes;
}

export const createSource = async (
  tx: Tx,
  domainId: DomainId,
  source: NewSource,
  reason: RevisionReason,
): Promise<Source> => {
  const row = await tx.kysely
    .insertInto('sources')
    .values({
      domain_id: domainId,
      id: source.id,
      kind: source.kind,
      name: source.name,
      enabled: source.enabled,
      settings: JSON.stringify(source.settings),
      secrets: JSON.stringify(source.secrets),
      secret_notes: JSON.stringify(source.secretNotes),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordRevision(tx, domainId, source.id, row.version, reason);
  return toStoredSource(row);
};

/**
 * Replaces what may change, and keeps the result as a revision, if the source is still at `version`; `undefined` when it is not, or is gone. `uid_key` stays
 * whatever it is by then: only a sign-in sets it, and it does not raise the version (see `pin-subject-key.ts`).
 */
export const replaceSource = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
  version: number,
  source: Omit<NewSource, 'id' | 'kind'>,
  reason: RevisionReason,
): Promise<Source | undefined> => {
  const row = await tx.kysely
    .updateTable('sources')
    .set({
      name: source.name,
      enabled: source.enabled,
      settings: sql`${JSON.stringify(source.settings)}::jsonb || jsonb_strip_nulls(jsonb_build_object('uid_key', settings->'uid_key'))`,
      secrets: JSON.stringify(source.secrets),
      secret_notes: JSON.stringify(source.secretNotes),
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst();
  if (row) await recordRevision(tx, domainId, id, row.version, reason);
  return row && toStoredSource(row);
};

/** Deletes a source with its identities and stored upstream tokens; false when it was not at `version` any more. */
export const deleteSource = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
  version: number,
): Promise<boolean> => {
  const { numDeletedRows } = await tx.kysely
    .deleteFrom('sources')
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return numDeletedRows > 0n;
};

/** Forgets the stored upstream tokens of a source: its token endpoint is another one from now on. */
export const forgetGrants = async (tx: Tx, domainId: DomainId, id: SourceId): Promise<void> => {
  await tx.kysely
    .deleteFrom('upstream_grants')
    .where('domain_id', '=', domainId)
    .where('source_id', '=', id)
    .execute();
};
