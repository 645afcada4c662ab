/**
 * @module Break-glass accounts: administrators of a domain who get in by a local password whatever its sources do. One works
 * when it is active, has a password, and may use it: by its own flag, or because the domain lets everybody.
 */
import { sql } from 'kysely';
import type { DomainId, UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface BreakGlassAccount {
  id: UserId;
  name: string;
  email: string;
  /** As far as sessions are kept. */
  lastPasswordSignInAt: Date | undefined;
}

const working = (tx: Tx, domainId: DomainId) =>
  tx.kysely
    .selectFrom('users as u')
    .innerJoin('domains as d', 'd.id', 'u.domain_id')
    .where('u.domain_id', '=', domainId)
    .where((eb) => eb.or([eb('u.sys_admin', '=', true), eb('u.platform_admin', '=', true)]))
    .where((eb) => eb.or([eb('u.break_glass', '=', true), eb('d.password_sign_in', '=', true)]))
    .where('u.password_digest', 'is not', null)
    .where('u.email_canonical', 'is not', null)
    .where('u.disabled_at', 'is', null)
    .where('u.deleted_at', 'is', null);

/** Those that work now, by name; at most fifty. */
export const listBreakGlassAccounts = async (tx: Tx, domainId: DomainId): Promise<BreakGlassAccount[]> => {
  const rows = await working(tx, domainId)
    .select(['u.id', 'u.name', 'u.email'])
    .select((eb) =>
      eb
        .selectFrom('sessions as s')
        .select((session) => session.fn.max('s.authenticated_at').as('at'))
        .whereRef('s.domain_id', '=', 'u.domain_id')
        .whereRef('s.user_id', '=', 'u.id')
        .where('s.provider', '=', 'internal')
        .as('last_at'),
    )
    .orderBy('u.name')
    .orderBy('u.id')
    .limit(50)
    .execute();
  return rows.map(({ id, name, email, last_at }) => ({
    id: id as UserId,
    name,
    email: email ?? '',
    lastPasswordSignInAt: last_at ?? undefined,
  }));
};

export const hasBreakGlassAccount = async (tx: Tx, domainId: DomainId): Promise<boolean> =>
  (await working(tx, domainId).select('u.id').limit(1).executeTakeFirst()) !== undefined;

/** From here to the end of the transaction nobody else takes such an account away, or comes to depend on one. */
export const lockBreakGlassAccounts = async (tx: Tx, domainId: DomainId): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext(${`foyer break-glass ${domainId}`}))`.execute(tx.kysely);
};

/** The administrator whom a rescue is for when nobody is named: one who had a password, the break-glass one before others. */
export const findRescuableEmail = async (tx: Tx, domainId: DomainId): Promise<string | undefined> => {
  const row = await tx.kysely
    .selectFrom('users')
    .select('email')
    .where('domain_id', '=', domainId)
    .where((eb) => eb.or([eb('sys_admin', '=', true), eb('platform_admin', '=', true)]))
    .where('email_canonical', 'is not', null)
    .where('deleted_at', 'is', null)
    .orderBy('break_glass', 'desc')
    .orderBy(sql`password_digest is not null`, 'desc')
    .orderBy(sql`disabled_at is null`, 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .executeTakeFirst();
  return row?.email ?? undefined;
};
