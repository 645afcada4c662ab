/**
 * @module A Foyer as an operator runs it, set up from its printed link, with an emulated Microsoft beside it: what the
 * proofs of this folder look at from outside.
 */
import { randomBytes } from 'node:crypto';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import {
  type FoyerEnv,
  type FoyerProcess,
  runFoyerCommand,
  startFoyerProcess,
} from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { makeStore, type Store } from '../reliability/world.ts';
import type { TestEngine } from '../support/test-store.ts';
import { createRecordingClient, type RecordingClient } from './recording-client.ts';

export const host = 'secured.test';
export const origin = `http://${host}`;

export interface SecuredWorld {
  entra: Entra;
  store: Store;
  env: FoyerEnv;
  process: FoyerProcess;
  client: RecordingClient;
  metricsPort: number;
  /** As printed. */
  setupToken: string;
  close(): Promise<void>;
}

/** Starts it on an empty store; nobody is set up yet. */
export const openSecuredWorld = async (
  engine: TestEngine,
  extra: Record<string, string> = {},
): Promise<SecuredWorld> => {
  const entra = await startEntra({ instantLoginHint: true });
  const store = await makeStore(engine);
  const metricsPort = await freePort();
  const env: FoyerEnv = {
    HOST: '127.0.0.1',
    PUBLIC_URL: origin,
    FOYER_DATA: store.folder,
    ...(store.databaseUrl && {
      DATABASE_URL: store.databaseUrl,
      FOYER_KEYS: `tests:${randomBytes(32).toString('base64')}`,
      STOP_DELAY: '0',
    }),
    FOYER_EGRESS_ALLOW: new URL(entra.url).host,
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: 'trace',
    ...extra,
  };
  const process = await startFoyerProcess({ env, port: await freePort() });
  const client = createRecordingClient(process.port, host);
  return {
    entra,
    store,
    env,
    process,
    client,
    metricsPort,
    setupToken: await printedToken(process),
    async close() {
      client.close();
      await process.kill();
      await entra.close();
      await store.remove();
    },
  };
};

const printedToken = async (process: FoyerProcess): Promise<string> => {
  for (let tries = 0; tries < 1_000; tries++) {
    const token = /\/setup\?token=([\w-]+)/.exec(process.output())?.[1];
    if (token) return token;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no set-up link was printed:\n${process.output()}`);
};

export const setUpForm = (token: string, email: string, password: string): Record<string, string> => ({
  token,
  host,
  domain_name: 'Secured',
  name: 'Ada Lovelace',
  email,
  password,
  password_again: password,
});

/** What setting up, and a command of the operator, gives: an administrator with a key of the engine API. */
export const setUpByCommand = async ({
  env,
}: SecuredWorld): Promise<{ apiKey: string; domainId: string }> => {
  const domain = await runFoyerCommand(env, ['domain', 'add', '--host', host, '--name', 'Secured']);
  const account = ['--domain', host, '--email', 'admin@example.test', '--api-key'];
  const { api_key } = await runFoyerCommand(env, ['admin', 'create', ...account]);
  return { apiKey: String(api_key), domainId: String(domain.id) };
};

/** The documented Microsoft source, at the emulator. */
export const microsoftSource = (
  { entra }: Pick<SecuredWorld, 'entra'>,
  fields: Record<string, unknown>,
): Record<string, unknown> => {
  const authority = `${entra.url}/${entra.tenantId}/oauth2/v2.0`;
  return {
    name: 'Microsoft',
    site: entra.url,
    scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
    token_method: 'POST',
    auth_scheme: 'request_body',
    token_url: `${authority}/token`,
    authorize_url: `${authority}/authorize`,
    raw_info_url: `${entra.url}/v1.0/me`,
    info_mappings: {
      email: 'mail,userPrincipalName',
      first_name: 'givenName',
      last_name: 'surname',
      uid: 'id',
      access_token: 'token',
      refresh_token: 'refresh_token',
      expires: 'expires',
      expires_at: 'expires_at',
    },
    ...fields,
  };
};
