/**
 * @module Every server that is measured: how it starts and how the driver speaks to it.
 */
import { fileURLToPath } from 'node:url';
import { type FoyerOptions, foyerTargets } from './foyer/foyer.ts';
import { APP_CALLBACK, PASSWORD, PASSWORD_PEOPLE, providerSteps, type Target } from './lib/target.ts';
import type { Adapter, Mode } from './lib/types.ts';

const SIGN_IN: Mode[] = ['signin-new', 'signin-returning', 'session'];
const PROVIDER: Mode[] = ['code', 'refresh', 'introspect'];
const signIn: Adapter['signIn'] = { begin: { path: '/login' }, success: '/app' };
const whoami = { path: '/whoami', email: 'email' };

const peer = (file: string): string[] => [fileURLToPath(new URL(`peers/${file}.ts`, import.meta.url))];

function floor(name: string, database: 'postgres' | 'pg' | 'pglite'): Target {
  const paths = { authorize: '/oauth/authorize', token: '/oauth/token', introspect: '/oauth/introspect' };
  return {
    name,
    kind: 'floor',
    store: database === 'pglite' ? 'pglite' : 'postgres',
    modes: [...SIGN_IN, ...PROVIDER],
    adapter: { signIn, whoami, ...providerSteps(paths, { client_id: 'app' }, APP_CALLBACK) },
    args: peer('floor'),
    env: () => ({ FLOOR_DB: database }),
  };
}

function oidcProvider(name: string, format: 'jwt' | 'opaque', modes: Mode[]): Target {
  const paths = { authorize: '/auth', token: '/token', introspect: '/token/introspection' };
  const client = { client_id: 'app', client_secret: 'app-secret' };
  const steps = providerSteps(paths, client, APP_CALLBACK);
  // Signing in is not what this peer is for: its interaction accepts the login_hint at once.
  const begin = { path: `${steps.code.authorize.path}&login_hint={{user}}` };
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  begin.path = begin.path.replace('{{challenge}}', challenge).replace('{{state}}', 'first');
  return {
    name,
    kind: 'peer',
    store: 'postgres',
    modes,
    adapter: { signIn: { begin, success: APP_CALLBACK }, ...steps },
    args: peer('oidc-provider'),
    env: () => ({ FORMAT: format }),
  };
}

const betterAuth: Target = {
  name: 'better-auth',
  kind: 'peer',
  store: 'postgres',
  modes: [...SIGN_IN, 'session-busy'],
  adapter: {
    signIn: {
      begin: {
        path: '/api/auth/sign-in/social',
        headers: { origin: '{{base}}' },
        json: { provider: 'stub', callbackURL: '/app', errorCallbackURL: '/app' },
        expectStatus: 200,
      },
      follow: 'url',
      success: '/app',
    },
    whoami: { path: '/api/auth/get-session', email: 'user.email' },
    passwordSignIn: {
      path: '/api/auth/sign-in/email',
      headers: { origin: '{{base}}' },
      json: { email: '{{user}}@example.test', password: PASSWORD },
      expectStatus: 200,
    },
  },
  args: peer('better-auth'),
  env: () => ({}),
  async prepare({ base }) {
    for (const name of PASSWORD_PEOPLE) {
      const answer = await fetch(`${base}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: base },
        body: JSON.stringify({ name, email: `${name}@example.test`, password: PASSWORD }),
      });
      if (!answer.ok) throw new Error(`better-auth sign-up: ${answer.status} ${await answer.text()}`);
    }
    return {};
  },
};

const simplePeer = (name: string): Target => ({
  name,
  kind: 'peer',
  store: 'postgres',
  modes: SIGN_IN,
  adapter: { signIn, whoami },
  args: peer(name),
  env: () => ({}),
});

/** All targets, in the order in which the first repetition measures them. */
export function allTargets(foyer: FoyerOptions): Target[] {
  return [
    ...foyerTargets(foyer),
    floor('floor', 'postgres'),
    floor('floor-pg', 'pg'),
    floor('floor-pglite', 'pglite'),
    simplePeer('fastify-oauth2'),
    simplePeer('passport'),
    betterAuth,
    oidcProvider('oidc-provider', 'jwt', ['code', 'refresh']),
    oidcProvider('oidc-provider-opaque', 'opaque', ['code', 'refresh', 'introspect']),
  ];
}
