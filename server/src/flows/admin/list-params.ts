/** Index parameters: `q`, `limit`, `offset`, `authority_id`; all others are ignored, `version` and `_poll` too. */
import type { FastifyRequest } from 'fastify';
import type { ListRequest } from '#base/db/listing.ts';
import { FoyerError } from '#base/lib/errors.ts';

const maxLimit = 10_000;
const maxOffset = 1_000_000;

const refuse = (parameter: string, restriction: string): never => {
  throw new FoyerError('bad_request', {
    detail: `invalid value for parameter ${parameter}`,
    failures: [{ field: parameter, reason: restriction }],
  });
};

/**
 * A query parameter that may be given once; blank counts as absent.
 * @throws {FoyerError} `bad_request` when it is repeated
 */
export const queryText = (request: FastifyRequest, name: string): string | undefined => {
  const raw = (request.query as Record<string, unknown>)[name];
  if (raw === undefined || raw === '') return undefined;
  return typeof raw === 'string' ? raw : refuse(name, 'given more than once');
};

/** A whole number, clamped to `max`. @throws {FoyerError} `bad_request` when it is none, or negative */
export const queryNumber = (request: FastifyRequest, name: string, fallback: number, max: number): number => {
  const raw = queryText(request, name);
  if (raw === undefined) return fallback;
  return /^\d{1,15}$/.test(raw) ? Math.min(Number(raw), max) : refuse(name, 'not a whole number from 0 on');
};

/** `true`, `1` or present without a value. */
export const queryFlag = (request: FastifyRequest, name: string): boolean => {
  const raw = (request.query as Record<string, unknown>)[name];
  return raw === 'true' || raw === '1' || raw === '';
};

export const listRequestOf = (request: FastifyRequest): ListRequest => ({
  q: queryText(request, 'q') ?? '',
  limit: queryNumber(request, 'limit', 100, maxLimit),
  offset: queryNumber(request, 'offset', 0, maxOffset),
});
