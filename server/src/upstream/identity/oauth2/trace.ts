/** Steps of a sign-in, told as they happen to whoever listens to this one sign-in. */
import type { Clock } from '#base/lib/clock.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Exchange, Step } from '../identity-source.ts';

/** `exchange` is told apart from the rest, and only to those who ask. */
export type Detail = Record<string, unknown> & { exchange?: () => Exchange };

/** Whoever listens; nearly always nobody, and then nothing is put together for them. */
export type OnStep = ((step: Step) => void) | undefined;

/**
 * Runs one step and reports it. `run` fills in the detail, which must hold no secret; it gets none when nobody listens.
 */
export const traced = async <T>(
  onStep: OnStep,
  clock: Clock,
  name: Step['name'],
  run: (detail: Detail | undefined) => Promise<T> | T,
): Promise<T> => {
  if (onStep === undefined) return run(undefined);
  const startedAt = clock.now();
  const detail: Detail = {};
  const report = (outcome: Step['outcome']): void => {
    const { exchange, ...rest } = detail;
    const durationMs = clock.nowMs() - startedAt.getTime();
    onStep({ name, startedAt, durationMs, outcome, detail: rest, exchange });
  };
  try {
    const result = await run(detail);
    report('ok');
    return result;
  } catch (error) {
    failDetail(detail, error);
    report('failed');
    throw error;
  }
};

const failDetail = (detail: Detail, error: unknown): void => {
  if (isFoyerError(error)) Object.assign(detail, error.evidence, { code: error.code });
};

const stepNames: ReadonlySet<unknown> = new Set<Step['name']>([
  'authorize',
  'callback',
  'discovery',
  'token',
  'refresh',
  'id_token',
  'keys',
  'profile',
  'mapping',
]);

/**
 * Runs a whole sign-in: the first failed step ends the story, and a failure between two steps is told as the step that
 * its evidence names.
 */
export const tracedAsWhole = async <T>(
  onStep: OnStep,
  clock: Clock,
  run: (onStep: OnStep) => Promise<T>,
): Promise<T> => {
  if (onStep === undefined) return run(undefined);
  let hasFailed = false;
  const tell = (step: Step): void => {
    if (hasFailed) return;
    hasFailed = step.outcome === 'failed';
    onStep(step);
  };
  try {
    return await run(tell);
  } catch (error) {
    const named = isFoyerError(error) ? error.evidence?.step : undefined;
    const name = stepNames.has(named) ? (named as Step['name']) : 'callback';
    const detail: Detail = {};
    failDetail(detail, error);
    tell({ name, startedAt: clock.now(), durationMs: 0, outcome: 'failed', detail });
    throw error;
  }
};
