/**
 * @module A store for a test: an own database on PostgreSQL, or PGlite in memory. PGlite is kept for the whole test
 * file and emptied when it is handed out again.
 */
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { openPglite } from '#base/db/pglite.ts';
import { openPostgres } from '#base/db/postgres.ts';
import type { Db, Tables } from '#model/tables.ts';
import { databaseUrl, snapshotFile, templateDatabase, withAdmin } from './snapshot.ts';

export type TestEngine = 'pglite' | 'postgres';

export interface TestStore {
  engine: TestEngine;
  db: Db;
  /** Of the database, on PostgreSQL. */
  url: string | undefined;
  release(): Promise<void>;
}

/** FOYER_TEST_ENGINE=postgres runs a whole suite on PostgreSQL. */
export const defaultEngine = (): TestEngine =>
  process.env.FOYER_TEST_ENGINE === 'postgres' ? 'postgres' : 'pglite';

export const openTestStore = (engine: TestEngine = defaultEngine()): Promise<TestStore> =>
  engine === 'postgres' ? openOnPostgres() : openOnPglite();

const openOnPostgres = async (): Promise<TestStore> => {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set, so there is no PostgreSQL to test on');
  const name = `foyer_test_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, (client) => client.query(`create database ${name} template ${templateDatabase()}`));
  const url = databaseUrl(server, name);
  const db = openPostgres<Tables>({ url, poolSize: 10, prepare: true, onError: () => {} });
  return {
    engine: 'postgres',
    db,
    url,
    async release() {
      await db.close();
      await withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
};

const idle: Db[] = [];

const openOnPglite = async (): Promise<TestStore> => {
  const kept = idle.pop();
  if (kept) await empty(kept);
  const db =
    kept ?? (await openPglite<Tables>({ loadDataDir: await openAsBlob(fileURLToPath(snapshotFile())) }));
  return {
    engine: 'pglite',
    db,
    url: undefined,
    async release() {
      idle.push(db);
    },
  };
};

/** Everything but the schema, the installation's own data key and its signing key. */
const empty = async (db: Db): Promise<void> => {
  await sql`truncate domains, setup_tokens, installation, audit, rate_limits restart identity cascade`.execute(
    db.kysely,
  );
  await sql`delete from data_keys where domain_id <> ''`.execute(db.kysely);
};
