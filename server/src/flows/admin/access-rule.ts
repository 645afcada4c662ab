/**
 * @module Who may call a route is written in the route's config and enforced here, before the body is read. A route
 * without a rule is refused when it is registered.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import {
  hasScope,
  type Resource,
  type Role,
  requireRead,
  requireRole,
  requireWrite,
} from '#model/access/guards.ts';

export type AccessRule =
  /** No credential is needed. */
  | 'anyone'
  /** Any valid credential of this domain. */
  | 'any token'
  | {
      /** Needs `public` or this scope (one of these): read for GET and HEAD, write for the rest. */
      scope: Resource | readonly Resource[];
      role?: Role;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
  }
  interface FastifyRequest {
    /** Who calls; absent only on routes for `anyone`. */
    caller: Caller;
  }
}

export const enforceAccess = (
  app: FastifyInstance,
  authenticate: (request: FastifyRequest) => Promise<Caller>,
): void => {
  app.decorateRequest('caller', null as unknown as Caller);
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new Error(`${route.method} ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async (request) => {
    const rule = request.routeOptions.config?.access;
    if (rule === 'anyone' || request.is404) return;
    if (!rule) throw new FoyerError('forbidden');
    request.caller = await authenticate(request);
    if (rule === 'any token') return;
    requireScope(request, rule.scope);
    if (rule.role) requireRole(request.caller, rule.role);
  });
};

/** @throws {FoyerError} `forbidden` when the caller's scopes allow this method for none of the resources */
export const requireScope = (request: FastifyRequest, scope: Resource | readonly Resource[]): void => {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const resources = [scope].flat() as Resource[];
  const allowed = resources.find((each) => hasScope(request.caller, each, reads ? 'read' : 'write'));
  (reads ? requireRead : requireWrite)(request.caller, allowed ?? (resources[0] as Resource));
};
