/** `ETag` of an answer and `If-Match` of a change, so that nobody overwrites what they have not seen. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';

/** A row's version number, or the instant of its last change where it has none. */
export type RowVersion = number | Date;

export const etagOf = (version: RowVersion): string =>
  `"${typeof version === 'number' ? version : version.getTime()}"`;

export const setEtag = (reply: FastifyReply, version: RowVersion): void => {
  reply.header('etag', etagOf(version));
};

/** What `If-Match` demands; absent when the client does not ask. */
export const ifMatchOf = (request: FastifyRequest): string | undefined => request.headers['if-match'];

/** @throws {FoyerError} `precondition_failed` @see RFC 9110 §13.1.1 */
export const requireMatch = (ifMatch: string | undefined, version: RowVersion): void => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(etagOf(version))) throw new FoyerError('precondition_failed');
};
