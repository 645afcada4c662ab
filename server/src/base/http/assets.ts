/**
 * @module Files of Foyer's own pages: the stylesheet, two scripts and the icon. The address of a file carries a hash of
 * its content, so a browser keeps it for a year and a new version is a new address.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const stylesheet = readFileSync(new URL('./foyer.css', import.meta.url));
const dryRunScript = readFileSync(new URL('./dry-run.js', import.meta.url));
const consentScript = readFileSync(new URL('./consent.js', import.meta.url));
const versionOf = (file: Buffer): string =>
  createHash('sha256').update(file).digest('base64url').slice(0, 12);

export const stylesheetPath = `/auth/assets/foyer.css?v=${versionOf(stylesheet)}`;
/** Of the page on which a dry run comes back. */
export const dryRunScriptPath = `/auth/assets/dry-run.js?v=${versionOf(dryRunScript)}`;
/** Of the page on which an administrator's consent comes back. */
export const consentScriptPath = `/auth/assets/consent.js?v=${versionOf(consentScript)}`;

export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#2457c5"/>' +
  '<path d="M5 13V6a3 3 0 0 1 6 0v7" fill="none" stroke="white" stroke-width="1.6"/></svg>';

export const assetRoutes = (app: FastifyInstance): void => {
  const serve = (versionedPath: string, type: string, file: Buffer): void => {
    const [path = '', version = ''] = versionedPath.split('?v=');
    app.get(path, { config: { domain: false } }, async (request, reply) => {
      const current = (request.query as { v?: unknown }).v === version;
      return reply
        .header('content-type', `${type}; charset=utf-8`)
        .header('cache-control', current ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
        .send(file);
    });
  };
  serve(stylesheetPath, 'text/css', stylesheet);
  serve(dryRunScriptPath, 'text/javascript', dryRunScript);
  serve(consentScriptPath, 'text/javascript', consentScript);
  // Browsers ask for it beside every answer that is no page of ours.
  app.get('/favicon.ico', { config: { domain: false } }, async (_request, reply) =>
    reply.header('content-type', 'image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon),
  );
};
