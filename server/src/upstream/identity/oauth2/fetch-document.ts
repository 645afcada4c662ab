/** One GET of a JSON document that a provider publishes for everyone: discovery, keys. */
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { refuseStatus } from './provider-refusal.ts';
import { traced } from './trace.ts';

/**
 * @throws {FoyerError} source_unavailable (5xx, 429), upstream_invalid (any other status, no JSON object), and what
 * the egress throws
 */
export const fetchDocument = (
  tools: SourceTools,
  url: string,
  step: 'discovery' | 'keys',
): Promise<Record<string, unknown>> =>
  traced(tools, step, async (detail) => {
    detail.host = URL.parse(url)?.host;
    const answer = await tools.egress.request({ url, method: 'GET', step });
    detail.httpStatus = answer.status;
    if (answer.status !== 200) throw refuseStatus(answer, step, 'upstream_invalid');
    const document = answer.json();
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
      throw new FoyerError('upstream_invalid', { detail: 'json', evidence: { step, httpStatus: 200 } });
    }
    return document as Record<string, unknown>;
  });
