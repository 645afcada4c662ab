import { AadstsError } from './aadsts.ts';
import type { App, Authority } from './directory.ts';
import { param } from './exchange.ts';
import type { AuthorizeRequest } from './grant-store.ts';
import { sortScopes, splitScope } from './scopes.ts';
import type { EntraState } from './state.ts';

/** The part of a request that must hold before Entra redirects anything back. */
export type ReturnAddress = Pick<AuthorizeRequest, 'redirectUri' | 'responseMode' | 'state'>;

const responseModes = ['query', 'fragment', 'form_post'] as const;

/**
 * Where the answer goes. A redirect URI is compared as a whole string; a wrong one is never redirected to.
 *
 * @throws {AadstsError} 50011, 500113, 9000411
 */
export function readReturnAddress(app: App, params: URLSearchParams): ReturnAddress {
  for (const name of new Set(params.keys())) {
    if (params.getAll(name).length > 1) throw new AadstsError(9000411, { value: name });
  }
  if (app.redirect_uris.length === 0) throw new AadstsError(500113);
  const rawRedirectUri = param(params, 'redirect_uri');
  const redirectUri = rawRedirectUri ?? (app.redirect_uris.length === 1 ? app.redirect_uris[0] : undefined);
  if (redirectUri === undefined || !app.redirect_uris.includes(redirectUri)) {
    throw new AadstsError(50011, { app: app.client_id, value: rawRedirectUri ?? '' });
  }
  const implicit = (param(params, 'response_type') ?? '').split(' ').includes('id_token');
  const rawMode = param(params, 'response_mode');
  const responseMode = responseModes.find((mode) => mode === rawMode) ?? (implicit ? 'fragment' : 'query');
  return { redirectUri, responseMode, state: params.get('state') ?? undefined };
}

/**
 * The rest of the request; what is wrong here is told to the app by redirect.
 *
 * @throws {AadstsError} 900144, 90023, 700054, 700051, 501491 and those of `sortScopes`
 */
export function readAuthorizeRequest(
  state: EntraState,
  authority: Authority,
  app: App,
  address: ReturnAddress,
  params: URLSearchParams,
): AuthorizeRequest {
  const responseType = checkResponseType(app, param(params, 'response_type'));
  const rawMode = param(params, 'response_mode');
  const badMode = rawMode !== undefined && rawMode !== address.responseMode;
  if (badMode || (responseType !== 'code' && address.responseMode === 'query')) {
    throw new AadstsError(90023, { value: 'response_mode', other: 'form_post or fragment' });
  }
  const rawScope = param(params, 'scope');
  if (rawScope === undefined) throw new AadstsError(900144, { value: 'scope' });
  const scopes = splitScope(rawScope);
  sortScopes(state, app, scopes);
  const nonce = params.get('nonce') ?? undefined;
  if (responseType.includes('id_token') && !nonce) throw new AadstsError(900144, { value: 'nonce' });
  const prompt = param(params, 'prompt') ?? '';
  if (!['', 'none', 'login', 'consent', 'select_account', 'create'].includes(prompt)) {
    throw new AadstsError(90023, { value: 'prompt', other: 'login, none, consent or select_account' });
  }
  return {
    ...address,
    authority,
    app,
    responseType,
    scopes,
    nonce,
    prompt,
    loginHint: param(params, 'login_hint'),
    ...readChallenge(params),
    clientInfo: param(params, 'client_info') === '1',
  };
}

function checkResponseType(app: App, rawType: string | undefined): string {
  if (rawType === undefined) throw new AadstsError(900144, { value: 'response_type' });
  const parts = [...new Set(rawType.split(' '))].sort();
  if (parts.includes('token')) throw new AadstsError(700051);
  if (parts.some((part) => part !== 'code' && part !== 'id_token')) {
    throw new AadstsError(
      90023,
      { value: 'response_type', other: 'code or id_token' },
      { error: 'unsupported_response_type' },
    );
  }
  if (parts.includes('id_token') && !app.implicit_id_token) throw new AadstsError(700054);
  return parts.join(' ');
}

/** @see RFC 7636 §4.3; a challenge without method is plain */
function readChallenge(
  params: URLSearchParams,
): Pick<AuthorizeRequest, 'codeChallenge' | 'codeChallengeMethod'> {
  const codeChallenge = param(params, 'code_challenge');
  const rawMethod = param(params, 'code_challenge_method') ?? 'plain';
  if (codeChallenge === undefined) return { codeChallenge, codeChallengeMethod: 'plain' };
  if (rawMethod !== 'plain' && rawMethod !== 'S256') {
    throw new AadstsError(90023, { value: 'code_challenge_method', other: 'plain or S256' });
  }
  if (codeChallenge.length < 43 || codeChallenge.length > 128) throw new AadstsError(501491);
  return { codeChallenge, codeChallengeMethod: rawMethod };
}
