import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { DomainTable, Tx } from '#model/tables.ts';
import type { Domain, DomainLegacy } from './domain.ts';

export type NewDomain = Pick<Domain, 'id' | 'name' | 'host'> & Partial<DomainFields>;
type DomainFields = Omit<Domain, 'id' | 'version' | 'createdAt' | 'updatedAt'>;
export type DomainChanges = Partial<DomainFields>;

const toDomain = (row: Selectable<DomainTable>): Domain => ({
  id: row.id as DomainId,
  name: row.name,
  description: row.description,
  host: row.host,
  loginUrl: row.login_url,
  logoutUrl: row.logout_url,
  emailDomains: row.email_domains,
  config: recordOf(row.config),
  internals: recordOf(row.internals),
  passwordSignIn: row.password_sign_in,
  sessionIdleSeconds: row.session_idle_seconds,
  sessionAbsoluteSeconds: row.session_absolute_seconds,
  legacy: recordOf(row.legacy) as DomainLegacy,
  warningEmails: row.warning_emails,
  warningWebhookUrl: row.warning_webhook_url,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toRow = (fields: DomainChanges) => ({
  ...(fields.name !== undefined && { name: fields.name }),
  ...(fields.description !== undefined && { description: fields.description }),
  ...(fields.host !== undefined && { host: fields.host }),
  ...(fields.loginUrl !== undefined && { login_url: fields.loginUrl }),
  ...(fields.logoutUrl !== undefined && { logout_url: fields.logoutUrl }),
  ...(fields.emailDomains !== undefined && { email_domains: fields.emailDomains }),
  ...(fields.config !== undefined && { config: JSON.stringify(fields.config) }),
  ...(fields.internals !== undefined && { internals: JSON.stringify(fields.internals) }),
  ...(fields.passwordSignIn !== undefined && { password_sign_in: fields.passwordSignIn }),
  ...(fields.sessionIdleSeconds !== undefined && { session_idle_seconds: fields.sessionIdleSeconds }),
  ...(fields.sessionAbsoluteSeconds !== undefined && {
    session_absolute_seconds: fields.sessionAbsoluteSeconds,
  }),
  ...(fields.legacy !== undefined && { legacy: JSON.stringify(fields.legacy) }),
  ...(fields.warningEmails !== undefined && { warning_emails: fields.warningEmails }),
  ...(fields.warningWebhookUrl !== undefined && { warning_webhook_url: fields.warningWebhookUrl }),
});

export const findDomainByHost = async (tx: Tx, host: string): Promise<Domain | undefined> => {
  const row = await tx.kysely.selectFrom('domains').selectAll().where('host', '=', host).executeTakeFirst();
  return row && toDomain(row);
};

export const findDomain = async (tx: Tx, id: DomainId): Promise<Domain | undefined> => {
  const row = await tx.kysely.selectFrom('domains').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toDomain(row);
};

/** The domain whose `email_domains` has this one; the oldest when several do. */
export const findDomainByEmailDomain = async (tx: Tx, emailDomain: string): Promise<Domain | undefined> => {
  const row = await tx.kysely
    .selectFrom('domains')
    .selectAll()
    .where(sql<boolean>`${emailDomain} = any(email_domains)`)
    .orderBy('created_at')
    .executeTakeFirst();
  return row && toDomain(row);
};

/** @throws {FoyerError} `conflict` is left to the caller: a taken host is a unique violation of the database. */
export const createDomain = async (tx: Tx, domain: NewDomain): Promise<Domain> => {
  const row = await tx.kysely
    .insertInto('domains')
    .values({ id: domain.id, name: domain.name, host: domain.host, ...toRow(domain) })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toDomain(row);
};

/** @throws {FoyerError} `not_found` */
export const updateDomain = async (tx: Tx, id: DomainId, changes: DomainChanges): Promise<Domain> => {
  const row = await tx.kysely
    .updateTable('domains')
    .set({ ...toRow(changes), version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new FoyerError('not_found', { detail: `domain ${id}` });
  return toDomain(row);
};

export const deleteDomain = async (tx: Tx, id: DomainId): Promise<void> => {
  await tx.kysely.deleteFrom('data_keys').where('domain_id', '=', id).execute();
  await tx.kysely.deleteFrom('domains').where('id', '=', id).execute();
};

export const domainFromRow = toDomain;
