import { sql } from 'kysely';
import type { Database } from './database.ts';

export interface StoreFacts {
  version: string;
  /** Whether an acknowledged write survives a power failure. */
  durable: boolean;
  /** Names of the applied migrations, in order. */
  migrations: string[];
}

export const readStoreFacts = async <Tables>(db: Database<Tables>): Promise<StoreFacts> => {
  const { rows } = await sql<{ version: string; durable: boolean }>`
    select current_setting('server_version') as version,
           current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable
  `.execute(db.kysely);
  const applied = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(
    db.kysely,
  );
  const { version = '', durable = false } = rows[0] ?? {};
  return {
    version,
    durable: db.engine === 'postgres' && durable,
    migrations: applied.rows.map(({ name }) => name),
  };
};
