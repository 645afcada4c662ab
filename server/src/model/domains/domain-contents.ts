import { sql } from 'kysely';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface DomainContents {
  users: number;
  sources: number;
  applications: number;
  apiKeys: number;
  sessions: number;
}

/** How much goes with a domain when it is deleted. */
export const countDomainContents = async (tx: Tx, domainId: DomainId): Promise<DomainContents> => {
  const count = (table: string) =>
    sql<number>`(select count(*)::int from ${sql.table(table)} where domain_id = ${domainId})`;
  const { rows } = await sql<DomainContents>`
    select ${count('users')} as "users", ${count('sources')} as "sources",
           ${count('applications')} as "applications", ${count('api_keys')} as "apiKeys",
           (select count(*)::int from sessions where domain_id = ${domainId}
             and expires_at > now() and idle_expires_at > now()) as "sessions"`.execute(tx.kysely);
  return rows[0] as DomainContents;
};
