/**
 * A prepared statement on its way through a connection of `pg`. The driver's own query asks what the columns are with
 * every execution and reads the answer anew; here a connection asks once for each statement. What it learnt stays true:
 * PostgreSQL refuses to run a prepared statement whose columns have changed.
 */
import pg from 'pg';
import type { Statement } from './database.ts';

const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): unknown } }).utils;

interface Column {
  name: string;
  parse(text: string): unknown;
}

export type Row = Record<string, unknown>;

/** What is used of a driver's connection; its published type is older than its methods. */
interface Connection {
  stream: { cork(): void; uncork(): void };
  parsedStatements: Readonly<Record<string, string>>;
  parse(statement: Statement): void;
  bind(portal: { statement: string; values: unknown[] }): void;
  describe(portal: { type: 'P' }): void;
  execute(portal: object): void;
  sync(): void;
}

/** Columns of the statements of each connection, by the statement's name. */
const columnsOf = new WeakMap<Connection, Map<string, Column[]>>();

/** The driver hands each message that answers it to the method named after it. `done` is called once. */
export class PreparedQuery implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  readonly #parameters: readonly unknown[];
  readonly #done: (error: Error | undefined, rows: Row[]) => void;
  readonly #rows: Row[] = [];
  #columns: Column[] | undefined;
  #failure: Error | undefined;
  #isDone = false;

  constructor(
    { name, text }: Statement,
    parameters: readonly unknown[],
    done: (error: Error | undefined, rows: Row[]) => void,
  ) {
    this.name = name;
    this.text = text;
    this.#parameters = parameters;
    this.#done = done;
  }

  /** An error that it answers reaches `handleError`; nothing was sent then. */
  submit(driver: pg.Connection): Error | undefined {
    const connection = driver as unknown as Connection;
    let values: unknown[];
    try {
      values = this.#parameters.map(prepareValue);
    } catch (error) {
      return error as Error;
    }
    this.#columns = columnsOf.get(connection)?.get(this.name);
    connection.stream.cork();
    try {
      if (connection.parsedStatements[this.name] === undefined) connection.parse(this);
      connection.bind({ statement: this.name, values });
      if (this.#columns === undefined) connection.describe({ type: 'P' });
      connection.execute({});
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return undefined;
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: pg.types.getTypeParser(dataTypeID, 'text'),
    }));
  }

  handleDataRow({ fields: texts }: { fields: (string | null)[] }): void {
    if (this.#failure !== undefined || this.#columns === undefined) return;
    const row: Row = {};
    try {
      for (const [i, { name, parse }] of this.#columns.entries()) {
        const text = texts[i] as string | null;
        row[name] = text === null ? null : parse(text);
      }
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete(_message: unknown, driver: pg.Connection): void {
    const connection = driver as unknown as Connection;
    const known = columnsOf.get(connection) ?? new Map<string, Column[]>();
    columnsOf.set(connection, known);
    // A statement without columns gets no description.
    known.set(this.name, this.#columns ?? []);
  }

  handleReadyForQuery(): void {
    this.#end(this.#failure);
  }

  handleError(error: Error): void {
    this.#end(error);
  }

  #end(error: Error | undefined): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#done(error, this.#rows);
  }
}
