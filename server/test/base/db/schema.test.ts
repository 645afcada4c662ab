/**
 * Reads the catalogue and proves what the architecture promises: every table of a domain's data can be distributed by
 * domain, and the database itself refuses a reference across domains.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sqlStateOf } from '#base/db/database.ts';
import { openTestStore, type TestStore } from '../../support/test-store.ts';

/** Tables of the installation itself: small, replicated to every node of a distributed cluster. */
const installationTables = ['domains', 'schema_migrations', 'signing_keys', 'setup_tokens', 'installation'];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.release());

const tenantTables = async (): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(store.db.kysely);
  return rows.map(({ name }) => name).filter((name) => !installationTables.includes(name));
};

it('S-49 begins every primary key and unique index of a tenant table with the domain id', async () => {
  const { rows } = await sql<{ table: string; index: string; first: string }>`
    select t.relname as table, i.relname as index, a.attname as first
      from pg_index x
      join pg_class t on t.oid = x.indrelid
      join pg_class i on i.oid = x.indexrelid
      join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
      join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
     where x.indisunique`.execute(store.db.kysely);
  const tables = await tenantTables();
  expect(tables.length).toBeGreaterThan(15);
  const ofTenants = rows.filter(({ table }) => tables.includes(table));
  expect(new Set(ofTenants.map(({ table }) => table))).toEqual(new Set(tables));
  expect(ofTenants.filter(({ first }) => first !== 'domain_id')).toEqual([]);
});

it('S-49 lets foreign keys between tenant tables always carry the domain id on both sides', async () => {
  const { rows } = await sql<{ table: string; target: string; columns: string; target_columns: string }>`
    select t.relname as table, r.relname as target,
           (select string_agg(a.attname, ',' order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
              join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns,
           (select string_agg(a.attname, ',' order by k.n) from unnest(c.confkey) with ordinality k(attnum, n)
              join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum) as target_columns
      from pg_constraint c
      join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
     where c.contype = 'f'`.execute(store.db.kysely);
  expect(rows.length).toBeGreaterThan(15);
  const wrong = rows.filter(
    ({ target, columns, target_columns }) =>
      !columns.startsWith('domain_id') ||
      (target === 'domains' ? target_columns !== 'id' : !target_columns.startsWith('domain_id')),
  );
  expect(wrong).toEqual([]);
});

it('S-49 refuses a row that refers to another domain, by raw SQL', async () => {
  const { kysely } = store.db;
  await sql`insert into domains (id, name, host) values ('d-a', 'A', 'a.test'), ('d-b', 'B', 'b.test')`.execute(
    kysely,
  );
  await sql`insert into users (domain_id, id) values ('d-a', 'user-a')`.execute(kysely);
  await sql`insert into sources (domain_id, id, kind, name, settings)
            values ('d-b', 'oauth_strat-b', 'oauth2', 'B', '{}')`.execute(kysely);
  const crossings = [
    sql`insert into identities (domain_id, source_id, issuer, subject, user_id)
        values ('d-b', 'oauth_strat-b', 'i', 's', 'user-a')`,
    sql`insert into sessions (domain_id, id_hash, public_id, user_id, provider, idle_expires_at, expires_at)
        values ('d-b', '\\x00', 'p', 'user-a', 'internal', now(), now())`,
    sql`insert into api_keys (domain_id, id, user_id, name, secret_hash) values ('d-b', 'k', 'user-a', 'k', 'h')`,
  ];
  for (const crossing of crossings) {
    const state = await crossing.execute(kysely).then(
      () => 'inserted',
      (error: unknown) => sqlStateOf(error),
    );
    expect(state).toBe('23503');
  }
});
