/**
 * @module Bodies and answers of the engine API are JSON and nothing else: 415 and 406 say so. Limits and oddities of
 * the JSON itself are refused by `base/http/request-limits.ts`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJsonBody } from '#base/http/request-limits.ts';
import { FoyerError } from '#base/lib/errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route answers in place of JSON. */
    mediaType?: string;
  }
}

const isJson = (contentType: string): boolean => /^application\/json *(;|$)/i.test(contentType.trim());

/** Replaces every body parser of this instance. A body without a type counts as JSON. */
export const acceptOnlyJson = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: string | Buffer) => {
      if (body.length === 0) return undefined;
      const type = request.headers['content-type'] ?? '';
      if (type !== '' && !isJson(type)) {
        throw new FoyerError('unsupported_media_type', { detail: 'Only application/json is accepted' });
      }
      return parseJsonBody(body as Buffer);
    },
  );
  app.addHook('onRequest', async (request) => {
    const accept = request.headers.accept ?? '*/*';
    const { mediaType } = request.routeOptions.config ?? {};
    const isListed = mediaType !== undefined && accept.includes(mediaType);
    if (!isListed && !/\*\/\*|application\/\*|application\/json/i.test(accept)) {
      throw new FoyerError('not_acceptable', { detail: 'Only application/json is served' });
    }
  });
};
