/**
 * @module Brings the schema up to date from numbered SQL files, all that are missing in one transaction.
 *
 * Starters that come together elect one by an advisory lock. A released file is never edited: its checksum is kept
 * and compared, so that two versions of one number cannot both be "applied".
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { FoyerError } from '#base/lib/errors.ts';
import type { Database } from './database.ts';

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

const folder = new URL('../../../migrations/', import.meta.url);
const lockKey = 7_301_977; // any fixed number: names Foyer's migrations among advisory locks

const readMigrations = async (): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
};

/**
 * Applies what is missing and answers the names applied.
 *
 * A schema that is newer than this version is left alone: during a rolling update the old version goes on with it.
 *
 * @throws {FoyerError} `unavailable` when an applied file was edited.
 */
export const migrate = async <Tables>(db: Database<Tables>): Promise<string[]> => {
  const migrations = await readMigrations();
  return db.transaction(async ({ kysely }) => {
    await sql`set local lock_timeout = '30s'`.execute(kysely);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(kysely);
    await sql`create table if not exists schema_migrations (name text primary key, checksum text not null,
      applied_at timestamptz not null default now())`.execute(kysely);
    const { rows } = await sql<{
      name: string;
      checksum: string;
    }>`select name, checksum from schema_migrations`.execute(kysely);
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    const fresh: string[] = [];
    for (const { name, text, checksum } of migrations) {
      const known = applied.get(name);
      if (known === checksum) continue;
      if (known)
        throw new FoyerError('unavailable', { detail: `migration ${name} was edited after it was applied` });
      for (const part of splitStatements(text)) await sql.raw(part).execute(kysely);
      await sql`insert into schema_migrations (name, checksum) values (${name}, ${checksum})`.execute(kysely);
      fresh.push(name);
    }
    return fresh;
  });
};

/** Answers the migrations that are not applied yet; for `/readyz` and `foyer doctor`. */
export const pendingMigrations = async <Tables>(db: Database<Tables>): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(db.kysely);
  const applied = new Set(rows.map((row) => row.name));
  return (await readMigrations()).map(({ name }) => name).filter((name) => !applied.has(name));
};

/** Our files hold plain statements; no function bodies, so a semicolon at a line's end closes one. */
const splitStatements = (text: string): string[] =>
  text
    .replace(/--[^\n]*/g, '')
    .split(/;\s*(?:\n|$)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
