/** A provider's error answer as a refusal of ours, with the evidence that the diagnosis reads. */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { type ErrorCode, FoyerError } from '#base/lib/errors.ts';
import { parseBearerChallenge, parseProviderError } from '#upstream/diagnosis/parse-provider-error.ts';
import type { Step } from '../identity-source.ts';

type Answer = Pick<EgressResponse, 'status' | 'headers' | 'text'>;

/** Seconds of a `Retry-After` header, within a day. A date there is left alone. @see RFC 9110 §10.2.3 */
const retryAfterOf = (answer: Answer): number | undefined => {
  const header = answer.headers['retry-after'];
  if (typeof header !== 'string' || !/^\d{1,5}$/.test(header)) return undefined;
  return Number(header);
};

/**
 * Answers `source_unavailable` for 429 and 5xx, else `code`. What the provider wrote is in the evidence only, cleaned
 * and cut (S-13, S-26).
 */
export const refuseStatus = (answer: Answer, step: Step['name'], code: ErrorCode): FoyerError => {
  const isBusy = answer.status === 429 || answer.status >= 500;
  const retryAfterSeconds = retryAfterOf(answer);
  return new FoyerError(isBusy ? 'source_unavailable' : code, {
    detail: `the provider answered ${answer.status}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    evidence: {
      step,
      ...parseBearerChallenge(answer.headers['www-authenticate'], answer.status),
      ...parseProviderError(answer.text, answer.status),
    },
  });
};
