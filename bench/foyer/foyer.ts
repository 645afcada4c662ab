/**
 * @module Foyer as a measured server. Everything that the run must know about Foyer is in this folder:
 * here its command line, environment and paths; in `api.ts` what is set up over HTTP; in `user-rows.ts`
 * the one thing that is written straight into its tables.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PASSWORD, type Place, providerSteps, type Target } from '../lib/target.ts';
import type { Adapter, Mode, Values } from '../lib/types.ts';
import { openApi, prepareFoyer } from './api.ts';

export const ADMIN_EMAIL = 'admin@example.test';

export interface FoyerOptions {
  /** The program that is measured: `foyer.js` of this checkout, or of another one. */
  program: string;
}

export const DEFAULT_PROGRAM = fileURLToPath(new URL('../../server/bin/foyer.js', import.meta.url));

export function foyerIsThere(options: FoyerOptions): boolean {
  return existsSync(options.program);
}

/** As in the `start` script of package.json. */
const nodeOptions = ['--max-semi-space-size=4', '--max-old-space-size=512'];

/** A key-encryption key for a database that lives as long as the run. */
const KEYS = `bench:${randomBytes(32).toString('base64')}`;

/** The environment that `foyer start` and every other command need. */
export function foyerEnv(place: Place): Record<string, string> {
  const store: Record<string, string> =
    place.databaseUrl === undefined
      ? { FOYER_DATA: place.dataFolder ?? '' }
      : { DATABASE_URL: place.databaseUrl, FOYER_KEYS: KEYS };
  return {
    ...store,
    PORT: String(place.port),
    HOST: '127.0.0.1',
    PUBLIC_URL: place.base,
    FOYER_EGRESS_ALLOW: new URL(place.stub).host,
    LOG_LEVEL: 'error',
    NODE_ENV: 'production',
  };
}

/** Makes the first domain and its administrator on an empty store, and returns an API key. */
export async function createAdministrator(options: FoyerOptions, place: Place): Promise<string> {
  const { hostname } = new URL(place.base);
  await foyerCommand(options, place, ['domain', 'add', '--host', hostname]);
  const account = ['--domain', hostname, '--email', ADMIN_EMAIL, '--password', PASSWORD];
  const answer = await foyerCommand(options, place, ['admin', 'create', ...account, '--api-key']);
  if (typeof answer.api_key !== 'string') throw new Error('`foyer admin create --api-key` made no api_key');
  return answer.api_key;
}

async function foyerCommand(
  options: FoyerOptions,
  place: Place,
  words: string[],
): Promise<Record<string, unknown>> {
  const env = { ...process.env, ...foyerEnv(place) };
  const { stdout } = await promisify(execFile)(process.execPath, [options.program, ...words, '--json'], {
    env,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

const paths = {
  authorize: '/auth/oauth/authorize',
  token: '/auth/oauth/token',
  introspect: '/auth/oauth/introspect',
};
const client = { client_id: '{{appClientId}}', client_secret: '{{appClientSecret}}' };

export const foyerAdapter: Adapter = {
  signIn: {
    begin: { path: '/auth/login?provider=oauth2&id={{sourceId}}&continue=/app' },
    success: '/app',
  },
  whoami: { path: '/auth/whoami', email: 'email' },
  passwordSignIn: {
    path: '/auth/signin',
    // As a browser says it.
    headers: { origin: '{{base}}' },
    form: { email: '{{user}}@example.test', password: PASSWORD },
    expectStatus: 202,
  },
  ...providerSteps(paths, client, '{{redirectUri}}'),
};

/** Foyer on PostgreSQL and on its embedded store. */
export function foyerTargets(options: FoyerOptions): Target[] {
  const modes: Mode[] = [
    'signin-new',
    'signin-returning',
    'session',
    'code',
    'refresh',
    'introspect',
    'session-busy',
  ];
  const target = (name: string, store: Target['store']): Target => ({
    name,
    kind: 'foyer',
    store,
    modes,
    adapter: foyerAdapter,
    args: [...nodeOptions, options.program, 'start'],
    env: foyerEnv,
    async beforeFirstStart(place): Promise<Values> {
      return { apiKey: await createAdministrator(options, place) };
    },
    async prepare(place, values): Promise<Values> {
      const api = openApi(place.base, values.apiKey ?? '');
      try {
        return { ...(await prepareFoyer(api, place.base, place.stub)) };
      } finally {
        await api.close();
      }
    },
  });
  return [target('foyer', 'postgres'), target('foyer-pglite', 'pglite')];
}
