/**
 * @module The whole wiring on one screen: which flow answers what, and what each is given.
 */
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { answerSchemas } from '#base/http/answer-schemas.ts';
import { assetRoutes } from '#base/http/assets.ts';
import { installErrorHandler, sendFrameworkError } from '#base/http/error-handler.ts';
import { healthRoutes } from '#base/http/health.ts';
import { createIpLimit } from '#base/http/ip-limit.ts';
import { rawHostOf } from '#base/http/request-host.ts';
import {
  answerBrokenRequest,
  httpServerOptions,
  installRequestLimits,
  maxBodyBytes,
} from '#base/http/request-limits.ts';
import { installSecurityHeaders } from '#base/http/security-headers.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { newUuid } from '#base/lib/ids.ts';
import { accountFlow } from '#flows/account/routes.ts';
import { consoleRoutes } from '#flows/console/routes.ts';
import { providerRoutes } from '#flows/provider/routes.ts';
import { setUpRoutes } from '#flows/set-up/routes.ts';
import { signInRoutes } from '#flows/sign-in/routes.ts';
import { canonicalHost, type Domain } from '#model/domains/domain.ts';
import { validateSource } from '#upstream/identity/oauth2/validate-source.ts';
import { createAuthenticate } from './flows/access/authenticate.ts';
import { type EngineDeps, engineRoutes, withMissingSlash } from './flows/admin/engine.ts';
import type { Services } from './services.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The domain that the request's host names; absent only on routes with `config.domain: false`. */
    domain: Domain;
  }
}

export const buildApp = async (services: Services): Promise<FastifyInstance> => {
  const app = Fastify({
    loggerInstance: services.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: services.config.trustedProxies.length > 0 ? services.config.trustedProxies : false,
    bodyLimit: maxBodyBytes,
    // With the interval in which connections are looked at, it is over after 15 s (S-133).
    requestTimeout: 12_500,
    http: httpServerOptions,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: sendFrameworkError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(given) ? given : newUuid();
    },
    forceCloseConnections: 'idle',
    schemaController: answerSchemas,
    rewriteUrl: ({ url = '/' }) => withMissingSlash(url),
  });
  installErrorHandler(app);
  installSecurityHeaders(app, services.origin.secure);
  await app.register(cookie);
  installRequestLimits(app);
  app.decorateRequest('domain', null as unknown as Domain);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config?.domain === false) return;
    const host = canonicalHost(rawHostOf(request));
    const domain = host && (await services.domains.byHost(host));
    if (!domain) throw new FoyerError('domain_not_found');
    request.domain = domain;
  });
  healthRoutes(app, {
    isStopping: () => services.stopping,
    async checkReady() {
      await services.db.ping();
      await services.signingKeys.current();
    },
  });
  assetRoutes(app);
  setUpRoutes(app, services);
  const onSignedIn = ({ provider }: { provider: string }): void => {
    services.statistics.noteGrowth();
    services.metrics?.countSignIn(provider, 'ok');
  };
  accountFlow(app, { ...services, onSignedIn });
  await engineRoutes(app, engineDeps(services));
  signInRoutes(app, {
    ...services,
    startLimit: createIpLimit(services.clock, services.config.signInStartsPerMinute),
    onSignedIn,
  });
  providerRoutes(app, services);
  await consoleRoutes(app, services);
  return app;
};

const engineDeps = (services: Services): EngineDeps => ({
  ...services,
  authenticate: createAuthenticate(services),
  validateSource: (kind, settings, before) =>
    kind === 'oauth2' ? validateSource(settings, before, services) : [],
});
