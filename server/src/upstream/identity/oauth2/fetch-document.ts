/** One GET of a JSON document that a provider publishes for everyone: discovery, keys. */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { describeExchange } from './describe-exchange.ts';
import { refuseStatus } from './provider-refusal.ts';
import type { Detail } from './trace.ts';

/**
 * @throws {FoyerError} source_unavailable (5xx, 429), upstream_invalid (any other status, no JSON object), and what
 * the egress throws
 */
export const fetchDocument = async (
  tools: SourceTools,
  url: string,
  step: 'discovery' | 'keys',
  detail?: Detail,
): Promise<Record<string, unknown>> => {
  const request = { url, method: 'GET', step } as const;
  let answer: EgressResponse | undefined;
  if (detail && URL.canParse(url)) {
    detail.host = new URL(url).host;
    detail.exchange = () => describeExchange(request, answer);
  }
  answer = await tools.egress.request(request);
  if (detail) detail.httpStatus = answer.status;
  if (answer.status !== 200) throw refuseStatus(answer, step, 'upstream_invalid');
  const document = answer.json();
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new FoyerError('upstream_invalid', { detail: 'json', evidence: { step, httpStatus: 200 } });
  }
  return document as Record<string, unknown>;
};
