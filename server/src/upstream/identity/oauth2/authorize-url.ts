/** The authorize request of a source (contract §1.9). */
import { sha256Base64Url } from '#base/lib/ids.ts';
import type { RedirectStart } from '../identity-source.ts';
import { isOidc, type OAuth2Settings, scopeOf } from './settings.ts';

/** Parameters that belong to the flow; a source can never set them (D-12). */
export const isReservedParam = (name: string): boolean =>
  [
    'redirect_uri',
    'client_id',
    'client_secret',
    'response_type',
    'state',
    'nonce',
    'request',
    'request_uri',
  ].includes(name) || name.startsWith('code_challenge');

export type BuildAuthorizeUrl = (start: RedirectStart) => string;

/**
 * Makes the builder of a source's authorize requests. Whatever is the same for all of them is put together once.
 * @param authorizeUrl absolute and checked; its own query is kept
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core 1.0 §3.1.2.1
 */
export const createAuthorizeUrl = (authorizeUrl: string, settings: OAuth2Settings): BuildAuthorizeUrl => {
  const url = new URL(authorizeUrl);
  const fixed = url.searchParams;
  for (const name of [...fixed.keys()]) if (isReservedParam(name)) fixed.delete(name);
  for (const [name, value] of Object.entries(settings.authorizeParams)) {
    if (!isReservedParam(name) && name !== 'scope') fixed.set(name, value);
  }
  fixed.set('response_type', 'code');
  fixed.set('client_id', settings.clientId);
  const scope = scopeOf(settings);
  if (scope !== '') fixed.set('scope', scope);
  // RFC 6749 §3.1.2: an endpoint has no fragment.
  url.hash = '';
  const prompt = fixed.get('prompt');
  const loginHint = fixed.get('login_hint');
  fixed.delete('prompt');
  fixed.delete('login_hint');
  const base = url.href;
  const withNonce = isOidc(settings);

  return (start) => {
    const params: [string, string | null | undefined][] = [
      ['prompt', start.prompt ?? prompt],
      ['login_hint', start.loginHint ?? loginHint],
      ['redirect_uri', start.redirectUri],
      ['state', start.state],
      ['nonce', withNonce ? start.nonce : undefined],
      ['code_challenge', settings.pkce ? sha256Base64Url(start.codeVerifier) : undefined],
      ['code_challenge_method', settings.pkce ? 'S256' : undefined],
    ];
    let full = base;
    for (const [name, value] of params) {
      if (value !== null && value !== undefined) full += `&${name}=${encodeURIComponent(value)}`;
    }
    return full;
  };
};
