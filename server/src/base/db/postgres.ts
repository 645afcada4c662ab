import type { Duplex } from 'node:stream';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Queryable, Statement } from './database.ts';
import { PreparedQuery, type Row } from './prepared-query.ts';

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
  const connections = new Set<pg.ClientBase>();
  pool.on('connect', (client) => {
    connections.add(client);
    client.on('error', options.onError);
  });
  pool.on('remove', (client) => connections.delete(client));
  pool.on('error', () => {});
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const runPrepared = (statement: Statement, parameters: readonly unknown[]): Promise<Row[]> =>
    new Promise((resolve, reject) => {
      pool.connect((lost, client, release) => {
        if (client === undefined) return reject(lost);
        const done = (error: Error | undefined, rows: Row[]): void => {
          release(error);
          if (error) reject(error);
          else resolve(rows);
        };
        client.query(new PreparedQuery(statement, parameters, done));
      });
    });
  const run = async <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> => {
    if (options.prepare) return (await runPrepared(statement, parameters)) as Row[];
    return (await pool.query(statement.text, parameters as unknown[])).rows as Row[];
  };
  const listener = listenOn(options, () => {
    for (const client of connections) cut(client);
  });
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

/** Ends a connection at once; whoever waits for an answer on it gets an error. */
const cut = (client: pg.ClientBase): void => {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
};

const beatMs = 1_500;

/**
 * One connection of its own for LISTEN; it comes back by itself and reports the gap. It is asked for a sign of life
 * again and again: a server that vanished without a word (its host is gone) would else seem alive for hours. `onLost`
 * is called when another connection was possible after such a silence: older ones lead nowhere.
 */
const listenOn = (options: PostgresOptions, onLost: () => void) => {
  const subscriptions: Subscription[] = [];
  let client: pg.Client | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let wasSilent = false;

  /** Cuts the connection when it leaves a question unanswered. */
  const watch = (watched: pg.Client): void => {
    let answered = true;
    const beat = setInterval(() => {
      // After the input of this turn was read: a process that was busy must not take its own silence for the server's.
      setImmediate(() => {
        if (!answered) {
          wasSilent = true;
          cut(watched);
          return;
        }
        answered = false;
        watched.query('select 1').then(
          () => {
            answered = true;
          },
          () => {},
        );
      });
    }, beatMs);
    beat.unref();
    watched.once('end', () => clearInterval(beat));
  };

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
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
    watch(next);
    if (wasSilent) onLost();
    wasSilent = false;
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
