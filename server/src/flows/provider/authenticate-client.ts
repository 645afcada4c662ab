/** @module Which application calls, and whether it is really that one. */
import type { FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';
import { type Client, isSecretOf } from '#model/applications/application.ts';
import type { ApplicationCache } from '#model/applications/application-cache.ts';
import type { Params } from './read-client-params.ts';

export interface AuthenticateClientDeps {
  applications: ApplicationCache;
}

export interface Credentials {
  client: Client;
  rawSecret: string | undefined;
}

const invalid = (detail: string): FoyerError => new FoyerError('invalid_client', { detail });

/** User and password of Basic are form-encoded before they are base64 (RFC 6749 §2.3.1). */
const readBasic = (header: string | undefined): { id: string; secret: string } | undefined => {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) {
    if (/^Basic\b/i.test(header ?? '')) throw invalid('malformed Authorization header');
    return undefined;
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  try {
    const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', '%20')),
    );
    if (colon > 0 && id !== undefined && secret !== undefined) return { id, secret };
  } catch {
    // not form-encoded
  }
  throw invalid('malformed Authorization header');
};

/**
 * The application that a request names, by Basic or by parameters, not both.
 * @throws {FoyerError} `invalid_client`, `invalid_request`
 */
export const findCallingClient = async (
  deps: AuthenticateClientDeps,
  request: FastifyRequest,
  params: Params,
): Promise<Credentials> => {
  const basic = readBasic(request.headers.authorization);
  if (basic && params.client_secret !== undefined) {
    throw new FoyerError('invalid_request', { detail: 'the client authenticates in two ways' });
  }
  if (basic && params.client_id !== undefined && params.client_id !== basic.id) {
    throw new FoyerError('invalid_request', { detail: 'two different client ids' });
  }
  const clientId = basic?.id ?? params.client_id;
  if (clientId === undefined) throw invalid('client_id is missing');
  const client = await deps.applications.byClientId(request.domain.id, clientId);
  if (!client) throw invalid('the application is not known in this domain');
  return { client, rawSecret: (basic?.secret || undefined) ?? params.client_secret };
};

/**
 * A confidential application must send its secret; a public one may, and then it must be right (S-69).
 * @throws {FoyerError} `invalid_client`
 */
export const checkSecret = ({ client, rawSecret }: Credentials): void => {
  if (rawSecret === undefined) {
    if (client.application.confidential) throw invalid('the client secret is missing');
    return;
  }
  if (!isSecretOf(client, rawSecret)) throw invalid('the client secret is wrong');
};
