/**
 * @module Parameters of the `/auth` routes: query and body alike, each at most once (S-03, S-70; RFC 6749 §3.1).
 */
import type { FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';

export type RawParams = Readonly<Record<string, string>>;

/**
 * Merges query and body into one record of strings.
 *
 * @throws {FoyerError} `bad_request` for a parameter that is repeated, an array or no text.
 */
export const readParams = (request: FastifyRequest): RawParams => {
  const params: Record<string, string> = Object.create(null);
  let count = 0;
  for (const part of [request.query, request.body]) {
    if (part === undefined || part === null) continue;
    if (typeof part !== 'object' || Array.isArray(part)) throw refuse('body');
    for (const [name, value] of Object.entries(part)) {
      if (typeof value !== 'string' || name in params || ++count > 100) throw refuse(name);
      params[name] = value;
    }
  }
  return params;
};

const refuse = (name: string): FoyerError =>
  new FoyerError('bad_request', {
    detail: `parameter ${JSON.stringify(name.slice(0, 40))} is repeated or no text`,
  });
