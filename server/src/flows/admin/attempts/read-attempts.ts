/** What the flight recorder kept, as administrators read it: with the catalogue's advice for each refusal. */
import type { AttemptSummary, AttemptView } from '@foyer/contract/attempts.ts';
import type { StepView } from '@foyer/contract/dry-runs.ts';
import type { Listed } from '#base/db/listing.ts';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';
import type { DomainScope } from '#model/access/domain-scope.ts';
import type { AttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import {
  type AttemptFilter,
  type AttemptOutline,
  findAttempt,
  listAttempts,
} from '#model/attempts/attempt-store.ts';
import type { Db } from '#model/tables.ts';
import { diagnose, type Evidence } from '#upstream/diagnosis/diagnosis.ts';
import { adviceOn } from '../dry-runs/advice.ts';

export interface Deps {
  db: Db;
  recorder: Pick<AttemptRecorder, 'flush'>;
}

export const readAttempts = async (
  { db, recorder }: Deps,
  scope: DomainScope,
  filter: AttemptFilter,
  language: Language,
): Promise<Listed<AttemptSummary>> => {
  await recorder.flush();
  const { rows, total } = await listAttempts(db, scope, filter);
  return { rows: rows.map((row) => summaryOf(row, language)), total };
};

/** @throws {FoyerError} `not_found` for an id of another domain, or one that is older than seven days */
export const getAttempt = async (
  { db, recorder }: Deps,
  scope: DomainScope,
  id: string,
  language: Language,
): Promise<AttemptView> => {
  // Whoever follows the link of a failure comes within the second in which it is still in memory.
  await recorder.flush();
  const attempt = await findAttempt(db, scope, id);
  if (!attempt) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
  const { outcome, requestId } = attempt;
  const { fields, ...evidence } = attempt.evidence;
  const advice = outcome === 'denied' ? adviceOn(evidenceOf(attempt), {}, language) : undefined;
  const field = Array.isArray(fields) && typeof fields[0] === 'string' ? fields[0] : advice?.field;
  const told = advice && { ...advice, ...(field !== undefined && { field }) };
  const steps = attempt.steps as StepView[];
  return {
    ...summaryOf(attempt, language),
    steps: steps.map((step) => (told && step.outcome === 'failed' ? { ...step, advice: told } : step)),
    ...(told && { advice: told }),
    evidence,
    ...(requestId !== undefined && { request_id: requestId }),
  };
};

export const evidenceOf = ({ evidence, reason }: Pick<AttemptOutline, 'evidence' | 'reason'>): Evidence => ({
  ...(evidence as Evidence),
  ...(reason !== undefined && { foyerCode: reason }),
});

const summaryOf = (attempt: AttemptOutline, language: Language): AttemptSummary => {
  const { sourceId, version, reason, failedStep, user } = attempt;
  return {
    id: attempt.id,
    authority_id: attempt.domainId,
    ...(sourceId !== undefined && { source_id: sourceId }),
    ...(version !== undefined && { version }),
    at: unixSeconds(attempt.at),
    duration_ms: attempt.durationMs,
    outcome: attempt.outcome,
    ...(reason !== undefined && { reason, title: diagnose(evidenceOf(attempt), language).title }),
    ...(failedStep !== undefined && { failed_step: failedStep }),
    ...(user && { user }),
  };
};
