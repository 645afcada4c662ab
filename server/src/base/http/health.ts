import type { FastifyInstance } from 'fastify';

export interface HealthDeps {
  /** Throws when the server cannot do its work: database, schema, keys. */
  checkReady(): Promise<void>;
  /** True once a graceful stop has begun. */
  isStopping(): boolean;
}

/** `/healthz` speaks for the process alone, `/readyz` for what it needs; neither needs a domain or says why. */
export const healthRoutes = (app: FastifyInstance, deps: HealthDeps): void => {
  // Connections that are kept open would be cut at the end of the stop; their clients leave them by themselves.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (deps.isStopping()) reply.header('connection', 'close');
    done();
  });
  app.get('/healthz', { config: { domain: false } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { domain: false } }, async (request, reply) => {
    if (deps.isStopping()) return reply.code(503).send({ status: 'stopping' });
    try {
      await deps.checkReady();
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
};
