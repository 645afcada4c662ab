/**
 * What one sign-in tells the flight recorder: its steps as they happen, and at the end how it went. Everything stays in
 * memory here; `model/attempts` writes it later.
 */
import type { Clock } from '#base/lib/clock.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import { type SourceId, shortId } from '#base/lib/ids.ts';
import type { AttemptStep } from '#model/attempts/attempt.ts';
import type { AttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedInPerson } from './complete-sign-in.ts';
import type { Flow } from './flow.ts';

/** A sign-in on record. The flow fills in what it learns. */
export interface Trace {
  kind: 'start' | 'callback';
  startedAtMs: number;
  steps: AttemptStep[];
  source: { id: SourceId; version: number } | undefined;
  flow: Flow | undefined;
  /** What this sign-in must not leave behind anywhere, beside what the flow holds. */
  code: string | undefined;
  /** The source has said who it is; from here on Foyer decides. */
  decidingSinceMs: number | undefined;
}

export const beginTrace = (clock: Clock, kind: Trace['kind']): Trace => ({
  kind,
  startedAtMs: clock.nowMs(),
  steps: [],
  source: undefined,
  flow: undefined,
  code: undefined,
  decidingSinceMs: undefined,
});

/** From here on the callback belongs to a sign-in of ours: its first step was at the provider. */
export const noteReturn = (trace: Trace, flow: Flow): void => {
  trace.flow = flow;
  trace.steps.push({
    name: 'authorize',
    startedAt: new Date(flow.createdAtMs),
    durationMs: trace.startedAtMs - flow.createdAtMs,
    outcome: 'ok',
    detail: {},
  });
};

interface Deps {
  clock: Clock;
  recorder: AttemptRecorder;
}

interface Ended {
  domain: Domain;
  requestId: string;
}

interface Refusal {
  id: string;
  reason: ErrorCode;
  evidence: Record<string, unknown>;
}

export const recordSuccess = (
  deps: Deps,
  trace: Trace,
  { domain, requestId, userId, how }: Ended & Pick<SignedInPerson, 'userId'> & { how: string },
): void => {
  trace.steps.push(decision(deps.clock, trace, 'ok', { how }));
  write(deps, trace, domain, { id: shortId(), reason: undefined, userId, evidence: {}, requestId });
};

export const recordRefusal = (
  deps: Deps,
  trace: Trace,
  { domain, requestId, ...refusal }: Ended & Refusal,
): void => {
  const { reason } = refusal;
  if (trace.decidingSinceMs !== undefined)
    trace.steps.push(decision(deps.clock, trace, 'failed', { code: reason }));
  else if (trace.steps.at(-1)?.outcome !== 'failed') trace.steps.push(unnamed(deps.clock, trace, refusal));
  write(deps, trace, domain, { ...refusal, userId: undefined, requestId });
};

const decision = (
  clock: Clock,
  { decidingSinceMs }: Trace,
  outcome: AttemptStep['outcome'],
  detail: Record<string, unknown>,
): AttemptStep => {
  const sinceMs = decidingSinceMs ?? clock.nowMs();
  return {
    name: 'decision',
    startedAt: new Date(sinceMs),
    durationMs: clock.nowMs() - sinceMs,
    outcome,
    detail,
  };
};

/** Refused before the source told of any step: the request itself was no good, or nothing could be done with it. */
const unnamed = (
  clock: Clock,
  { kind, startedAtMs }: Trace,
  { reason: code, evidence }: Refusal,
): AttemptStep => ({
  name: typeof evidence.step === 'string' ? evidence.step : kind === 'start' ? 'authorize' : 'callback',
  startedAt: new Date(startedAtMs),
  durationMs: clock.nowMs() - startedAtMs,
  outcome: 'failed',
  detail: { code },
});

const write = (
  { clock, recorder }: Deps,
  { source, flow, steps, startedAtMs, code }: Trace,
  domain: Domain,
  end: {
    id: string;
    reason: ErrorCode | undefined;
    userId: string | undefined;
    evidence: Record<string, unknown>;
    requestId: string;
  },
): void => {
  const endedAtMs = clock.nowMs();
  const secrets = [code, flow?.codeVerifier, flow?.nonce].filter((each) => each !== undefined);
  recorder.record(
    {
      ...end,
      domainId: domain.id,
      sourceId: source?.id,
      version: flow?.sourceVersion ?? source?.version,
      endedAtMs,
      durationMs: endedAtMs - (flow?.createdAtMs ?? startedAtMs),
      ownMs: flow && endedAtMs - startedAtMs,
      steps,
    },
    secrets,
  );
};
