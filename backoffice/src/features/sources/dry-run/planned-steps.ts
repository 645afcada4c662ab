/** What a run of this draft will go through, so that the list stands before anything has happened. */
import type { StepView } from '@foyer/contract/dry-runs.ts';
import type { ShownStep } from './step-list.tsx';
import type { RunState } from './use-dry-run.ts';

type Name = StepView['name'];

export const plannedNames = (scope: string, hasProfile: boolean): Name[] => {
  const isOidc = scope.split(/\s+/).includes('openid');
  return [
    'authorize',
    'callback',
    'token',
    ...(isOidc ? (['keys', 'id_token'] as const) : []),
    ...(hasProfile ? (['profile'] as const) : []),
    'mapping',
    'decision',
  ];
};

export const shownOf = (steps: readonly StepView[]): ShownStep[] =>
  steps.map((step) => ({ name: step.name, state: step.outcome, step }));

/** Steps as they are known now: those that happened, the one that is waited for, and those to come. */
export const shownSteps = (state: RunState, planned: readonly Name[]): ShownStep[] => {
  if (state.phase === 'done') {
    const happened = shownOf(state.result.steps).filter((shown) => shown.state !== 'skipped');
    const seen = new Set(happened.map(({ name }) => name));
    const rest = planned.filter((name) => !seen.has(name));
    // After a failure the rest was never reached; what a passing run left out was not needed.
    return state.result.outcome === 'failed'
      ? [...happened, ...rest.map((name): ShownStep => ({ name, state: 'skipped' }))]
      : happened;
  }
  if (state.phase !== 'waiting' && state.phase !== 'finishing') {
    const first = state.phase === 'starting' ? 'waiting' : 'pending';
    return planned.map((name, index): ShownStep => ({ name, state: index === 0 ? first : 'pending' }));
  }
  const started = state.started.steps.filter((step) => step.name !== 'callback');
  const done = new Set<Name>(['authorize', ...started.map(({ name }) => name)]);
  const happened = started.some(({ name }) => name === 'authorize')
    ? shownOf(started)
    : [{ name: 'authorize', state: 'ok' } as ShownStep, ...shownOf(started)];
  const left = planned.filter((name) => !done.has(name));
  const now: Name = state.phase === 'waiting' ? 'callback' : 'token';
  return [
    ...happened,
    ...left.map((name): ShownStep => {
      if (name === now) return { name, state: 'waiting' };
      return { name, state: name === 'callback' ? 'ok' : 'pending' };
    }),
  ];
};
