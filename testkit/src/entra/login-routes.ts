import { answerToken } from './answer-token.ts';
import { authorize, giveConsent, pickPerson } from './authorize.ts';
import type { Exchange, Reply, Route } from './exchange.ts';
import { answerDiscovery, answerKeys } from './metadata.ts';
import { adminConsent, signOut } from './sign-out.ts';
import type { EntraState } from './state.ts';

/** What login.microsoftonline.com answers; every path begins with a tenant. */
export function loginRoutes(state: EntraState): Route[] {
  const route = (
    method: Route['method'],
    path: string,
    endpoint: Route['endpoint'],
    handle: (state: EntraState, exchange: Exchange) => Reply | Promise<Reply>,
  ): Route => ({
    method,
    pattern: new RegExp(`^/(?<tenant>[^/]+)${path}$`),
    endpoint,
    handle: (exchange) => handle(state, exchange),
  });
  return [
    route('GET', '/v2\\.0/\\.well-known/openid-configuration', 'discovery', answerDiscovery),
    route('GET', '/discovery/v2\\.0/keys', 'keys', answerKeys),
    route('ANY', '/oauth2/v2\\.0/authorize', 'authorize', authorize),
    route('POST', '/login', 'sign_in_page', pickPerson),
    route('POST', '/consent', 'sign_in_page', giveConsent),
    route('ANY', '/oauth2/v2\\.0/token', 'token', answerToken),
    route('ANY', '/oauth2/v2\\.0/logout', 'logout', signOut),
    route('GET', '/(?:v2\\.0/)?adminconsent', 'admin_consent', adminConsent),
  ];
}
