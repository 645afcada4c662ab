/** Who would lose their way in without a source. */
import { sql } from 'kysely';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface SourceImpact {
  /** Active people who have signed in through it. */
  users: number;
  /** Those of them with no other enabled source and no password that counts. */
  onlyWayIn: number;
  /** The first of these, by name. */
  people: { id: UserId; name: string; email: string }[];
  otherSources: number;
}

const maxPeople = 20;

export const readSourceImpact = async (tx: Tx, domainId: DomainId, id: SourceId): Promise<SourceImpact> => {
  // Where passwords are off, only break-glass accounts may use theirs.
  const stranded = sql`not exists (
      select 1 from identities o join sources s on s.domain_id = o.domain_id and s.id = o.source_id
       where o.domain_id = u.domain_id and o.user_id = u.id and o.source_id <> ${id} and s.enabled)
    and (u.password_digest is null or not (d.password_sign_in or u.break_glass))`;
  const users = sql`
      from users u join domains d on d.id = u.domain_id
     where u.domain_id = ${domainId} and u.disabled_at is null and u.deleted_at is null
       and exists (select 1 from identities i
                    where i.domain_id = u.domain_id and i.user_id = u.id and i.source_id = ${id})`;
  const counts = await sql<{ users: string; only_way_in: string; other_sources: string }>`
    select count(*) as users, count(*) filter (where ${stranded}) as only_way_in,
           (select count(*) from sources where domain_id = ${domainId} and id <> ${id} and enabled) as other_sources
    ${users}`.execute(tx.kysely);
  const people = await sql<{ id: UserId; name: string; email: string | null }>`
    select u.id, u.name, u.email ${users} and ${stranded} order by u.name, u.id limit ${maxPeople}`.execute(
    tx.kysely,
  );
  const [row] = counts.rows;
  return {
    users: Number(row?.users ?? 0),
    onlyWayIn: Number(row?.only_way_in ?? 0),
    people: people.rows.map(({ id: userId, name, email }) => ({ id: userId, name, email: email ?? '' })),
    otherSources: Number(row?.other_sources ?? 0),
  };
};
