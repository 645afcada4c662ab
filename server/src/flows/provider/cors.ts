/**
 * @module Which scripts may read the answers of the endpoints that applications call: exactly the origins of the
 * domain's registered applications. Never a wildcard, never with credentials, never `null` (S-77).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApplicationCache } from '#model/applications/application-cache.ts';

export interface CorsDeps {
  applications: ApplicationCache;
}

const allow = async (deps: CorsDeps, request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
  const { origin } = request.headers;
  reply.header('vary', 'Origin');
  if (origin === undefined || !(await deps.applications.hasOrigin(request.domain.id, origin))) return false;
  reply.header('access-control-allow-origin', origin);
  return true;
};

/** Answers preflights on `paths` and marks the answers of every route that is registered on `app` afterwards. */
export const installCors = (app: FastifyInstance, deps: CorsDeps, paths: readonly string[]): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin !== undefined) await allow(deps, request, reply);
  });
  for (const path of paths) {
    app.options(path, async (request, reply) => {
      if (await allow(deps, request, reply)) {
        reply.header('access-control-allow-methods', 'GET, POST');
        reply.header('access-control-allow-headers', 'Authorization, Content-Type');
        reply.header('access-control-max-age', '600');
      }
      return reply.code(204).send();
    });
  }
};
