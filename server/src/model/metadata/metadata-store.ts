/**
 * @module Every query on metadata. Each save leaves a copy in the history, which keeps the newest twenty of a name.
 * Writers lock the parent first, so saves of one parent come one after the other.
 */
import { type Selectable, sql } from 'kysely';
import type { DomainId } from '#base/lib/ids.ts';
import type { MetadataTable, Tx } from '#model/tables.ts';
import type { Metadata } from './metadata.ts';

export const historyLength = 20;

const toMetadata = (row: Selectable<MetadataTable>): Metadata => ({
  domainId: row.domain_id as DomainId,
  parentId: row.parent_id,
  name: row.name,
  description: row.description,
  details: row.details,
  editors: row.editors,
  schemaId: row.schema_id ?? undefined,
  modifiedById: row.modified_by_id ?? undefined,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** All of some parents, by name. */
export const listMetadata = async (
  tx: Tx,
  domainId: DomainId,
  parentIds: readonly string[],
  name?: string,
): Promise<Metadata[]> => {
  if (parentIds.length === 0) return [];
  const rows = await tx.kysely
    .selectFrom('metadata')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where(sql<boolean>`parent_id = any(${[...parentIds]}::text[])`)
    .$if(name !== undefined, (query) => query.where('name', '=', name as string))
    .orderBy('name')
    .execute();
  return rows.map(toMetadata);
};

export const findMetadata = async (
  tx: Tx,
  domainId: DomainId,
  parentId: string,
  name: string,
): Promise<Metadata | undefined> => (await listMetadata(tx, domainId, [parentId], name))[0];

export type MetadataFields = Pick<
  Metadata,
  'parentId' | 'name' | 'description' | 'details' | 'editors' | 'schemaId' | 'modifiedById'
>;

/** Creates the document, or replaces it whole. */
export const saveMetadata = async (tx: Tx, domainId: DomainId, fields: MetadataFields): Promise<Metadata> => {
  const values = {
    description: fields.description,
    details: JSON.stringify(fields.details),
    editors: fields.editors,
    schema_id: fields.schemaId ?? null,
    modified_by_id: fields.modifiedById ?? null,
  };
  const row = await tx.kysely
    .insertInto('metadata')
    .values({ domain_id: domainId, parent_id: fields.parentId, name: fields.name, ...values })
    .onConflict((conflict) =>
      conflict.columns(['domain_id', 'parent_id', 'name']).doUpdateSet({
        ...values,
        version: sql<number>`metadata.version + 1`,
        updated_at: sql<Date>`now()`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  await keepVersion(tx, row);
  return toMetadata(row);
};

const keepVersion = async (tx: Tx, row: Selectable<MetadataTable>): Promise<void> => {
  await tx.kysely
    .insertInto('metadata_history')
    .values({
      domain_id: row.domain_id,
      parent_id: row.parent_id,
      name: row.name,
      version: row.version,
      description: row.description,
      details: JSON.stringify(row.details),
      modified_by_id: row.modified_by_id,
      created_at: row.updated_at,
    })
    .execute();
  await tx.kysely
    .deleteFrom('metadata_history')
    .where('domain_id', '=', row.domain_id)
    .where('parent_id', '=', row.parent_id)
    .where('name', '=', row.name)
    .where('version', '<=', row.version - historyLength)
    .execute();
};

/** Its history goes along. A taken name is a unique violation of the database, left to the caller. */
export const renameMetadata = async (
  tx: Tx,
  domainId: DomainId,
  parentId: string,
  names: { from: string; to: string },
): Promise<Metadata | undefined> => {
  const row = await tx.kysely
    .updateTable('metadata')
    .set({ name: names.to, updated_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('parent_id', '=', parentId)
    .where('name', '=', names.from)
    .returningAll()
    .executeTakeFirst();
  return row && toMetadata(row);
};

/** One document, or all of the parent's; answers how many there were. */
export const deleteMetadata = async (
  tx: Tx,
  domainId: DomainId,
  parentId: string,
  name?: string,
): Promise<number> => {
  const { numDeletedRows } = await tx.kysely
    .deleteFrom('metadata')
    .where('domain_id', '=', domainId)
    .where('parent_id', '=', parentId)
    .$if(name !== undefined, (query) => query.where('name', '=', name as string))
    .executeTakeFirst();
  return Number(numDeletedRows);
};

/** Earlier states, the newest (the present one) first; `limit` and `offset` count within each name. */
export const listMetadataHistory = async (
  tx: Tx,
  domainId: DomainId,
  parentId: string,
  page: { name: string | undefined; limit: number; offset: number },
): Promise<Metadata[]> => {
  const ranked = tx.kysely
    .selectFrom('metadata_history as history')
    .innerJoin('metadata as current', (join) =>
      join
        .onRef('current.domain_id', '=', 'history.domain_id')
        .onRef('current.parent_id', '=', 'history.parent_id')
        .onRef('current.name', '=', 'history.name'),
    )
    .select([
      'history.domain_id',
      'history.parent_id',
      'history.name',
      'history.description',
      'history.details',
      'history.modified_by_id',
      'history.version',
      'history.created_at as updated_at',
      'current.created_at',
      'current.editors',
      'current.schema_id',
      sql<number>`row_number() over (partition by history.name order by history.version desc)`.as('place'),
    ])
    .where('history.domain_id', '=', domainId)
    .where('history.parent_id', '=', parentId)
    .$if(page.name !== undefined, (query) => query.where('history.name', '=', page.name as string));
  const rows = await tx.kysely
    .selectFrom(ranked.as('ranked'))
    .selectAll()
    .where('place', '>', page.offset)
    .where('place', '<=', page.offset + page.limit)
    .orderBy('name')
    .orderBy('place')
    .execute();
  return rows.map(toMetadata);
};
