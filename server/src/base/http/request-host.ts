/**
 * @module Whose host a request is for. Only `Host`, or `X-Forwarded-Host` when the peer is a trusted proxy (S-39).
 */
import type { FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';

/** @throws {FoyerError} `bad_request` for no or several Host headers (node:http silently keeps the first). */
export const rawHostOf = (request: FastifyRequest): string => {
  let hosts = 0;
  const { rawHeaders } = request.raw;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === 'host') hosts++;
  if (hosts !== 1 && request.raw.httpVersionMajor === 1) {
    throw new FoyerError('bad_request', { detail: 'exactly one Host header is needed' });
  }
  // Fastify reads X-Forwarded-Host only from peers that `trustProxy` names.
  return request.host;
};
