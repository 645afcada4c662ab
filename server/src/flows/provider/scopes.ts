/** @module Which scopes the server knows, and which of them an application gets (S-67). */
import { FoyerError } from '#base/lib/errors.ts';
import { resourceScopes } from '#model/access/resource-scopes.ts';
import { type Application, scopesOf } from '#model/applications/application.ts';

/** What an application without a list of its own may ask for. `users` and `zones` must be listed to be asked for. */
export const serverScopes: readonly string[] = [
  'public',
  'openid',
  'profile',
  'email',
  'phone',
  ...resourceScopes,
];

/**
 * The scopes that a request gets: what it asks for, `public` when it asks for nothing.
 *
 * @throws {FoyerError} `invalid_scope` for a scope that is not registered for the application
 * @see RFC 6749 §3.3
 */
export const grantScopes = (
  application: Pick<Application, 'scopes'>,
  rawScope: string | undefined,
): string[] => {
  const asked = [...new Set(scopesOf(rawScope ?? ''))];
  const scopes = asked.length === 0 ? ['public'] : asked;
  const registered = scopesOf(application.scopes);
  const allowed = registered.length === 0 ? serverScopes : registered;
  const unknown = scopes.find((scope) => !allowed.includes(scope));
  if (unknown !== undefined) {
    const name = unknown
      .replace(/[^\x21-\x7e]/g, '?')
      .replace(/["\\]/g, '')
      .slice(0, 40);
    throw new FoyerError('invalid_scope', {
      detail: `the application is not registered for the scope ${name}`,
    });
  }
  return scopes;
};
