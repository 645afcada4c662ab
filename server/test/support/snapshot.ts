/**
 * @module A migrated, empty store with a signing key, made once: as a dumped PGlite folder, and as a template database
 * on PostgreSQL. Starting a store from it takes a fraction of starting from nothing.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { migrate } from '#base/db/migrate.ts';
import { openPglite } from '#base/db/pglite.ts';
import { openPostgres } from '#base/db/postgres.ts';
import { systemClock } from '#base/lib/clock.ts';
import { createKeyring } from '#model/keys/keyring.ts';
import { ensureSigningKey } from '#model/keys/signing-keys.ts';
import type { Db, Tables } from '#model/tables.ts';
import { testKeks } from './test-keys.ts';

const migrations = new URL('../../migrations/', import.meta.url);
const cache = new URL('../../../node_modules/.cache/foyer/', import.meta.url);

/** Changes with every migration and with the key that seals the snapshot. */
const versionOf = (): string => {
  const hash = createHash('sha256').update(testKeks[0]?.key ?? '');
  for (const name of readdirSync(migrations).sort()) hash.update(readFileSync(new URL(name, migrations)));
  return hash.digest('hex').slice(0, 16);
};

/** Fixed for a whole test run, so that a migration written meanwhile does not pull the snapshot from under it. */
export const snapshotVersion = (): string => process.env.FOYER_TEST_SNAPSHOT ?? versionOf();
export const snapshotFile = (): URL => new URL(`pglite-${snapshotVersion()}.tar`, cache);
export const templateDatabase = (): string => `foyer_test_template_${snapshotVersion()}`;

const prepare = async (db: Db): Promise<void> => {
  await migrate(db);
  await ensureSigningKey(db, createKeyring(db, testKeks), systemClock);
  await db.close();
};

export const makePgliteSnapshot = async (): Promise<void> => {
  const file = snapshotFile();
  if (existsSync(file)) return;
  const folder = mkdtempSync(join(tmpdir(), 'foyer-snapshot-'));
  await prepare(await openPglite<Tables>({ folder }));
  const pglite = await PGlite.create({ dataDir: folder });
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  rmSync(folder, { recursive: true });
  mkdirSync(cache, { recursive: true });
  // Renamed into place: two test runs may make it at the same time.
  const draft = new URL(`${file.href}.${process.pid}`);
  writeFileSync(draft, dump);
  renameSync(draft, file);
};

export const withAdmin = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

export const databaseUrl = (server: string, database: string): string => {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
};

export const makePostgresTemplate = (server: string): Promise<void> =>
  withAdmin(server, async (client) => {
    // One maker at a time, over all test runs on this server.
    await client.query('select pg_advisory_lock(7301978)');
    const name = templateDatabase();
    const known = await client.query('select datistemplate from pg_database where datname = $1', [name]);
    if (known.rows[0]?.datistemplate) return;
    if (known.rows.length > 0) await client.query(`drop database ${name}`);
    await client.query(`create database ${name}`);
    const url = databaseUrl(server, name);
    await prepare(openPostgres<Tables>({ url, poolSize: 2, prepare: true, onError: () => {} }));
    await client.query(`alter database ${name} is_template true`);
  });
