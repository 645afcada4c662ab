import { createHash, randomBytes } from 'node:crypto';
import type { App } from '#entra/directory.ts';
import { type PickOptions, pickAccount } from '#entra/pick-account.ts';
import type { Entra } from '#entra/start-entra.ts';

export const callback = 'https://foyer.example/auth/oauth2/callback?id=oauth_strat-1';
export const documentedScope =
  'openid offline_access calendars.readwrite.shared group.read.all user.read.all';

export type Json = Record<string, unknown>;
export type Params = Record<string, string | undefined>;

/** A client of the emulator that does nothing by itself: every parameter can be changed or left out. */
export class EntraClient {
  readonly entra: Entra;
  readonly app: App;
  readonly tenant: string;

  constructor(entra: Entra, app: App, tenant = entra.tenantId) {
    this.entra = entra;
    this.app = app;
    this.tenant = tenant;
  }

  authorizeUrl(changes: Params = {}): string {
    const params = {
      client_id: this.app.client_id,
      response_type: 'code',
      redirect_uri: callback,
      scope: documentedScope,
      state: 'state-1',
      nonce: 'nonce-1',
      ...changes,
    };
    return `${this.entra.url}/${this.tenant}/oauth2/v2.0/authorize?${query(params)}`;
  }

  /** What comes back to the callback after the person was picked. */
  async signIn(
    email: string | null,
    changes: Params = {},
    options: PickOptions = {},
  ): Promise<URLSearchParams> {
    return new URL(await pickAccount(this.authorizeUrl(changes), email, options)).searchParams;
  }

  async code(email: string, changes: Params = {}): Promise<string> {
    return (await this.signIn(email, changes)).get('code') ?? '';
  }

  async token(changes: Params, headers: Record<string, string> = {}): Promise<Response> {
    const params = { client_id: this.app.client_id, client_secret: this.app.client_secret, ...changes };
    return await fetch(`${this.entra.url}/${this.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: query(params),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      redirect: 'manual',
    });
  }

  async redeem(code: string, changes: Params = {}): Promise<Response> {
    return await this.token({ grant_type: 'authorization_code', code, redirect_uri: callback, ...changes });
  }

  async refresh(refreshToken: unknown, changes: Params = {}): Promise<Response> {
    return await this.token({
      grant_type: 'refresh_token',
      refresh_token: String(refreshToken),
      ...changes,
    });
  }

  /** A whole sign-in, to the parsed token answer. */
  async tokens(email: string, changes: Params = {}): Promise<Json> {
    return (await (await this.redeem(await this.code(email, changes))).json()) as Json;
  }

  async graph(path: string, accessToken: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${String(accessToken)}`;
    return await fetch(`${this.entra.url}${path}`, { headers: { authorization, ...headers } });
  }
}

export function query(params: Params): string {
  const present = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(present).toString();
}

export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export function claimsOf(jwt: unknown): Json {
  const part = String(jwt).split('.')[1] ?? '';
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
}

export async function readError(response: Response): Promise<{ status: number; code: unknown; body: Json }> {
  const body = (await response.json()) as Json;
  const codes = body.error_codes;
  return { status: response.status, code: Array.isArray(codes) ? codes[0] : undefined, body };
}
