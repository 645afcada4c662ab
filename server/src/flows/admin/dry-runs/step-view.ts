/** Steps of a sign-in as the console shows them. */
import type { Advice, StepView } from '@foyer/contract/dry-runs.ts';
import type { Step } from '#upstream/identity/identity-source.ts';

export const stepView = ({ name, outcome, startedAt, durationMs, detail, exchange }: Step): StepView => ({
  name,
  outcome,
  started_at: startedAt.toISOString(),
  duration_ms: durationMs,
  ...exchange?.(),
  detail,
});

type Name = StepView['name'];

/** The steps that this sign-in did not come to, after the one that failed. */
const skipped = (steps: readonly StepView[], expected: readonly Name[]): StepView[] => {
  const seen = new Set(steps.map(({ name }) => name));
  return expected.filter((name) => !seen.has(name)).map((name) => ({ name, outcome: 'skipped' as const }));
};

/** A story that ends with a failed step: the advice stands beside it, and what never happened is listed. */
export const failedSteps = (
  steps: readonly StepView[],
  advice: Advice,
  expected: readonly Name[],
): StepView[] => {
  const told = steps.map((step) => (step.outcome === 'failed' ? { ...step, advice } : step));
  return [...told, ...skipped(told, expected)];
};
