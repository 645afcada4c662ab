import { AadstsError } from './aadsts.ts';
import { readSession, sessionCookieHeader } from './authorize.ts';
import { type Exchange, html, param, type Reply, redirect } from './exchange.ts';
import { errorPage, messagePage } from './pages.ts';
import { type EntraState, getApp, getAuthority } from './state.ts';

/**
 * `GET /{tenant}/oauth2/v2.0/logout`: ends the browser's session. The redirect back happens only to an address
 * registered for some app; Entra shows its own page otherwise.
 */
export function signOut(state: EntraState, exchange: Exchange): Reply {
  const params = exchange.method === 'POST' ? exchange.form : exchange.query;
  state.grants.signOut(readSession(exchange));
  const cookie = { 'set-cookie': sessionCookieHeader(exchange, null) };
  const rawReturnTo = param(params, 'post_logout_redirect_uri');
  if (rawReturnTo !== undefined && state.directory.isRegisteredRedirect(rawReturnTo)) {
    const rawState = param(params, 'state');
    const separator = rawReturnTo.includes('?') ? '&' : '?';
    const suffix =
      rawState === undefined ? '' : `${separator}${new URLSearchParams({ state: rawState }).toString()}`;
    return redirect(`${rawReturnTo}${suffix}`, cookie);
  }
  return html(
    200,
    messagePage('You signed out of your account', 'It’s a good idea to close all browser windows.'),
    cookie,
  );
}

/** `GET /{tenant}/adminconsent` and `/{tenant}/v2.0/adminconsent`: an administrator agrees for everyone. */
export function adminConsent(state: EntraState, exchange: Exchange): Reply {
  try {
    const authority = getAuthority(state, exchange.params.tenant ?? '');
    const app = getApp(state, authority, param(exchange.query, 'client_id'));
    const rawRedirectUri = param(exchange.query, 'redirect_uri') ?? app.redirect_uris[0] ?? '';
    if (!app.redirect_uris.includes(rawRedirectUri)) {
      throw new AadstsError(50011, { app: app.client_id, value: rawRedirectUri });
    }
    const tenantId = authority.kind === 'tenant' ? authority.tenant.id : app.tenantId;
    const answer = new URLSearchParams({ admin_consent: 'True', tenant: tenantId });
    const rawState = param(exchange.query, 'state');
    if (rawState !== undefined) answer.set('state', rawState);
    app.pre_consented = true;
    return redirect(`${rawRedirectUri}${rawRedirectUri.includes('?') ? '&' : '?'}${answer.toString()}`);
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    return html(error.entry.http, errorPage(error.message, exchange.trace));
  }
}
