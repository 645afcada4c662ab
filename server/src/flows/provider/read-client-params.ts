/** @module Parameters of the endpoints that applications call: query, form and JSON alike (contract), each once. */
import type { FastifyRequest } from 'fastify';
import { readParams } from '#base/http/read-params.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Client } from '#model/applications/application.ts';

/** Parameters without a value are absent (RFC 6749 §3.1). */
export type Params = Readonly<Partial<Record<string, string>>>;

export const withoutBlanks = (raw: Record<string, string>): Params =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''));

/** @throws {FoyerError} `bad_request` for a repeated parameter (S-70) */
export const readClientParams = (request: FastifyRequest): Params => withoutBlanks(readParams(request));

const secretNames = ['client_secret', 'password', 'refresh_token'];

/**
 * Secrets in a URL end in logs and histories (S-70).
 * @throws {FoyerError} `invalid_request` unless the application has the legacy switch
 */
export const refuseSecretsInQuery = (request: FastifyRequest, client: Client): void => {
  if (client.application.legacy.querySecrets) return;
  const query = (request.query ?? {}) as Record<string, unknown>;
  const found = secretNames.find((name) => query[name] !== undefined);
  if (found) throw new FoyerError('invalid_request', { detail: `${found} must be sent in the body` });
};
