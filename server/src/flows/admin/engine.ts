/**
 * @module The engine API, `/api/engine/v2`: what administrators and their console call.
 *
 * A request goes: JSON only → who calls and whether they may (`access-rule.ts`) → the route:
 * members of the body (`assign.ts`) → one use case → the answer, whose members its schema lists. The same schemas make
 * the OpenAPI document. A resource joins with one line in `resources` below.
 */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { enforceAccess } from './access-rule.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { applicationRoutes } from './applications/routes.ts';
import { attemptRoutes } from './attempts/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { defaultSourceRoutes } from './default-source/routes.ts';
import type { EngineDeps } from './deps.ts';
import { aboutDomainRoutes } from './domains/about-routes.ts';
import { domainRoutes } from './domains/routes.ts';
import { dryRunRoutes } from './dry-runs/routes.ts';
import { honourIdempotencyKeys } from './idempotency.ts';
import { acceptOnlyJson } from './json-body.ts';
import { metadataRoutes } from './metadata/routes.ts';
import { docsPage } from './openapi/docs-page.ts';
import { createOpenApi } from './openapi/document.ts';
import { openApiRoute } from './openapi/routes.ts';
import { platformRoutes } from './platform/routes.ts';
import { staffStub } from './platform/staff-stub.ts';
import { resourceTokenRoutes } from './resource-tokens/routes.ts';
import { sourceCheckRoutes } from './source-checks/routes.ts';
import { sourceRoutes } from './sources/routes.ts';
import { summaryRoutes } from './sources/summary-routes.ts';
import { userIdentityRoutes } from './user-identities/routes.ts';
import { userSessionRoutes } from './user-sessions/routes.ts';
import { userRoutes } from './users/routes.ts';

export type { EngineDeps } from './deps.ts';

export const engineRoutes = async (app: FastifyInstance, deps: EngineDeps): Promise<void> => {
  const common = (scope: FastifyInstance): void => {
    acceptOnlyJson(scope);
    enforceAccess(scope, deps.authenticate);
    honourIdempotencyKeys(scope, deps);
  };
  const openApi = createOpenApi('/api/engine/v2', (scope) => resources(scope, deps));
  const engine: FastifyPluginAsync = async (scope) => {
    common(scope);
    resources(scope, deps);
    openApiRoute(scope, openApi);
    docsPage(app, openApi);
  };
  const staff: FastifyPluginAsync = async (scope) => {
    common(scope);
    staffStub(scope);
  };
  await app.register(engine, { prefix: '/api/engine/v2' });
  await app.register(staff, { prefix: '/api/staff/v1' });
};

/** Bodies and parameters are read by `assign.ts` and `list-params.ts`; schemas describe them and shape answers. */
const resources = (scope: FastifyInstance, deps: EngineDeps): void => {
  platformRoutes(scope, deps);
  domainRoutes(scope, deps);
  aboutDomainRoutes(scope, deps);
  sourceRoutes(scope, deps);
  summaryRoutes(scope, deps);
  attemptRoutes(scope, deps);
  dryRunRoutes(scope, deps);
  sourceCheckRoutes(scope, deps);
  defaultSourceRoutes(scope, deps);
  applicationRoutes(scope, deps);
  userRoutes(scope, deps);
  userSessionRoutes(scope, deps);
  userIdentityRoutes(scope, deps);
  resourceTokenRoutes(scope, deps);
  metadataRoutes(scope, deps);
  apiKeyRoutes(scope, deps);
  auditRoutes(scope, deps);
};

/** ts-client forgets a slash: `/api/engine/v2users/…` and `/api/engine/v2domains/lookup/…` are meant with it. */
export const withMissingSlash = (url: string): string =>
  url.replace(/^\/api\/engine\/v2(?=(?:users|domains)\/)/, '/api/engine/v2/');
