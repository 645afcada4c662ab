/**
 * @module A programmable Microsoft: Entra ID v2.0 and the part of Graph that Foyer meets, in one HTTP server.
 *
 *     const entra = await startEntra();
 *     const app = entra.addApp({ redirect_uris: ['https://foyer.example/auth/oauth2/callback?id=…'] });
 *     entra.addPerson({ email: 'alice@contoso.example', display_name: 'Alice Adams' });
 *     const callback = await pickAccount(authorizeUrl, 'alice@contoso.example');   // pick-account.ts
 *     entra.fault('AADSTS50076', { times: 1 });                                    // faults.ts has them all
 *     expect(entra.requests.count('token')).toBe(1);
 *     await entra.close();
 *
 * It is as strict as the real one: tenant in the path, exact redirect URI, exact secret, PKCE, codes of one use,
 * error bodies with AADSTS codes, and errors that the person alone sees (HTML, never redirected). Worth knowing:
 * `oid`, `name` and `preferred_username` are in the ID token only with the scope `profile`, `email` only with
 * `email` (or as `optional_claims` of the app); access tokens for Graph cannot be verified by anyone but Graph;
 * `sub` differs per app and is not the `id` of the profile; a refresh leaves the old token valid.
 *
 * One server plays both hosts. Asked as `login.microsoftonline.com` or `graph.microsoft.com` (Host header) it
 * answers only that host's paths, with that host's https URLs in issuer and metadata; asked by its own address
 * it answers all of them under `url`, and `POST /_control/{command}` (control.ts) for another process.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { withTransportFaults } from './break-transport.ts';
import { answerControl } from './control.ts';
import {
  type App,
  type AppSeed,
  Directory,
  defaultTenantId,
  type Person,
  type PersonSeed,
  type Tenant,
  type TenantSeed,
} from './directory.ts';
import { type Exchange, json, makeTrace, param, type Reply, type Route, readBody } from './exchange.ts';
import { FaultBox } from './fault-box.ts';
import type { FaultName, FaultOptions } from './faults.ts';
import { GrantStore } from './grant-store.ts';
import { graphRoutes } from './graph-routes.ts';
import { KeyRing } from './key-ring.ts';
import { loginRoutes } from './login-routes.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import type { EntraState } from './state.ts';

export interface EntraOptions {
  /** 0 or absent: a free one. */
  port?: number;
  host?: string;
  tls?: { key: string; cert: string };
  /** Absent: one tenant, Contoso, with the domain contoso.example. */
  tenants?: readonly TenantSeed[];
  clock?: { nowMs(): number };
  /** How others reach this server, if not by host and port. */
  publicUrl?: string;
  /** More names that are treated as login.microsoftonline.com is. */
  loginHostNames?: readonly string[];
  /** A `login_hint` that names a person signs in without the page. */
  instantLoginHint?: boolean;
  /** A refresh token can be used once only. Entra leaves the old one valid. */
  strictRotation?: boolean;
}

export interface Entra {
  url: string;
  /** The first tenant's. */
  tenantId: string;
  requests: RequestLog;
  addTenant(seed: TenantSeed): Tenant;
  addApp(seed: AppSeed): App;
  addPerson(seed: PersonSeed): Person;
  fault(name: FaultName, options?: FaultOptions): void;
  clearFaults(): void;
  rotateKeys(): Promise<void>;
  /** Moves Entra's clock against the real one (or the given one). */
  skewClock(seconds: number): void;
  /** By e-mail, user principal name or oid: every session, refresh token and access token becomes void. */
  revokeSessions(person: string): void;
  /** Back to the start: seeds, no faults, no requests. The keys stay. */
  reset(): void;
  close(): Promise<void>;
}

const loginHost = 'login.microsoftonline.com';
const graphHost = 'graph.microsoft.com';

/** Starts the emulator and listens. */
export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? { nowMs: () => Date.now() };
  const seeds = options.tenants ?? [{ id: defaultTenantId, name: 'Contoso', domains: ['contoso.example'] }];
  let skewMs = 0;
  const state: EntraState = {
    directory: new Directory(seeds),
    keys: await KeyRing.create(),
    grants: new GrantStore(),
    faults: new FaultBox(),
    log: new RequestLog(),
    instantLoginHint: options.instantLoginHint ?? false,
    strictRotation: options.strictRotation ?? false,
    nowMs: () => clock.nowMs() + skewMs,
  };
  const routes = { login: loginRoutes(state), graph: graphRoutes(state) };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      console.error('entra emulator:', error);
      response.writeHead(500).end();
    });
  };
  const server = options.tls ? https.createServer(options.tls, handle) : http.createServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = (options.publicUrl ?? `${options.tls ? 'https' : 'http'}://${host}:${port}`).replace(/\/$/, '');

  const entra: Entra = {
    url,
    tenantId: state.directory.getTenant().id,
    requests: state.log,
    addTenant: (seed) => state.directory.addTenant(seed),
    addApp: (seed) => state.directory.addApp(seed),
    addPerson: (seed) => state.directory.addPerson(seed),
    fault: (name, faultOptions) => state.faults.arm(name, faultOptions),
    clearFaults: () => state.faults.clear(),
    rotateKeys: () => state.keys.rotate(),
    skewClock: (seconds) => {
      skewMs = seconds * 1000;
    },
    revokeSessions: (name) => {
      const people = state.directory.findPeopleNamed(name);
      if (people.length === 0) throw new Error(`no person '${name}' is seeded`);
      for (const person of people) {
        person.tokenEpoch += 1;
        state.grants.signOutEverywhere(person);
      }
    },
    reset: () => {
      state.directory = new Directory(seeds);
      state.grants.clear();
      state.faults.clear();
      state.log.clear();
      skewMs = 0;
    },
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = await readExchange(request);
    if (exchange.host === ownHost && exchange.url.pathname.startsWith('/_control/')) {
      send(response, exchange, await answerControl(entra, exchange));
      return;
    }
    const found = findRoute(exchange);
    const logged = logRequest(exchange, found?.route.endpoint ?? 'not_found');
    state.log.add(logged);
    if (!found) {
      logged.status = 404;
      send(response, exchange, json(404, { error: { code: 'ResourceNotFound', message: 'No such path.' } }));
      return;
    }
    const { route, params } = found;
    const target = {
      client_id: param(exchange.form, 'client_id') ?? param(exchange.query, 'client_id'),
      grant_type: param(exchange.form, 'grant_type'),
    };
    const outcome = await withTransportFaults(state.faults, route.endpoint, target, async () =>
      route.handle({ ...exchange, params }),
    );
    if (outcome === 'never') return;
    if (outcome === 'cut') {
      request.socket.destroy();
      return;
    }
    logged.status = outcome.status;
    send(response, exchange, outcome);
  }

  async function readExchange(request: IncomingMessage): Promise<Exchange> {
    const rawBody = await readBody(request);
    const hostName = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    const isLogin = hostName === loginHost || (options.loginHostNames ?? []).includes(hostName);
    const isReal = isLogin || hostName === graphHost;
    const requested = new URL(`http://emulator${request.url ?? '/'}`);
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
    const form = new URLSearchParams(isForm ? rawBody : '');
    const rawCorrelation = [
      request.headers['client-request-id'],
      requested.searchParams.get('client-request-id'),
      form.get('client-request-id'),
    ].find((value) => typeof value === 'string');
    return {
      method: request.method ?? 'GET',
      url: requested,
      host: isLogin ? loginHost : isReal ? graphHost : ownHost,
      headers: request.headers,
      query: requested.searchParams,
      form,
      rawBody,
      loginBase: isReal ? `https://${isLogin ? hostName : loginHost}` : url,
      graphBase: isReal ? `https://${graphHost}` : url,
      trace: makeTrace(rawCorrelation, state.nowMs()),
      params: {},
    };
  }

  function findRoute(exchange: Exchange): { route: Route; params: Record<string, string> } | undefined {
    const login = exchange.host === graphHost ? [] : routes.login;
    const graph = exchange.host === loginHost ? [] : routes.graph;
    for (const route of [...graph, ...login]) {
      if (route.method !== 'ANY' && route.method !== exchange.method) continue;
      const match = route.pattern.exec(exchange.url.pathname);
      if (!match) continue;
      const named = Object.entries(match.groups ?? {});
      return { route, params: Object.fromEntries(named.map(([name, value]) => [name, decodePath(value)])) };
    }
    return undefined;
  }

  return entra;
}

/** Neither of Microsoft's hosts: the emulator's own address. */
const ownHost = 'own';

function send(response: ServerResponse, exchange: Exchange, reply: Reply): void {
  response.writeHead(reply.status, {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': exchange.trace.traceId,
    'content-length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}

function logRequest(exchange: Exchange, endpoint: LoggedRequest['endpoint']): LoggedRequest {
  return {
    at: exchange.trace.at,
    endpoint,
    method: exchange.method,
    host: exchange.headers.host ?? '',
    path: exchange.url.pathname,
    query: Object.fromEntries(exchange.query),
    body: readFields(exchange),
    headers: exchange.headers,
    status: undefined,
  };
}

function readFields(exchange: Exchange): Record<string, unknown> {
  if (!/^application\/json\b/i.test(exchange.headers['content-type'] ?? '')) {
    return Object.fromEntries(exchange.form);
  }
  try {
    const value: unknown = JSON.parse(exchange.rawBody);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function decodePath(rawPart: string): string {
  try {
    return decodeURIComponent(rawPart);
  } catch {
    return rawPart;
  }
}
