/**
 * @module Headers of every list: `X-Total-Count`, `Content-Range`, and `Link` only when there are more rows. The client
 * splits `Link` at commas and semicolons and re-encodes the parameters, so both are percent-encoded, a space is `%20`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Listed, ListRequest } from '#base/db/listing.ts';

/** `table` is PlaceOS' name in `Content-Range`, `path` the collection's full path. */
export const sendList = <T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { table, path, list, page }: { table: string; path: string; list: ListRequest; page: Listed<T> },
): T[] => {
  const end = list.offset + page.rows.length;
  reply.header('x-total-count', String(page.total));
  reply.header('content-range', `${table} ${list.offset}-${end}/${page.total}`);
  if (page.rows.length > 0 && end < page.total) {
    reply.header('link', `<${path}/?${nextQuery(request, list.limit, end)}>; rel="next"`);
  }
  return page.rows;
};

const nextQuery = (request: FastifyRequest, limit: number, offset: number): string => {
  const kept = Object.entries(request.query as Record<string, unknown>).filter(
    ([name, value]) => name !== 'limit' && name !== 'offset' && typeof value === 'string',
  ) as [string, string][];
  return [...kept, ['offset', String(offset)] as const, ['limit', String(limit)] as const]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
};
