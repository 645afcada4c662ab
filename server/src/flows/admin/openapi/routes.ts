/** The OpenAPI document as JSON; `docs-page.ts` shows it to people. */
import type { FastifyInstance } from 'fastify';
import type { OpenApi } from './document.ts';

export const openApiRoute = (app: FastifyInstance, document: OpenApi): void => {
  app.get(
    '/openapi.json',
    { config: { access: 'anyone', domain: false }, schema: { hide: true } },
    async (_request, reply) => reply.header('cache-control', 'max-age=300').send(await document()),
  );
};
