/**
 * @module Prometheus metrics on a port of their own, so that they are never in reach of the public.
 */
import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** Sign-ins by provider and outcome (`ok` or an error code). */
  countSignIn(provider: string, outcome: string): void;
}

/** With memory, CPU and event-loop delay of the process. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const signIns = new Counter({
    name: 'foyer_sign_ins_total',
    help: 'Sign-ins by provider and outcome.',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  });
  return { registry, countSignIn: (provider, outcome) => signIns.inc({ provider, outcome }) };
};

/** Times every request by route pattern (never by URL: paths hold ids, queries hold codes). */
export const observeRequests = (app: FastifyInstance, metrics: Metrics): void => {
  const duration = new Histogram({
    name: 'foyer_request_duration_seconds',
    help: 'Time from request to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics.registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
};

/** Serves `/metrics` on its own listener; answers the server for closing. */
export const listenForMetrics = async (metrics: Metrics, port: number, host: string): Promise<Server> => {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server;
};
