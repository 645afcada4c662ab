/** @module From a refusal that was thrown somewhere in a sign-in to evidence for the diagnosis. */
import type { FoyerError } from '#base/lib/errors.ts';
import { type Reason, reasons, type Step, steps } from './catalogue.ts';
import type { Evidence } from './diagnosis.ts';

/** What the egress room calls the flaws of an answer, as our reasons. */
const reasonOfDetail: ReadonlyMap<string, Reason> = new Map([
  ['html', 'html'],
  ['content type', 'not_json'],
  ['encoding', 'not_json'],
  ['empty', 'not_json'],
  ['json', 'not_json'],
  ['json depth', 'not_json'],
  ['duplicate_key', 'not_json'],
  ['too large', 'too_large'],
]);

/**
 * Takes over the known keys of `error.evidence` whose values have the right type; the rest is left behind.
 * An `upstream_invalid` without a finer reason gets it from its `detail`.
 */
export function evidenceOf(error: FoyerError, providerHint?: Evidence['providerHint']): Evidence {
  const raw = error.evidence ?? {};
  const evidence: Evidence = { foyerCode: error.code };
  if (providerHint !== undefined) evidence.providerHint = providerHint;

  for (const name of ['error', 'suberror', 'description', 'nodeCode', 'traceId'] as const) {
    const value = raw[name];
    if (typeof value === 'string') evidence[name] = value;
  }
  if (typeof raw.httpStatus === 'number') evidence.httpStatus = raw.httpStatus;
  if (Array.isArray(raw.errorCodes)) {
    evidence.errorCodes = raw.errorCodes.filter((code): code is number => Number.isInteger(code));
  }
  const step = steps.find((known): known is Step => known === raw.step);
  if (step !== undefined) evidence.step = step;

  const reason = reasons.find((known) => known === raw.reason) ?? reasonFromDetail(error);
  if (reason !== undefined) evidence.reason = reason;
  return evidence;
}

function reasonFromDetail(error: FoyerError): Reason | undefined {
  if (error.code === 'upstream_invalid') return reasonOfDetail.get(error.detail ?? '');
  // A profile that is not clean JSON (S-25) came from the right address all the same.
  if (error.code === 'bad_profile' && reasonOfDetail.has(error.detail ?? '')) return 'malformed_profile';
  return undefined;
}
