/** What is stored of an attempt: JSON of a limited size, which any store of ours can hold. */
import type { AttemptStep } from './attempt.ts';

export const maxStepsBytes = 8_192;
const maxEvidenceBytes = 2_048;
const maxSteps = 24;

/**
 * As `StepView` of the wire. Where nothing failed, requests and answers tell nothing that a dry run would not, and would
 * make most of what is written; so they are kept of failures only. What is longer than `maxStepsBytes` is cut: first the
 * answers go, then the requests, then every detail.
 */
export const stepsJson = (
  steps: readonly AttemptStep[],
  { withExchanges, secrets }: { withExchanges: boolean; secrets: readonly string[] },
): string => {
  const views = steps.slice(0, maxSteps).map((step) => viewOf(step, withExchanges));
  for (const leftOut of [[], ['answer'], ['answer', 'request'], ['answer', 'request', 'detail']]) {
    const kept = leftOut.length === 0 ? views : views.map((view) => without(view, leftOut));
    const json = storableJson(kept, secrets);
    if (Buffer.byteLength(json) <= maxStepsBytes) return json;
  }
  return '[]';
};

export const evidenceJson = (
  evidence: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): string => {
  const json = storableJson(evidence, secrets);
  return Buffer.byteLength(json) <= maxEvidenceBytes ? json : '{}';
};

const viewOf = (
  { name, outcome, startedAt, durationMs, detail, exchange }: AttemptStep,
  withExchanges: boolean,
): Record<string, unknown> => ({
  name,
  outcome,
  started_at: startedAt,
  duration_ms: Math.max(0, Math.round(durationMs)),
  ...(withExchanges && exchange?.()),
  detail,
});

const without = (view: Record<string, unknown>, names: readonly string[]): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(view).filter(([name]) => !names.includes(name))),
  detail: names.includes('detail') ? { cut: true } : { ...(view.detail as object), cut: true },
});

/**
 * A provider may repeat what it was sent in its own words, so the secrets of this very sign-in are taken out wherever they
 * stand. `jsonb` holds neither NUL nor half a surrogate pair.
 */
const storableJson = (value: unknown, secrets: readonly string[]): string => {
  let json = JSON.stringify(value);
  for (const secret of secrets) if (json.includes(secret)) json = json.replaceAll(secret, '(redacted)');
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json;
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'string' ? redact(each.toWellFormed().replaceAll('\0', ''), secrets) : each,
  );
};

const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '(redacted)'), text);
