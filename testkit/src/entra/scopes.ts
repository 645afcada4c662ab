import { AadstsError } from './aadsts.ts';
import type { App } from './directory.ts';
import type { EntraState } from './state.ts';

export const graphResource = 'https://graph.microsoft.com';
export const graphAppId = '00000003-0000-0000-c000-000000000000';

const oidcScopes = ['openid', 'profile', 'email', 'offline_access'];

/** Graph's own spelling of the permissions that Foyer's guides name; others keep the client's spelling. */
const graphPermissions = [
  'Calendars.Read',
  'Calendars.Read.Shared',
  'Calendars.ReadBasic',
  'Calendars.ReadWrite',
  'Calendars.ReadWrite.Shared',
  'Contacts.Read',
  'Directory.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'GroupMember.Read.All',
  'Mail.Read',
  'Mail.Send',
  'Place.Read.All',
  'Presence.Read.All',
  'User.Read',
  'User.Read.All',
  'User.ReadBasic.All',
  'User.ReadWrite',
  'User.ReadWrite.All',
];

/** Scopes of a request, sorted out: OpenID's own, and the permissions of one API. */
export interface RequestedScopes {
  oidc: string[];
  /** The API's permissions in its own spelling, without prefix; `.default` stands for all of them. */
  permissions: string[];
  /** Graph, or the app that offers the API. */
  api: 'graph' | App;
}

export function splitScope(rawScope: string): string[] {
  return [...new Set(rawScope.split(/\s+/).filter((scope) => scope !== ''))];
}

/**
 * Sorts the scopes of a request.
 *
 * @throws {AadstsError} 28000 two APIs in one request, 650053 unknown permission, 500011 unknown API
 */
export function sortScopes(state: EntraState, app: App, scopes: readonly string[]): RequestedScopes {
  const oidc = oidcScopes.filter((name) => scopes.some((scope) => scope.toLowerCase() === name));
  const others = scopes.filter((scope) => !oidcScopes.includes(scope.toLowerCase()));
  const sorted = others.map((scope) => sortOne(state, app, scope));
  const api = sorted[0]?.api ?? 'graph';
  if (sorted.some((one) => one.api !== api)) throw new AadstsError(28000, { value: scopes.join(' ') });
  return { oidc, permissions: [...new Set(sorted.map(({ permission }) => permission))], api };
}

function sortOne(state: EntraState, app: App, scope: string): { api: 'graph' | App; permission: string } {
  const slash = scope.lastIndexOf('/');
  const resource = slash < 0 ? '' : scope.slice(0, slash).replace(/\/$/, '');
  const name = scope.slice(slash + 1);
  if (resource === '' || resource.toLowerCase() === graphResource || resource === graphAppId) {
    const known = graphPermissions.find((permission) => permission.toLowerCase() === name.toLowerCase());
    // every permission of Graph has the form Thing.Verb[.Range]
    if (!known && name !== '.default' && !/^[a-z]+(\.[a-z]+)+$/i.test(name)) {
      throw new AadstsError(650053, { app_name: app.name, value: name, other: graphAppId });
    }
    return { api: 'graph', permission: known ?? name };
  }
  const api = state.directory.findApp(resource.replace(/^api:\/\//, ''));
  if (!api) {
    throw new AadstsError(500011, { value: resource, tenant: state.directory.getTenant(app.tenantId).name });
  }
  if (name !== '.default' && !api.api_scopes.includes(name)) {
    throw new AadstsError(650053, { app_name: app.name, value: name, other: api.client_id });
  }
  return { api, permission: name };
}

/** The permissions that end up in the token: `.default` becomes those the API offers. */
export function grantedPermissions(requested: RequestedScopes): string[] {
  const { api, permissions } = requested;
  if (!permissions.includes('.default')) return permissions;
  return api === 'graph' ? ['User.Read'] : [...api.api_scopes];
}

/**
 * The `scope` of a token answer: full names of the API's permissions, then OpenID's, never offline_access.
 * For Graph, whoever asks for OpenID gets all three of its scopes named.
 */
export function scopeAnswer(requested: RequestedScopes): string {
  const { api } = requested;
  const prefix = api === 'graph' ? graphResource : `api://${api.client_id}`;
  const permissions = grantedPermissions(requested).map((permission) => `${prefix}/${permission}`);
  return [...(api === 'graph' ? grantedOidc(requested) : []), ...permissions].join(' ');
}

/** `scp` of the access token: short names. */
export function scopeClaim(requested: RequestedScopes): string {
  const oidc = requested.api === 'graph' ? grantedOidc(requested) : [];
  return [...grantedPermissions(requested), ...oidc].join(' ');
}

function grantedOidc({ oidc }: RequestedScopes): string[] {
  return oidc.some((scope) => scope !== 'offline_access') ? ['openid', 'profile', 'email'] : [];
}
