/**
 * @module Signing in to the console, as any app does: authorization code with PKCE at Foyer's own provider. Tokens live in
 * memory only (S-144); after a reload the browser's session gives new ones with one redirect. The address that was asked
 * for survives the sign-in.
 */
import { consolePath } from './console-path.ts';

interface ConsoleSettings {
  client_id: string;
  redirect_uri: string;
}

interface Tokens {
  accessToken: string;
  refreshToken: string | undefined;
  /** Date.now() from which a new one is fetched. */
  renewAtMs: number;
}

interface Pending {
  state: string;
  verifier: string;
  path: string;
}

/** Why nobody is signed in, when the provider said so. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly code: string;
  constructor(code: string, description: string) {
    super(description || code);
    this.code = code;
  }
}

const pendingKey = 'foyer-sign-in';
const callbackPath = `${consolePath}oauth-resp.html`;

let settings: ConsoleSettings | undefined;
let tokens: Tokens | undefined;
let renewal: Promise<string> | undefined;

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const challengeOf = async (verifier: string): Promise<string> =>
  base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));

const readSettings = async (): Promise<ConsoleSettings> => {
  settings ??= (await (await fetch(`${consolePath}settings.json`)).json()) as ConsoleSettings;
  return settings;
};

/** Sends the browser to the provider; it comes back to `path`. Never resolves. */
export const signIn = async (path: string, more: Record<string, string> = {}): Promise<never> => {
  const { client_id, redirect_uri } = await readSettings();
  const pending: Pending = { state: randomText(), verifier: randomText(), path };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: 'public',
    state: pending.state,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  location.assign(`/auth/oauth/authorize?${query}`);
  return new Promise<never>(() => {});
};

const askForTokens = async (params: Record<string, string>): Promise<string> => {
  const { client_id, redirect_uri } = await readSettings();
  const answer = await fetch('/auth/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ client_id, redirect_uri, ...params }),
  });
  const body = (await answer.json().catch(() => ({}))) as Record<string, string | number | undefined>;
  if (!answer.ok)
    throw new SignInError(String(body.error ?? answer.status), String(body.error_description ?? ''));
  const seconds = Number(body.expires_in ?? 3600);
  tokens = {
    accessToken: String(body.access_token),
    refreshToken: body.refresh_token === undefined ? undefined : String(body.refresh_token),
    renewAtMs: Date.now() + Math.max(30, seconds - 120) * 1000,
  };
  return tokens.accessToken;
};

/**
 * Called once, before anything is drawn: takes the code when the browser comes back from the provider, else goes there.
 * @throws {SignInError} when the provider refused
 */
export const openSession = async (): Promise<void> => {
  if (location.pathname !== callbackPath) {
    await signIn(`${location.pathname}${location.search}${location.hash}`);
    return;
  }
  const params = new URLSearchParams(location.search);
  const raw = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  const pending = raw === null ? undefined : (JSON.parse(raw) as Pending);
  const code = params.get('code');
  const error = params.get('error');
  if (error !== null) throw new SignInError(error, params.get('error_description') ?? '');
  // A callback out of nowhere (an old bookmark): begin anew.
  if (!pending || code === null || params.get('state') !== pending.state) await signIn(consolePath);
  else {
    await askForTokens({ grant_type: 'authorization_code', code, code_verifier: pending.verifier });
    history.replaceState(null, '', pending.path);
  }
};

/** A token that is good for a request now. Sends the browser to sign in when there is none to be had. */
export const accessToken = async (): Promise<string> => {
  if (tokens && Date.now() < tokens.renewAtMs) return tokens.accessToken;
  renewal ??= renew().finally(() => {
    renewal = undefined;
  });
  return renewal;
};

const renew = async (): Promise<string> => {
  const refreshToken = tokens?.refreshToken;
  const here = `${location.pathname}${location.search}${location.hash}`;
  if (refreshToken === undefined) return signIn(here);
  try {
    return await askForTokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  } catch (error) {
    if (error instanceof SignInError) return signIn(here);
    throw error;
  }
};

/** The token was refused (revoked, role changed): the next request gets a new one. */
export const dropAccessToken = (): void => {
  if (tokens) tokens.renewAtMs = 0;
};

/** Ends the session, its tokens included, on the server; lands on the sign-in page. */
export const signOut = (): void => {
  tokens = undefined;
  location.assign('/auth/logout');
};
