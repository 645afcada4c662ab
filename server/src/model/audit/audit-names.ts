/** Names of what audit rows are about: people, API keys, applications, sources and domains, in one query. */
import { sql } from 'kysely';
import type { Tx } from '#model/tables.ts';
import type { AuditRow } from './audit-log.ts';

/** The name of an id that a row has; `undefined` when what it named is gone. */
export type NameOf = (row: Pick<AuditRow, 'domainId'>, id: string | undefined) => string | undefined;

interface Named {
  /** Empty: of the installation, whose administrators act in every domain. */
  domain_id: string;
  id: string;
  name: string;
}

export const findAuditNames = async (tx: Tx, rows: readonly AuditRow[]): Promise<NameOf> => {
  const domains = [...new Set(rows.map(({ domainId }) => domainId))];
  const ids = [
    ...new Set(
      rows
        .flatMap(({ actorId, sourceId, applicationId, target }) => [actorId, sourceId, applicationId, target])
        .filter((id) => id !== undefined),
    ),
  ];
  if (ids.length === 0) return () => undefined;
  const numbers = ids.filter((id) => /^\d{1,15}$/.test(id)).map(Number);
  const here = sql`domain_id = any(${domains}::text[])`;
  const wanted = sql`id = any(${ids}::text[])`;
  const { rows: named } = await sql<Named>`
    select case when ${here} then domain_id else '' end as domain_id, id, name from users
     where ${wanted} and (${here} or platform_admin)
    union all select domain_id, id, name from api_keys where ${wanted} and ${here}
    union all select domain_id, id, name from sources where ${wanted} and ${here}
    union all select domain_id, id::text, name from applications
               where id = any(${numbers}::bigint[]) and ${here}
    union all select domain_id, uid, name from applications where uid = any(${ids}::text[]) and ${here}
    union all select id, id, name from domains where ${wanted} and id = any(${domains}::text[])`.execute(
    tx.kysely,
  );
  const names = new Map(named.map((each) => [`${each.domain_id}\n${each.id}`, each.name]));
  return ({ domainId }, id) =>
    id === undefined ? undefined : (names.get(`${domainId}\n${id}`) ?? names.get(`\n${id}`));
};
