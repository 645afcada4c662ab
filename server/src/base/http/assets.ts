/**
 * @module Files of Foyer's own pages. Their address carries a hash of their content, so a browser keeps them for a
 * year and a new version is a new address.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const stylesheet = readFileSync(new URL('./foyer.css', import.meta.url));
const version = createHash('sha256').update(stylesheet).digest('base64url').slice(0, 12);

export const stylesheetPath = `/auth/assets/foyer.css?v=${version}`;

export const assetRoutes = (app: FastifyInstance): void => {
  app.get('/auth/assets/foyer.css', { config: { domain: false } }, async (request, reply) => {
    const current = (request.query as { v?: unknown }).v === version;
    return reply
      .header('content-type', 'text/css; charset=utf-8')
      .header('cache-control', current ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
      .send(stylesheet);
  });
};
