/**
 * @module What a run sets up in Foyer before it measures, over Foyer's own HTTP API.
 */
import { Pool } from 'undici';
import { APP_CALLBACK, PASSWORD, PASSWORD_PEOPLE } from '../lib/target.ts';

const ROOT = '/api/engine/v2';

export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: Record<string, unknown>): Promise<T>;
  close(): Promise<void>;
}

/** What the steps of the adapter need. */
export interface Prepared {
  sourceId: string;
  appClientId: string;
  appClientSecret: string;
  redirectUri: string;
}

interface Domain {
  id: string;
  domain: string;
}

/** Foyer's API as the administrator whose key is given. */
export function openApi(base: string, apiKey: string): Api {
  const pool = new Pool(base, { connections: 8, pipelining: 1 });
  async function request<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: Record<string, unknown>,
  ): Promise<T> {
    const answer = await pool.request({
      method,
      path: `${ROOT}${path}`,
      headers: { 'x-api-key': apiKey, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) {
      throw new Error(`${method} ${ROOT}${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
    }
    return JSON.parse(text) as T;
  }
  return {
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    close: () => pool.close(),
  };
}

/**
 * Gives the domain that `base` names a source (the stub, configured as a Microsoft source is), an app and
 * four people with a password.
 */
export async function prepareFoyer(api: Api, base: string, stub: string): Promise<Prepared> {
  const { hostname } = new URL(base);
  const domains = await api.get<Domain[]>('/domains?limit=10000');
  const domain =
    domains.find((d) => d.domain === hostname) ??
    (await api.post<Domain>('/domains', { name: 'Bench', domain: hostname }));
  for (const name of PASSWORD_PEOPLE) {
    const person = { name, email: `${name}@example.test`, password: PASSWORD, authority_id: domain.id };
    await api.post('/users', person);
  }
  return await addSourceAndApp(api, domain.id, stub, APP_CALLBACK);
}

/** One more domain, with a source and an app of its own. */
export async function addDomain(
  api: Api,
  host: string,
  stub: string,
): Promise<Prepared & { domainId: string }> {
  const domain = await api.post<Domain>('/domains', { name: host, domain: host });
  const prepared = await addSourceAndApp(api, domain.id, stub, `https://app.${host}/cb`);
  return { ...prepared, domainId: domain.id };
}

async function addSourceAndApp(
  api: Api,
  domainId: string,
  stub: string,
  redirectUri: string,
): Promise<Prepared> {
  const source = await api.post<{ id: string }>('/oauth_auths', {
    name: 'Stub',
    authority_id: domainId,
    client_id: 'foyer',
    client_secret: 'secret',
    site: stub,
    scope: 'profile email',
    token_method: 'POST',
    auth_scheme: 'request_body',
    token_url: `${stub}/token`,
    authorize_url: `${stub}/authorize`,
    raw_info_url: `${stub}/me`,
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
  });
  const app = await api.post<{ uid: string; secret: string }>('/oauth_apps', {
    name: 'Bench',
    owner_id: domainId,
    redirect_uri: redirectUri,
    scopes: 'public',
    confidential: true,
    skip_authorization: true,
  });
  return { sourceId: source.id, appClientId: app.uid, appClientSecret: app.secret, redirectUri };
}
