/** Sends people to the server, a few at a time, until all are through or somebody stops it. */
import type { ImportRow } from './read-people.ts';

export type RowOutcome =
  | { kind: 'created' }
  | { kind: 'updated' }
  /** Was there already, and was to be left alone. */
  | { kind: 'skipped' }
  | { kind: 'failed'; reason: string };

export interface ImportResult {
  row: ImportRow;
  outcome: RowOutcome;
}

export interface ImportRun {
  rows: readonly ImportRow[];
  /** Adds one person, or changes the one that is there; a refusal is an outcome. */
  importOne: (row: ImportRow) => Promise<RowOutcome>;
  /** Stops what has not begun; what is under way ends, so that of each row is known what became of it. */
  signal: AbortSignal;
  onResult: (result: ImportResult) => void;
}

/** The server has other things to do, too. */
export const mostAtOnce = 4;

/** Ends when all rows are through, or after a stop when no request is under way any more. */
export const runImport = async ({ rows, importOne, signal, onResult }: ImportRun): Promise<void> => {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let row = rows[next++]; row !== undefined && !signal.aborted; row = rows[next++]) {
      onResult({ row, outcome: await importOne(row) });
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, work));
};
