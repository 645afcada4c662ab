/**
 * @module Starts the server: configuration → services → app → listen; and stops it: refuse new work, finish what is
 * in flight, close.
 */
import type { FastifyInstance } from 'fastify';
import type { Config } from '#base/config/config.ts';
import { createMetrics, listenForMetrics, observeRequests } from '#base/http/metrics.ts';
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
    const metrics = createMetrics();
    if (config.metricsPort > 0) observeRequests(app, metrics);
    const metricsServer =
      config.metricsPort > 0
        ? await listenForMetrics(metrics, config.metricsPort, config.metricsHost)
        : undefined;
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

/** Runs until a signal; a second signal, or a stop that takes too long, ends the process with an error. */
export const runUntilSignal = (running: Running, stopTimeoutSeconds: number): void => {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    running.services.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), stopTimeoutSeconds * 1_000).unref();
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('unhandledRejection', (error) => {
    // State may be in doubt: say so without the values, and let the supervisor start anew.
    running.services.log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
};
