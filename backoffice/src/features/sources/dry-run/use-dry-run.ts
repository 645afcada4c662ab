/** One dry run at a time: from the click to the result. Its ticket lives in memory only. */
import type { DryRunResult, DryRunStarted } from '@foyer/contract/dry-runs.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type DraftTarget, finishDryRun, startDryRun } from '../api.ts';
import type { OauthBody } from '../draft.ts';
import { openPopUp, waitForReturn } from './pop-up.ts';

export type RunState =
  | { phase: 'idle' }
  | { phase: 'starting' }
  /** `blocked`: the browser let no window be opened, so the person opens it by a link. */
  | { phase: 'waiting'; started: DryRunStarted; closed: boolean; blocked: boolean }
  | { phase: 'finishing'; started: DryRunStarted }
  | { phase: 'done'; result: DryRunResult; tried: string }
  | { phase: 'refused'; error: Error };

export interface DryRun {
  state: RunState;
  /** Must be called in the click itself. */
  start(): void;
  /** Asks what the provider shows, where nobody can tell that its window is closed. */
  ask(): void;
  /** The pop-up is closed: what the provider showed there, if anything. */
  abandon(shownCode: string): void;
  cancel(): void;
}

/** What of a draft a pass belongs to, to see whether the form has changed since. */
export const fingerprintOf = (body: OauthBody): string => JSON.stringify(body);

export const useDryRun = (target: DraftTarget, body: OauthBody): DryRun => {
  const [state, setState] = useState<RunState>({ phase: 'idle' });
  const stopWaiting = useRef<() => void>(undefined);
  const popUp = useRef<Window>(undefined);
  // A run that was cancelled, or overtaken by another one, has nothing to say any more.
  const run = useRef(0);

  const end = useCallback(() => {
    stopWaiting.current?.();
    popUp.current?.close();
    run.current += 1;
  }, []);
  useEffect(() => end, [end]);

  const finish = async (
    mine: number,
    started: DryRunStarted,
    tried: string,
    how: Parameters<typeof finishDryRun>[1],
  ): Promise<void> => {
    stopWaiting.current?.();
    popUp.current?.close();
    setState({ phase: 'finishing', started });
    try {
      const result = await finishDryRun(started.ticket, how);
      if (mine === run.current) setState({ phase: 'done', result, tried });
    } catch (error) {
      if (mine === run.current) setState({ phase: 'refused', error: error as Error });
    }
  };

  const begin = async (mine: number, window: Window | undefined): Promise<void> => {
    const tried = fingerprintOf(body);
    try {
      const started = await startDryRun(target, body);
      if (mine !== run.current) return;
      if (started.result !== undefined) {
        window?.close();
        setState({ phase: 'done', result: started.result, tried });
        return;
      }
      window?.location.replace(started.authorize_url);
      const waiting = { phase: 'waiting', started, blocked: window === undefined } as const;
      setState({ ...waiting, closed: false });
      stopWaiting.current = waitForReturn(started, window ?? { closed: false }, {
        onReturn: (params) => void finish(mine, started, tried, { params }),
        onClosed: () => setState({ ...waiting, closed: true }),
      });
      abandonWith.current = (shownCode) =>
        void finish(mine, started, tried, { abandoned: true, shown_code: shownCode });
    } catch (error) {
      if (mine !== run.current) return;
      window?.close();
      setState({ phase: 'refused', error: error as Error });
    }
  };
  const abandonWith = useRef<(shownCode: string) => void>(undefined);

  return {
    state,
    start() {
      end();
      const mine = run.current;
      const opened = openPopUp();
      popUp.current = opened;
      setState({ phase: 'starting' });
      void begin(mine, opened);
    },
    ask: () => setState((before) => (before.phase === 'waiting' ? { ...before, closed: true } : before)),
    abandon: (shownCode) => abandonWith.current?.(shownCode.trim()),
    cancel() {
      end();
      setState({ phase: 'idle' });
    },
  };
};
