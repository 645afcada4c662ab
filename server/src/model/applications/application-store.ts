/** @module Every query on `applications`. Callers announce `application` changes after the commit. */

import { type Selectable, sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { type DomainId, randomToken } from '#base/lib/ids.ts';
import type { ApplicationTable, Tx } from '#model/tables.ts';
import { type Application, type ApplicationLegacy, type Client, hashSecret } from './application.ts';

export interface NewApplication {
  name: string;
  redirectUri: string;
  uid: string;
  uidAliases?: string[];
  scopes: string;
  skipAuthorization: boolean;
  confidential?: boolean;
  subsystems?: string[];
  legacy?: ApplicationLegacy;
}

export type ApplicationChanges = Partial<NewApplication>;

export interface ApplicationQuery {
  /** Part of name, uid or redirect URI, any case. */
  search?: string;
  limit?: number;
  offset?: number;
}

interface LegacyJson {
  implicit?: boolean;
  password?: boolean;
  no_pkce?: boolean;
  query_secrets?: boolean;
}

const toLegacy = (raw: unknown): ApplicationLegacy => {
  const json = recordOf(raw) as LegacyJson;
  return {
    ...(json.implicit && { implicit: true }),
    ...(json.password && { password: true }),
    ...(json.no_pkce && { noPkce: true }),
    ...(json.query_secrets && { querySecrets: true }),
  };
};

const fromLegacy = (legacy: ApplicationLegacy): string => {
  const json: LegacyJson = {
    ...(legacy.implicit && { implicit: true }),
    ...(legacy.password && { password: true }),
    ...(legacy.noPkce && { no_pkce: true }),
    ...(legacy.querySecrets && { query_secrets: true }),
  };
  return JSON.stringify(json);
};

export const toApplication = (row: Selectable<ApplicationTable>): Application => ({
  domainId: row.domain_id as DomainId,
  id: row.id,
  uid: row.uid,
  uidAliases: row.uid_aliases,
  name: row.name,
  redirectUri: row.redirect_uri,
  scopes: row.scopes,
  confidential: row.confidential,
  skipAuthorization: row.skip_authorization,
  subsystems: row.subsystems,
  legacy: toLegacy(row.legacy),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toClient = (row: Selectable<ApplicationTable>): Client => ({
  application: toApplication(row),
  secretHashes: [row.secret_hash, row.next_secret_hash].flatMap((hash) => (hash ? [Buffer.from(hash)] : [])),
});

const toRow = (changes: ApplicationChanges) => ({
  ...(changes.name !== undefined && { name: changes.name }),
  ...(changes.redirectUri !== undefined && { redirect_uri: changes.redirectUri }),
  ...(changes.uid !== undefined && { uid: changes.uid }),
  ...(changes.uidAliases !== undefined && { uid_aliases: changes.uidAliases }),
  ...(changes.scopes !== undefined && { scopes: changes.scopes }),
  ...(changes.skipAuthorization !== undefined && { skip_authorization: changes.skipAuthorization }),
  ...(changes.confidential !== undefined && { confidential: changes.confidential }),
  ...(changes.subsystems !== undefined && { subsystems: changes.subsystems }),
  ...(changes.legacy !== undefined && { legacy: fromLegacy(changes.legacy) }),
});

const newSecret = (): string => randomToken(40);

/**
 * Registers an application. Its secret is answered here and never again (S-69).
 * A taken uid, name or redirect URI is a unique violation of the database, left to the caller.
 */
export const createApplication = async (
  tx: Tx,
  domainId: DomainId,
  application: NewApplication,
): Promise<{ application: Application; secret: string }> => {
  const secret = newSecret();
  const row = await tx.kysely
    .insertInto('applications')
    .values({
      ...toRow(application),
      domain_id: domainId,
      uid: application.uid,
      name: application.name,
      redirect_uri: application.redirectUri,
      secret_hash: hashSecret(secret),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { application: toApplication(row), secret };
};

/** @throws {FoyerError} `not_found`; unique violations as in `createApplication`. */
export const updateApplication = async (
  tx: Tx,
  domainId: DomainId,
  id: number,
  changes: ApplicationChanges,
): Promise<Application> => {
  const row = await tx.kysely
    .updateTable('applications')
    .set({ ...toRow(changes), updated_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new FoyerError('not_found', { detail: `application ${id}` });
  return toApplication(row);
};

/**
 * Adds a secret beside the newest one; both count until the next rotation (S-69).
 * @throws {FoyerError} `not_found`
 */
export const rotateApplicationSecret = async (tx: Tx, domainId: DomainId, id: number): Promise<string> => {
  const secret = newSecret();
  const { numUpdatedRows } = await tx.kysely
    .updateTable('applications')
    .set({
      secret_hash: sql`coalesce(next_secret_hash, secret_hash)`,
      next_secret_hash: hashSecret(secret),
      updated_at: sql`now()`,
    })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new FoyerError('not_found', { detail: `application ${id}` });
  return secret;
};

/** Ends a rotation: only the newest secret counts from here on. */
export const retireOldApplicationSecret = async (tx: Tx, domainId: DomainId, id: number): Promise<void> => {
  await tx.kysely
    .updateTable('applications')
    .set({
      secret_hash: sql`coalesce(next_secret_hash, secret_hash)`,
      next_secret_hash: null,
      updated_at: sql`now()`,
    })
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .execute();
};

/** Its codes, tokens and consents go with it. @throws {FoyerError} `not_found` */
export const deleteApplication = async (tx: Tx, domainId: DomainId, id: number): Promise<void> => {
  const { numDeletedRows } = await tx.kysely
    .deleteFrom('applications')
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new FoyerError('not_found', { detail: `application ${id}` });
};

export const findApplication = async (
  tx: Tx,
  domainId: DomainId,
  id: number,
): Promise<Application | undefined> => {
  const row = await tx.kysely
    .selectFrom('applications')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toApplication(row);
};

/** By client id or one of its aliases; the client id itself wins. */
export const findClient = async (
  tx: Tx,
  domainId: DomainId,
  clientId: string,
): Promise<Client | undefined> => {
  const row = await tx.kysely
    .selectFrom('applications')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where((eb) => eb.or([eb('uid', '=', clientId), sql<boolean>`${clientId} = any(uid_aliases)`]))
    .orderBy(sql`uid = ${clientId}`, 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toClient(row);
};

/** One page in order of creation, and how many there are in all. */
export const listApplications = async (
  tx: Tx,
  domainId: DomainId,
  { search = '', limit = 1_000, offset = 0 }: ApplicationQuery = {},
): Promise<{ applications: Application[]; total: number }> => {
  let matching = tx.kysely.selectFrom('applications').where('domain_id', '=', domainId);
  if (search !== '') {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    matching = matching.where((eb) =>
      eb.or([
        eb('name', 'ilike', pattern),
        eb('uid', 'ilike', pattern),
        eb('redirect_uri', 'ilike', pattern),
      ]),
    );
  }
  const rows = await matching.selectAll().orderBy('id').limit(limit).offset(offset).execute();
  const { n } = await matching.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  return { applications: rows.map(toApplication), total: Number(n) };
};

/** Redirect URIs of all applications of a domain, as registered. */
export const listRedirectUris = async (tx: Tx, domainId: DomainId): Promise<string[]> => {
  const rows = await tx.kysely
    .selectFrom('applications')
    .select('redirect_uri')
    .where('domain_id', '=', domainId)
    .execute();
  return rows.map((row) => row.redirect_uri);
};
