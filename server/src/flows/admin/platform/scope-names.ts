/** Scopes that API keys and applications may name, `public` first, as PlaceOS lists them. */
import { resourceScopes, scopesOfResources } from '#model/access/resource-scopes.ts';

export const scopeNames: readonly string[] = [
  'public',
  'openid',
  ...resourceScopes,
  ...scopesOfResources(['users']),
];
