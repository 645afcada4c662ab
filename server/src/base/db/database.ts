/**
 * @module The one way to SQL, on PostgreSQL and on PGlite alike.
 *
 * `kysely` builds queries for everything that is not hot. A hot path uses a `Statement`: fixed text with a name,
 * prepared once per connection. `transaction` gives both on one connection. Nothing here knows a table.
 */
import type { Kysely } from 'kysely';

/** A fixed SQL text that the server prepares once. Parameters are `$1`, `$2`, … */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export const statement = (name: string, text: string): Statement => ({ name, text });

export interface Queryable<Tables> {
  readonly kysely: Kysely<Tables>;
  /** Runs a prepared statement and answers its rows. */
  run<Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]>;
}

export interface Database<Tables> extends Queryable<Tables> {
  readonly engine: 'postgres' | 'pglite';
  /** One transaction (READ COMMITTED); rolled back when `work` throws. */
  transaction<T>(work: (tx: Queryable<Tables>) => Promise<T>): Promise<T>;
  /** Calls back for each NOTIFY on `channel`; `onGap` when notifications may have been missed. */
  listen(channel: string, onPayload: (payload: string) => void, onGap: () => void): Promise<void>;
  notify(channel: string, payload: string): Promise<void>;
  /** Answers when the database does; throws otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** SQLSTATE of a driver's error, e.g. `23505` for a unique violation. */
export const sqlStateOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === '23505';
