/** Whether a dry run of a source's current revision has passed, for any kind of source. */
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';
import type { SourceKind } from './source.ts';

export interface SourceTest {
  domainId: DomainId;
  id: SourceId;
  kind: SourceKind;
  enabled: boolean;
  isTested: boolean;
}

const query = (tx: Tx, scope: DomainScope, id: string) =>
  tx.kysely
    .selectFrom('sources as s')
    .leftJoin('source_revisions as r', (join) =>
      join
        .onRef('r.domain_id', '=', 's.domain_id')
        .onRef('r.source_id', '=', 's.id')
        .onRef('r.version', '=', 's.version'),
    )
    .select(['s.domain_id', 's.id', 's.kind', 's.enabled', 'r.tested_at'])
    .where('s.id', '=', id)
    .$if(scope !== everyDomain, (within) => within.where('s.domain_id', '=', scope as DomainId));

type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirst']>>;

const toSourceTest = (row: Row): SourceTest | undefined =>
  row && {
    domainId: row.domain_id as DomainId,
    id: row.id as SourceId,
    kind: row.kind,
    enabled: row.enabled,
    isTested: row.tested_at !== null,
  };

export const findSourceTest = async (
  tx: Tx,
  scope: DomainScope,
  id: string,
): Promise<SourceTest | undefined> => toSourceTest(await query(tx, scope, id).executeTakeFirst());

/** The source is kept from changing until the transaction ends. */
export const lockSourceTest = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
): Promise<SourceTest | undefined> =>
  toSourceTest(await query(tx, domainId, id).forUpdate('s').executeTakeFirst());

export const findSourceName = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
): Promise<string | undefined> => {
  const row = await tx.kysely
    .selectFrom('sources')
    .select('name')
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.name;
};
