/**
 * @module What the proofs of reliability run on: an emulated Microsoft in this process, a store of its own, and in it
 * one domain with a source, an application and an administrator's key, made by the command line and the engine API.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import {
  type FoyerEnv,
  type FoyerProcess,
  runFoyerCommand,
  startFoyerProcess,
} from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { databaseUrl, withAdmin } from '../support/snapshot.ts';
import type { TestEngine } from '../support/test-store.ts';
import { type Answer, type NodeClient, openNode, UnexpectedAnswer } from './node-client.ts';

/** The one host of the world. Names under .test exist nowhere, so every request says it in its Host header. */
export const host = 'sign-in.test';
export const origin = `http://${host}`;

/** How long a world may take to be there, for hooks, on a machine that does much else. */
export const startMs = 180_000;

export interface Store {
  engine: TestEngine;
  /** The data folder; on PostgreSQL an empty one. */
  folder: string;
  databaseUrl: string | undefined;
  remove(): Promise<void>;
}

/** An empty folder for the embedded store, or an empty database on the server that TEST_DATABASE_URL names. */
export const makeStore = async (
  engine: TestEngine,
  server = process.env.TEST_DATABASE_URL,
): Promise<Store> => {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-reliability-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  if (engine === 'pglite') {
    return { engine, folder, databaseUrl: undefined, remove: async () => removeFolder() };
  }
  if (!server) throw new Error('TEST_DATABASE_URL is not set, so there is no PostgreSQL to test on');
  const name = `foyer_reliability_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, (client) => client.query(`create database ${name}`));
  return {
    engine,
    folder,
    databaseUrl: databaseUrl(server, name),
    async remove() {
      removeFolder();
      await withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
};

export interface App {
  uid: string;
  secret: string;
  redirectUri: string;
}

export interface World {
  entra: Entra;
  store: Store;
  /** Of every node. */
  env: FoyerEnv;
  apiKey: string;
  domainId: string;
  /** The source that people sign in through. */
  sourceId: string;
  app: App;
  startNode(env?: FoyerEnv): Promise<Node>;
  /** A person at Microsoft whom nobody used before; answers their e-mail address. */
  newPerson(): string;
  close(): Promise<void>;
}

/** A running process and the connections to it. */
export interface Node {
  process: FoyerProcess;
  client: NodeClient;
}

export const createWorld = async (store: Store): Promise<World> => {
  const entra = await startEntra({ instantLoginHint: true });
  const env: FoyerEnv = {
    HOST: '127.0.0.1',
    PUBLIC_URL: origin,
    FOYER_DATA: store.folder,
    ...(store.databaseUrl && {
      DATABASE_URL: store.databaseUrl,
      FOYER_KEYS: `tests:${randomBytes(32).toString('base64')}`,
    }),
    FOYER_EGRESS_ALLOW: new URL(entra.url).host,
    SIGN_IN_STARTS: '0',
    LOG_LEVEL: 'error',
  };
  const nodes = new Set<Node>();
  let people = 0;
  const startNode = async (more: FoyerEnv = {}): Promise<Node> => {
    const port = await freePort();
    const process = await startFoyerProcess({ env: { ...env, ...more }, port });
    const node = { process, client: openNode(port, host) };
    nodes.add(node);
    void process.exit.then(async ({ code }) => {
      nodes.delete(node);
      if (code) console.log(`a node ended with ${code}: …${process.output().slice(-2_000)}`);
      await node.client.close();
    });
    return node;
  };
  await runFoyerCommand(env, ['domain', 'add', '--host', host, '--name', 'Reliability']);
  const account = ['--domain', host, '--email', 'admin@example.test', '--api-key'];
  const { api_key } = await runFoyerCommand(env, ['admin', 'create', ...account]);
  const apiKey = String(api_key);
  const first = await startNode();
  const domains = await callEngine(first.client, apiKey, '/domains');
  const domainId = domains.json<{ id: string }[]>()[0]?.id as string;
  const sourceId = await addSource(first.client, { apiKey, domainId, entra });
  const redirectUri = 'https://app.example.test/callback';
  const app = await callEngine(first.client, apiKey, '/oauth_apps', {
    json: {
      name: 'Panel',
      owner_id: domainId,
      redirect_uri: redirectUri,
      scopes: 'public',
      confidential: true,
      skip_authorization: true,
    },
  });
  const { uid, secret } = app.json<{ uid: string; secret: string }>();
  await first.process.stop();
  return {
    entra,
    store,
    env,
    apiKey,
    domainId,
    sourceId,
    app: { uid, secret, redirectUri },
    startNode,
    newPerson() {
      const email = `person-${++people}@contoso.example`;
      entra.addPerson({
        email,
        display_name: `Person ${people}`,
        given_name: 'Person',
        surname: `${people}`,
      });
      return email;
    },
    async close() {
      for (const { process } of nodes) await process.kill();
      await entra.close();
      await store.remove();
    },
  };
};

/**
 * A request to the engine API with the administrator's key.
 * @throws {UnexpectedAnswer} unless it succeeds
 */
export const callEngine = async (
  node: NodeClient,
  apiKey: string,
  path: string,
  ask: { method?: 'PATCH' | 'DELETE'; json?: unknown } = {},
): Promise<Answer> => {
  const answer = await node.ask(`/api/engine/v2${path}`, { ...ask, headers: { 'x-api-key': apiKey } });
  if (answer.status >= 300) throw new UnexpectedAnswer(path, answer);
  return answer;
};

/** A source as the documented Microsoft one, at the emulator; answers its id. */
export const addSource = async (
  node: NodeClient,
  {
    apiKey,
    domainId,
    entra,
    name = 'Microsoft',
  }: Pick<World, 'apiKey' | 'domainId' | 'entra'> & { name?: string },
): Promise<string> => {
  const client_id = randomUUID();
  const client_secret = randomBytes(20).toString('base64url');
  const authority = `${entra.url}/${entra.tenantId}/oauth2/v2.0`;
  const answer = await callEngine(node, apiKey, '/oauth_auths', {
    json: {
      name,
      authority_id: domainId,
      client_id,
      client_secret,
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
    },
  });
  const { id } = answer.json<{ id: string }>();
  entra.addApp({ client_id, client_secret, redirect_uris: [`${origin}/auth/oauth2/callback?id=${id}`] });
  return id;
};
