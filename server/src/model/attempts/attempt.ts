/**
 * @module The flight recorder: every sign-in that came back from its source, or failed to begin, with its steps, kept for
 * seven days; and counts of how far sign-ins come. `attempt-recorder.ts` collects in memory and writes in batches, so
 * that a sign-in waits for nothing; `write-attempts.ts` and `attempt-store.ts` are the SQL.
 */
import type { ErrorCode } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';

export const keptForMs = 7 * 86_400_000;

/** A step as it is stored. Its detail holds no secret and no value of a person's profile. */
export interface AttemptStep {
  name: string;
  startedAt: Date;
  durationMs: number;
  outcome: 'ok' | 'failed';
  detail: Readonly<Record<string, unknown>>;
  /** What was asked and answered, put together only where it is kept. */
  exchange?: (() => { request: object; answer?: object }) | undefined;
}

export interface Attempt {
  domainId: DomainId;
  /** The short id that the person sees when it fails. */
  id: string;
  /** Absent: the request named no source of this domain. */
  sourceId: SourceId | undefined;
  version: number | undefined;
  /** When it ended. */
  endedAtMs: number;
  /** From its start to its end, the time at the provider included. */
  durationMs: number;
  /** Of that, our own part since the person came back; absent when they did not. */
  ownMs: number | undefined;
  /** Absent: signed in. */
  reason: ErrorCode | undefined;
  userId: string | undefined;
  steps: readonly AttemptStep[];
  evidence: Readonly<Record<string, unknown>>;
  requestId: string;
}

/** How far an attempt came: which counters of the funnel it raises. */
export interface Reached {
  returned: boolean;
  token: boolean;
  profile: boolean;
  signedIn: boolean;
}

export const reachedBy = ({ ownMs, reason, steps }: Attempt): Reached => {
  const passed = (name: string): boolean => steps.some((step) => step.name === name && step.outcome === 'ok');
  const begun = (name: string): boolean => steps.some((step) => step.name === name);
  // A source without a profile's address takes the person from the ID token, and then maps it.
  const profile = passed('profile') || begun('mapping');
  return {
    returned: ownMs !== undefined,
    token: profile || passed('token'),
    profile,
    signedIn: reason === undefined,
  };
};

/**
 * Refusals that say something about a source or its provider, and nothing about the person or their browser. Those that
 * are the person's own all the same (they pressed cancel) are told by the evidence's `who`, and what anybody could have
 * brought about who begins a sign-in and comes back with an answer of their own making by `source-health.ts`. A foreign
 * nonce is among the latter: it is what a code from another sign-in leads to.
 */
export const sourceFaults: readonly ErrorCode[] = [
  'source_misconfigured',
  'source_unavailable',
  'secret_unreadable',
  'id_token_invalid',
  'issuer_mismatch',
  'subject_mismatch',
  'bad_profile',
  'upstream_refused',
  'upstream_invalid',
  'upstream_unreachable',
  'upstream_timeout',
  'egress_denied',
];

/** How a token endpoint refuses a code that it did not issue, so that such a refusal says nothing about the source. */
export const refusedCodeErrors: readonly string[] = [
  'invalid_grant',
  'invalid_request',
  'bad_verification_code',
  'invalid_code',
  'code_already_used',
];
