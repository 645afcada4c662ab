/**
 * @module What a caller may do: a scope of the credential and a role of the person, both needed. A refusal is 403 with
 * an empty body, never 401: clients answer 401 with a new token and the same request, for ever.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from './caller.ts';

/** Names that a scope may have in the engine API, beside `public`. */
export type Resource =
  | 'domains'
  | 'o_auth_authentications'
  | 'saml_authentications'
  | 'ldap_authentications'
  | 'o_auth_applications'
  | 'users'
  | 'api_keys'
  | 'metadata'
  | 'settings'
  | 'cluster';

export type Access = 'read' | 'write';
export type Role = 'support' | 'admin' | 'platform';

/** A bare name means both accesses; `public` stands for every resource. */
export const hasScope = (caller: Pick<Caller, 'scopes'>, resource: Resource, access: Access): boolean =>
  ['public', `public.${access}`, resource, `${resource}.${access}`].some((scope) =>
    caller.scopes.includes(scope),
  );

export const hasRole = (caller: Caller, role: Role): boolean => {
  if (role === 'platform') return caller.platformAdmin;
  return caller.sysAdmin || (role === 'support' && caller.support);
};

const refuse = (detail: string): never => {
  throw new FoyerError('forbidden', { detail });
};

/** @throws {FoyerError} `forbidden` */
export const requireRead = (caller: Caller, resource: Resource): void => {
  if (!hasScope(caller, resource, 'read')) refuse(`scope ${resource}.read is missing`);
};

/** @throws {FoyerError} `forbidden` */
export const requireWrite = (caller: Caller, resource: Resource): void => {
  if (!hasScope(caller, resource, 'write')) refuse(`scope ${resource}.write is missing`);
};

/** @throws {FoyerError} `forbidden` */
export const requireRole = (caller: Caller, role: Role): void => {
  if (!hasRole(caller, role)) refuse(`role ${role} is missing`);
};

/** Support people and administrators. @throws {FoyerError} `forbidden` */
export const requireSupport = (caller: Caller): void => requireRole(caller, 'support');
/** Administrators of the caller's domain. @throws {FoyerError} `forbidden` */
export const requireAdmin = (caller: Caller): void => requireRole(caller, 'admin');
/** Administrators of the installation. @throws {FoyerError} `forbidden` */
export const requirePlatformAdmin = (caller: Caller): void => requireRole(caller, 'platform');
