/**
 * @module What a measured server tells the runner about itself.
 */
import type { Adapter, Mode, Values } from './types.ts';

/** Where a server finds its store: one of the two. */
export interface Store {
  databaseUrl?: string;
  dataFolder?: string;
}

export interface Place extends Store {
  port: number;
  base: string;
  stub: string;
}

export interface Target {
  name: string;
  kind: 'foyer' | 'floor' | 'peer';
  store: 'postgres' | 'pglite';
  modes: Mode[];
  adapter: Adapter;
  /** Arguments for Node, and the environment beside PORT, STUB_URL and the store. */
  args: string[];
  env(place: Place): Record<string, string>;
  /** Once, before the very first start on an empty store. */
  beforeFirstStart?(place: Place): Promise<Values>;
  /** Once, when the server runs for the first time; the values are for the steps of the adapter. */
  prepare?(place: Place, values: Values): Promise<Values>;
}

/** The people who sign in with a password while session checks are measured, `<name>@example.test`. */
export const PASSWORD_PEOPLE = ['p0', 'p1', 'p2', 'p3'];
export const PASSWORD = 'correct horse battery staple';

/** The app behind a provider; nothing listens there, the driver reads the code from the redirect. */
export const APP_CALLBACK = 'http://127.0.0.1:9/cb';
const tokens = { access: 'access_token', refresh: 'refresh_token' };

/** The provider's steps, alike for every OAuth2 server; only paths and the client's credentials differ. */
export function providerSteps(
  paths: { authorize: string; token: string; introspect: string },
  client: Record<string, string>,
  redirectUri: string,
): Required<Pick<Adapter, 'code' | 'refresh' | 'introspect'>> {
  const query =
    `response_type=code&client_id=${client.client_id}&redirect_uri=${redirectUri}&scope=public` +
    '&state={{state}}&code_challenge={{challenge}}&code_challenge_method=S256';
  const code = {
    grant_type: 'authorization_code',
    code: '{{code}}',
    redirect_uri: redirectUri,
    code_verifier: '{{verifier}}',
  };
  const refresh = { grant_type: 'refresh_token', refresh_token: '{{refresh}}' };
  return {
    code: {
      authorize: { path: `${paths.authorize}?${query}` },
      token: { path: paths.token, form: { ...code, ...client }, expectStatus: 200, save: tokens },
    },
    refresh: { path: paths.token, form: { ...refresh, ...client }, expectStatus: 200, save: tokens },
    introspect: {
      path: paths.introspect,
      form: { token: '{{access}}', ...client },
      expectStatus: 200,
      mustBe: { active: true },
    },
  };
}
