/**
 * @module Starts the server: configuration → services → app → listen; and stops it: refuse new work, finish what is
 * in flight, close.
 */
import type { FastifyInstance } from 'fastify';
import type { Config } from '#base/config/config.ts';
import { startUpkeep } from '#flows/upkeep/start-upkeep.ts';
import { buildApp } from './app.ts';
import { type Overrides, openServices, type Services } from './services.ts';

export interface Running {
  app: FastifyInstance;
  services: Services;
  /** `http://host:port` as listened on; people use PUBLIC_URL. */
  address: string;
  /** Graceful: `/readyz` turns 503 at once, requests in flight get their answer. */
  stop(): Promise<void>;
}

export const startServer = async (config: Config, overrides: Overrides = {}): Promise<Running> => {
  const services = await openServices(config, overrides);
  try {
    const app = await buildApp(services);
    const metricsServer = await serveMetrics(services, app);
    const address = await app.listen({ port: config.port, host: config.host });
    const upkeep = startUpkeep(services);
    services.log.info({ address, store: services.db.engine }, 'Foyer is listening');
    return {
      app,
      services,
      address,
      async stop() {
        services.stopping = true;
        await app.close();
        metricsServer?.close();
        await upkeep.stop();
        await services.close();
        services.log.info('Foyer has stopped');
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
};

const serveMetrics = async ({ config, metrics }: Services, app: FastifyInstance) => {
  if (!metrics) return undefined;
  const { listenForMetrics, observeRequests } = await import('#base/http/metrics.ts');
  observeRequests(app, metrics);
  return listenForMetrics(metrics, config.metricsPort, config.metricsHost);
};

/**
 * Runs until a signal. SIGTERM first only turns `/readyz` to 503, so that load balancers send new requests to other
 * nodes; Ctrl-C (SIGINT) does not wait for that. A second signal, or a stop that takes too long, ends the process with
 * an error.
 */
export const runUntilSignal = (
  running: Running,
  { stopDelaySeconds, stopTimeoutSeconds }: Pick<Config, 'stopDelaySeconds' | 'stopTimeoutSeconds'>,
): void => {
  const { log } = running.services;
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    running.services.stopping = true;
    log.info({ signal }, 'stopping');
    const delayMs = signal === 'SIGTERM' ? stopDelaySeconds * 1_000 : 0;
    setTimeout(() => process.exit(1), delayMs + stopTimeoutSeconds * 1_000).unref();
    setTimeout(() => {
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
    }, delayMs);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // State may be in doubt: say so without the values, and let the supervisor start anew.
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error) => {
      log.fatal({ err: error }, `the process ends: ${event}`);
      process.exit(1);
    });
  }
};
