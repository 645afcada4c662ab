/** Bounds of a request's address (S-131): length, number of parameters, and no NUL, which PostgreSQL cannot store. */
import type { FastifyInstance } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';

const maxUrlLength = 8192;
const maxParameters = 100;

export const installRequestLimits = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ url }) => {
    if (url.length > maxUrlLength) throw new FoyerError('uri_too_long');
    if (/%00/.test(url)) throw new FoyerError('bad_request', { detail: 'the address holds a NUL character' });
    const query = url.slice(url.indexOf('?') + 1);
    if (url.includes('?') && query.split('&').length > maxParameters) {
      throw new FoyerError('bad_request', { detail: `more than ${maxParameters} parameters` });
    }
  });
};
