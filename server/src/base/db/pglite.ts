/**
 * @module PGlite, PostgreSQL inside this process: the embedded default.
 *
 * It has one connection, so everything waits its turn in one queue; a transaction keeps its turn to the end.
 * (Kysely's own PGlite dialect lets a statement of another request slip into an open transaction.)
 * It promises to lose nothing when the process is killed; it makes no promise about power loss.
 */
import { setFlagsFromString } from 'node:v8';
import { PGlite, parse, protocol } from '@electric-sql/pglite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Database, Queryable, Statement } from './database.ts';

export interface PgliteOptions {
  /** Folder of the store; absent: in memory. The caller holds the folder's lock. */
  folder?: string;
  /** A dumped data folder to start from (tests, first start). */
  loadDataDir?: Blob;
}

// V8 would compile the busiest parts of PostgreSQL a second time, which takes 500 MiB for a while and most of the CPU of
// the first minutes; what it gains is a third of a statement's time.
const keepFirstCompilation = (): void => {
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--no-wasm-tier-up');
};

// Statements are planned once, when tables may be nearly empty, and that plan must suit full ones: always an index.
const settings = ['shared_buffers=8MB', 'enable_seqscan=off'];

/** Opens the embedded store. */
export const openPglite = async <Tables>(options: PgliteOptions): Promise<Database<Tables>> => {
  keepFirstCompilation();
  const pglite = await PGlite.create({
    ...(options.folder ? { dataDir: options.folder } : {}),
    ...(options.loadDataDir ? { loadDataDir: options.loadDataDir } : {}),
    startParams: [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ['-c', setting])],
    parsers,
  });
  const turns = new Turns();
  const kysely = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PgliteDriver(pglite, turns),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const onConnection = createPreparedRunner(pglite);
  return {
    engine: 'pglite',
    kysely,
    async run<Row>(statement: Statement, parameters: readonly unknown[]) {
      const release = await turns.take();
      try {
        return await onConnection<Row>(statement, parameters);
      } finally {
        release();
      }
    },
    transaction: (work) =>
      kysely.transaction().execute((trx) =>
        work({
          kysely: trx,
          run: async <Row>(statement: Statement, parameters: readonly unknown[]) =>
            (await trx.executeQuery(CompiledQuery.raw(statement.text, parameters as unknown[])))
              .rows as Row[],
        } satisfies Queryable<Tables>),
      ),
    // One process holds the folder, so its caches are told directly and there is nobody else to notify.
    listen: async () => {},
    notify: async () => {},
    async ping() {
      const release = await turns.take();
      try {
        await pglite.query('select 1');
      } finally {
        release();
      }
    },
    close: async () => {
      const release = await turns.take();
      await pglite.close();
      release();
    },
  };
};

// bigint columns (ids, versions) stay below 2^53, so numbers are exact; bytea comes as with `pg`.
const parsers = {
  20: Number,
  17: (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex'),
};

type Run = <Row>(statement: Statement, parameters: readonly unknown[]) => Promise<Row[]>;

/**
 * Statements prepared once and then bound: PGlite's own `query` plans each time anew, which takes two to three times
 * as long. The caller has the turn.
 */
const createPreparedRunner = (pglite: PGlite): Run => {
  const { serialize } = protocol;
  type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number];
  const prepared = new Map<string, { parameterTypes: number[]; rowDescription: Message[] }>();

  const prepare = async ({ name, text }: Statement) => {
    const { messages } = await pglite.execProtocol(
      Buffer.concat([
        serialize.parse({ name, text }),
        serialize.describe({ type: 'S', name }),
        serialize.sync(),
      ]),
    );
    const parameters = messages.find((message) => message.name === 'parameterDescription');
    const description = {
      parameterTypes: (parameters as unknown as { dataTypeIDs: number[] }).dataTypeIDs,
      rowDescription: messages.filter((message) => message.name === 'rowDescription'),
    };
    prepared.set(name, description);
    return description;
  };
  return async <Row>(statement: Statement, parameters: readonly unknown[]): Promise<Row[]> => {
    const { parameterTypes, rowDescription } = prepared.get(statement.name) ?? (await prepare(statement));
    const values = parameters.map((value, i) => {
      if (value === null || value === undefined) return null;
      const serializer = pglite.serializers[parameterTypes[i] as number];
      return serializer ? serializer(value) : String(value);
    });
    const { messages } = await pglite.execProtocol(
      Buffer.concat([
        serialize.bind({ statement: statement.name, values }),
        serialize.execute({}),
        serialize.sync(),
      ]),
    );
    const results = parse.parseResults([...rowDescription, ...messages], pglite.parsers, {});
    return results.flatMap(({ rows }) => rows) as Row[];
  };
};

/** First come, first served. */
class Turns {
  #tail: Promise<void> = Promise.resolve();

  async take(): Promise<() => void> {
    const before = this.#tail;
    let release = (): void => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }
}

class PgliteConnection implements DatabaseConnection {
  readonly pglite: PGlite;
  readonly release: () => void;

  constructor(pglite: PGlite, release: () => void) {
    this.pglite = pglite;
    this.release = release;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.pglite.query<R>(query.sql, query.parameters as unknown[]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; PGlite cannot stream.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('PGlite cannot stream rows');
  }
}

class PgliteDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #turns: Turns;

  constructor(pglite: PGlite, turns: Turns) {
    this.#pglite = pglite;
    this.#turns = turns;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PgliteConnection> {
    return new PgliteConnection(this.#pglite, await this.#turns.take());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PgliteConnection).release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {}
}
