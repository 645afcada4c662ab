import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Queryable, Statement } from './database.ts';

export interface PostgresOptions {
  url: string;
  /** Connections in the pool. */
  poolSize: number;
  /** Prepared statements must be off under PgBouncer's transaction pooling. */
  prepare: boolean;
  onError(error: Error): void;
}

// bigint columns (ids, versions) stay below 2^53, so numbers are exact.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool on a PostgreSQL server. */
export const openPostgres = <Tables>(options: PostgresOptions): Database<Tables> => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 30_000,
    keepAlive: true,
  });
  // A connection in use has no listener of the pool's; without one, its loss between two queries of a transaction would
  // end the process. The pool repeats the errors of idle ones.
  pool.on('connect', (client) => client.on('error', options.onError));
  pool.on('error', () => {});
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const run = async <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> => {
    const values = parameters as unknown[];
    const query = options.prepare
      ? { name: statement.name, text: statement.text, values }
      : { text: statement.text, values };
    return (await pool.query(query)).rows as Row[];
  };
  const listener = listenOn(options);
  return {
    engine: 'postgres',
    kysely,
    run,
    transaction: (work) =>
      kysely.transaction().execute((trx) =>
        work({
          kysely: trx,
          run: async <Row>(statement: Statement, parameters: readonly unknown[]) =>
            (await trx.executeQuery(CompiledQuery.raw(statement.text, parameters as unknown[])))
              .rows as Row[],
        } satisfies Queryable<Tables>),
      ),
    listen: listener.listen,
    async notify(channel, payload) {
      await pool.query('select pg_notify($1, $2)', [channel, payload]);
    },
    async ping() {
      await pool.query('select 1');
    },
    async close() {
      await listener.close();
      await kysely.destroy();
    },
  };
};

interface Subscription {
  channel: string;
  onPayload(payload: string): void;
  onGap(): void;
}

/** One connection of its own for LISTEN; it comes back by itself and reports the gap. */
const listenOn = (options: PostgresOptions) => {
  const subscriptions: Subscription[] = [];
  let client: pg.Client | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: options.url, keepAlive: true });
    next.on('notification', ({ channel, payload }) => {
      for (const each of subscriptions) if (each.channel === channel) each.onPayload(payload ?? '');
    });
    next.on('error', options.onError);
    next.on('end', () => {
      if (client === next) client = undefined;
      scheduleReconnect();
    });
    await next.connect();
    client = next;
    for (const channel of new Set(subscriptions.map((each) => each.channel))) {
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    }
  };
  const scheduleReconnect = (): void => {
    if (closed || retry) return;
    for (const each of subscriptions) each.onGap();
    retry = setTimeout(() => {
      retry = undefined;
      connect().then(
        () => {
          for (const each of subscriptions) each.onGap();
        },
        (error: Error) => {
          options.onError(error);
          scheduleReconnect();
        },
      );
    }, 500);
    retry.unref();
  };
  return {
    async listen(channel: string, onPayload: (payload: string) => void, onGap: () => void): Promise<void> {
      subscriptions.push({ channel, onPayload, onGap });
      if (client) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      else await connect();
    },
    async close(): Promise<void> {
      closed = true;
      if (retry) clearTimeout(retry);
      await client?.end();
    },
  };
};
