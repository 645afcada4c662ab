/**
 * Every way in which a request to another server can fail, as one of our codes.
 * Details are coarse and never hold what the other server wrote (S-107); Node's code is kept as evidence.
 */

import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { errors } from './undici.ts';

export interface FailureEvidence {
  nodeCode?: string;
  /** What the caller was doing, in its own words (`token`, `profile`). */
  step?: string;
  /** How far the request got. */
  phase?: 'connect' | 'headers' | 'body';
  httpStatus?: number;
}

const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const invalidCode = /^(?:UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_)/;

/** The most telling code in an error and what caused it. */
export const nodeCodeOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return nodeCodeOf(errors[0]);
  return typeof code === 'string' ? code : nodeCodeOf(cause);
};

/** Turns an error of the network, of TLS or of the HTTP parser into a refusal with evidence. */
export const upstreamFailure = (error: unknown, evidence: FailureEvidence): FoyerError => {
  if (isFoyerError(error)) {
    // Several requests may wait for one connection: each gets an error and evidence of its own.
    return new FoyerError(error.code, {
      cause: error.cause,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      evidence: { ...error.evidence, ...evidence },
    });
  }
  if (error instanceof errors.HTTPParserError) {
    // No cause: undici keeps the bytes that it could not parse in this error.
    return new FoyerError('upstream_invalid', {
      detail: 'http',
      evidence: { ...evidence, nodeCode: error.code ?? 'HPE_INVALID' },
    });
  }
  const nodeCode = nodeCodeOf(error);
  const seen = { cause: error, evidence: { ...evidence, ...(nodeCode === undefined ? {} : { nodeCode }) } };
  if (nodeCode === undefined)
    return new FoyerError('upstream_unreachable', { detail: 'unreachable', ...seen });
  if (timeoutCodes.has(nodeCode)) return new FoyerError('upstream_timeout', { detail: 'timeout', ...seen });
  if (invalidCode.test(nodeCode)) return new FoyerError('upstream_invalid', { detail: 'http', ...seen });
  if (nodeCode === 'UND_ERR_INVALID_ARG' || nodeCode === 'UND_ERR_NOT_SUPPORTED') {
    return new FoyerError('upstream_invalid', { detail: 'request could not be formed', ...seen });
  }
  return new FoyerError('upstream_unreachable', { detail: 'unreachable', ...seen });
};
