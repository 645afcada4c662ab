/**
 * @module Foyer as the applications' OAuth2 and OpenID provider: one issuer per domain, everything under
 * `/auth/oauth`. What it owns: the protocol. What it does not: sessions (it reads the one that signing in made), keys,
 * access tokens. See docs/decisions/0003-own-provider.md for why it is our own.
 */
import type { FastifyInstance } from 'fastify';
import { type AuthorizeRoutesDeps, authorizeRoutes } from './authorize/routes.ts';
import {
  type AuthorizedApplicationsDeps,
  authorizedApplicationsRoutes,
} from './authorized-applications/routes.ts';
import { installCors } from './cors.ts';
import { type DeviceRoutesDeps, deviceRoutes } from './device/routes.ts';
import { providerMetadata, toPublicJwk } from './metadata.ts';
import { type SignOutRoutesDeps, signOutRoutes } from './sign-out/routes.ts';
import { type TokenRoutesDeps, tokenRoutes } from './token/routes.ts';

export type ProviderDeps = AuthorizeRoutesDeps &
  AuthorizedApplicationsDeps &
  DeviceRoutesDeps &
  SignOutRoutesDeps &
  TokenRoutesDeps;

const wellKnown = ['openid-configuration', 'oauth-authorization-server'].flatMap((name) => [
  `/.well-known/${name}`,
  `/auth/.well-known/${name}`,
]);

const keysPath = '/auth/oauth/discovery/keys';

/** What scripts of registered applications may read (S-77). */
const forScripts = [
  ...wellKnown,
  keysPath,
  ...['token', 'revoke', 'introspect', 'token/info', 'userinfo', 'device_authorization'].map(
    (name) => `/auth/oauth/${name}`,
  ),
];

/** No longer than a new key is published before it signs (S-76, S-98). */
const keysMaxAgeSeconds = 3_600;

export const providerRoutes = (app: FastifyInstance, deps: ProviderDeps): void => {
  authorizeRoutes(app, deps);
  signOutRoutes(app, deps);
  authorizedApplicationsRoutes(app, deps);
  app.register((open, _options, done) => {
    installCors(open, deps, forScripts);
    tokenRoutes(open, deps);
    deviceRoutes(open, deps);
    for (const path of wellKnown) {
      open.get(path, { config: { errors: 'oauth' } }, async (request, reply) => {
        reply.header('cache-control', 'public, max-age=300');
        return providerMetadata(deps, request.domain);
      });
    }
    open.get(keysPath, { config: { errors: 'oauth' } }, async (_request, reply) => {
      reply.header('cache-control', `public, max-age=${keysMaxAgeSeconds}`);
      return { keys: (await deps.signingKeys.publicJwks()).map(toPublicJwk) };
    });
    done();
  });
};
