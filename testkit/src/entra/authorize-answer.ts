import { type AadstsError, describeError } from './aadsts.ts';
import { type Exchange, html, type Reply, redirect } from './exchange.ts';
import { formPostPage } from './pages.ts';
import type { ReturnAddress } from './read-authorize-request.ts';

export type Fields = [name: string, value: string][];

/** The answer to the app, the way it asked for it. */
export function deliver(address: ReturnAddress, fields: Fields, headers: Reply['headers'] = {}): Reply {
  if (address.responseMode === 'form_post') {
    return html(200, formPostPage(address.redirectUri, fields), headers);
  }
  const text = new URLSearchParams(fields).toString();
  if (address.responseMode === 'fragment') return redirect(`${address.redirectUri}#${text}`, headers);
  return redirect(`${address.redirectUri}${address.redirectUri.includes('?') ? '&' : '?'}${text}`, headers);
}

/** An error that the app hears of. */
export function sendError(
  exchange: Exchange,
  address: ReturnAddress,
  error: AadstsError,
  extra: Fields = [],
): Reply {
  return deliver(address, [
    ['error', error.entry.error],
    ...extra,
    ['error_description', describeError(error.message, exchange.trace)],
    ['error_uri', `https://login.microsoftonline.com/error?code=${error.code}`],
    ...optional('claims', error.entry.claims),
    ...optional('state', address.state),
  ]);
}

/** What the app gets when the person presses Cancel: no description, but a subcode. */
export function cancelled(address: ReturnAddress): Reply {
  return deliver(address, [
    ['error', 'access_denied'],
    ['error_subcode', 'cancel'],
    ...optional('state', address.state),
  ]);
}

function optional(name: string, value: string | undefined): Fields {
  return value === undefined ? [] : [[name, value]];
}
