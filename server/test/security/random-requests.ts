/**
 * @module Requests that nobody would send: any route, with members that exist and values that make no sense, with good,
 * bad and no credentials. The same seed gives the same requests.
 */
import type { Ask } from './recording-client.ts';

interface Schema {
  properties?: Record<string, Schema>;
  type?: string;
}
export interface Operation {
  method: string;
  path: string;
  body: Schema | undefined;
  query: string[];
}
export interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        requestBody?: { content?: Record<string, { schema?: Schema }> };
        parameters?: { name: string; in: string }[];
      }
    >
  >;
}

/** The operations of an OpenAPI document. */
export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, parameters = [] }]) => ({
      method: method.toUpperCase(),
      path: path.startsWith('/api/') ? path : `/api/engine/v2${path}`,
      body: requestBody?.content?.['application/json']?.schema,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    })),
  );

export interface RandomRequest {
  path: string;
  ask: Ask;
}

export interface Ingredients {
  operations: readonly Operation[];
  /** Of things that are there. */
  ids: readonly string[];
  apiKey: string;
  /** Of somebody who is signed in. */
  jar: ReadonlyMap<string, string>;
}

const browserParams = `
  id provider continue code state error error_description iss csrf email password token user_code
  decision client_id client_secret redirect_uri response_type scope nonce prompt max_age
  code_challenge code_challenge_method response_mode grant_type refresh_token device_code
  id_token_hint post_logout_redirect_uri health x-api-key session application host`
  .trim()
  .split(/\s+/);

const browserPaths = `
  / /login /account /account/password /account/sessions/end /account/apps/disconnect
  /account/sign-out-everywhere /setup /auth/signin /auth/login /auth/logout /auth/failure /auth/link
  /auth/link/confirm /auth/identities/link /auth/identities/unlink /auth/authority /auth/whoami
  /auth/oauth2 /auth/oauth2/callback /auth/oauth2/callback/{id} /auth/adfs /auth/adfs/callback
  /auth/ldap /auth/oauth/authorize /auth/oauth/consent /auth/oauth/token /auth/oauth/token/info
  /auth/oauth/revoke /auth/oauth/introspect /auth/oauth/userinfo /auth/oauth/device_authorization
  /auth/device /auth/oauth/discovery/keys /.well-known/openid-configuration /auth/assets/foyer.css
  /docs /healthz /readyz /api/staff/v1/people /api/engine/v2users/current /nowhere /auth/nowhere
  /api/engine/v2/nowhere`
  .trim()
  .split(/\s+/);

const oddTexts = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'null',
  'true',
  'undefined',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  "' or 1=1 --",
  '";drop table users;--',
  '%',
  '%00',
  '%ff',
  '%2e%2e%2f',
  '../../etc/passwd',
  '\\',
  '{{url}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '\u0000',
  '\ud800',
  '\u2028',
  '\u202e',
  'ı',
  '𝕏',
  'a\r\nSet-Cookie: x=y',
  '//evil.test',
  'javascript:alert(1)',
  'https://evil.test/',
  'http://[',
  'data:,x',
  '2026-01-01',
  '99999999999999999999',
  '0x10',
  'NaN',
  'x'.repeat(300),
  'é'.repeat(5_000),
  '('.repeat(200),
  'a'.repeat(70_000),
  '$.a ? (@ like_regex "(a+)+$")',
  'authorization_code',
  'refresh_token',
  'S256',
  'openid',
  'public',
  'code',
  'none',
  'login',
  'oauth2',
  'adfs',
  'ldap',
];

/** mulberry32: small, and the same everywhere. */
const randomFrom = (state: number) => (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

export const createRandomRequests = (
  seed: number,
  { operations, ids, apiKey, jar }: Ingredients,
): (() => RandomRequest) => {
  const random = randomFrom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const chance = (p: number): boolean => random() < p;

  const text = (): string => (chance(0.2) ? `${pick(oddTexts)}${pick(oddTexts)}` : pick(oddTexts));
  const oddValue = (depth = 0): unknown => {
    const kind = below(depth > 3 ? 6 : 9);
    if (kind === 0) return null;
    if (kind === 1) return chance(0.5);
    if (kind === 2) return pick([0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31), 10_001]);
    if (kind < 6) return text();
    if (kind < 8) return Array.from({ length: below(4) }, () => oddValue(depth + 1));
    return Object.fromEntries(Array.from({ length: below(4) }, () => [text(), oddValue(depth + 1)]));
  };

  const valueFor = (schema: Schema | undefined): unknown => {
    if (chance(0.5) || schema === undefined) return oddValue();
    if (schema.type === 'boolean') return chance(0.5);
    if (schema.type === 'integer' || schema.type === 'number') return below(1_000);
    return chance(0.3) ? pick(ids) : text();
  };
  const bodyFor = (schema: Schema | undefined): unknown => {
    if (chance(0.1)) return oddValue();
    const members = Object.entries(schema?.properties ?? {}).filter(() => chance(0.5));
    const body: [string, unknown][] = members.map(([name, each]) => [name, valueFor(each)]);
    if (chance(0.2)) body.push([text(), oddValue()]);
    return Object.fromEntries(body);
  };

  /** Header values that Node's client sends at all. */
  const headerText = (raw: string): string => raw.replace(/[^\x20-\x7e\u0080-\u00ff]/g, '').slice(0, 9_000);
  const queryText = (params: [string, string][]): string =>
    params
      .map(([name, value]) => {
        const encoded = chance(0.1)
          ? value.replace(/[^\x21-\x7e]/g, '')
          : encodeURIComponent(value.toWellFormed());
        return `${name}=${encoded}`;
      })
      .join('&');
  const pathFor = (path: string): string =>
    path.replace(/\{\w+\}|:\w+/g, () =>
      chance(0.5) ? pick(ids) : encodeURIComponent(text().toWellFormed().slice(0, 200)) || 'x',
    );

  const credentials = (): Record<string, string> => {
    const kind = below(6);
    if (kind < 3) return { 'x-api-key': apiKey };
    if (kind === 3) return { 'x-api-key': headerText(text()) };
    return kind === 4 ? { authorization: headerText(`${pick(['Bearer', 'Basic', ''])} ${text()}`) } : {};
  };

  return (): RandomRequest => {
    const headers: Record<string, string> = {
      ...credentials(),
      accept: chance(0.8) ? 'application/json' : pick(['text/html', '*/*', headerText(text())]),
    };
    if (chance(0.1))
      headers[
        pick([
          'if-match',
          'idempotency-key',
          'x-request-id',
          'user-agent',
          'x-forwarded-for',
          'x-forwarded-host',
          'range',
          'origin',
        ])
      ] = headerText(text());
    if (chance(0.03)) headers.host = headerText(text()) || 'x';
    if (chance(0.6)) {
      const { method, path, body, query } = pick(operations);
      const params = query
        .filter(() => chance(0.3))
        .map((name): [string, string] => [name, text().slice(0, 500)]);
      const ask: Ask = {
        method: chance(0.95) ? method : pick(['PUT', 'TRACE', 'OPTIONS', 'PROPFIND']),
        headers,
      };
      if (method !== 'GET' && method !== 'DELETE') {
        if (chance(0.9)) ask.json = bodyFor(body);
        else
          Object.assign(ask, {
            raw: text(),
            headers: {
              ...headers,
              'content-type': pick(['application/json', 'text/plain', 'application/json; charset=x']),
            },
          });
      }
      return { path: `${pathFor(path)}${params.length > 0 ? `?${queryText(params)}` : ''}`, ask };
    }
    const params = browserParams
      .filter(() => chance(0.12))
      .map((name): [string, string] => [name, chance(0.3) ? pick(ids) : text().slice(0, 2_000)]);
    const method = chance(0.95) ? pick(['GET', 'POST']) : pick(['HEAD', 'DELETE', 'PUT']);
    const path = pathFor(pick(browserPaths));
    const ask: Ask = { method, headers, ...(chance(0.5) && { jar: new Map(jar) }) };
    if (method !== 'POST') return { path: `${path}?${queryText(params)}`.slice(0, 9_000), ask };
    if (chance(0.2)) ask.json = Object.fromEntries(params);
    else ask.form = Object.fromEntries(params.map(([name, value]) => [name, value.toWellFormed()]));
    return { path, ask };
  };
};
