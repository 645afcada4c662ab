/** Steps of a sign-in, told as they happen. */
import { isFoyerError } from '#base/lib/errors.ts';
import type { SourceTools, Step } from '../identity-source.ts';

export type Detail = Record<string, unknown>;

/** Runs one step and reports it. `run` fills in the detail, which must hold no secret. */
export const traced = async <T>(
  tools: SourceTools,
  name: Step['name'],
  run: (detail: Detail) => Promise<T> | T,
): Promise<T> => {
  const { onStep, clock } = tools;
  if (onStep === undefined) return run({});
  const startedAt = clock.now();
  const detail: Detail = {};
  const report = (outcome: Step['outcome']): void =>
    onStep({ name, startedAt, durationMs: clock.nowMs() - startedAt.getTime(), outcome, detail });
  try {
    const result = await run(detail);
    report('ok');
    return result;
  } catch (error) {
    if (isFoyerError(error)) Object.assign(detail, error.evidence, { code: error.code });
    report('failed');
    throw error;
  }
};
