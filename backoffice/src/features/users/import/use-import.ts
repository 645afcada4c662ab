/** An import under way: what became of each row so far, drawn a few times a second however fast rows come. */
import { useCallback, useRef, useState } from 'react';
import type { ImportRow } from './read-people.ts';
import { type ImportResult, type ImportRun, runImport } from './run-import.ts';

export type ImportPhase = 'ready' | 'running' | 'stopping' | 'done';

export interface ImportState {
  phase: ImportPhase;
  total: number;
  results: readonly ImportResult[];
}

const idle: ImportState = { phase: 'ready', total: 0, results: [] };
const drawEveryMs = 150;

export const useImport = () => {
  const [state, setState] = useState(idle);
  const stopper = useRef<AbortController>(undefined);

  const start = useCallback(async (rows: readonly ImportRow[], importOne: ImportRun['importOne']) => {
    const stop = new AbortController();
    stopper.current = stop;
    const results: ImportResult[] = [];
    setState({ phase: 'running', total: rows.length, results: [] });
    const timer = setInterval(
      () => setState((before) => ({ ...before, results: [...results] })),
      drawEveryMs,
    );
    try {
      await runImport({ rows, importOne, signal: stop.signal, onResult: (result) => results.push(result) });
    } finally {
      clearInterval(timer);
      const inOrder = results.toSorted((a, b) => a.row.line - b.row.line);
      setState({ phase: 'done', total: rows.length, results: inOrder });
    }
  }, []);

  const stop = useCallback(() => {
    stopper.current?.abort();
    setState((before) => ({ ...before, phase: 'stopping' }));
  }, []);

  const reset = useCallback(() => setState(idle), []);
  return { state, start, stop, reset };
};
