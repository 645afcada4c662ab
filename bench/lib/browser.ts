/**
 * @module A browser reduced to what costs nothing: a cookie jar and one request at a time over
 * connections that stay open. Redirects are followed by the caller, by hand.
 */
import { Pool } from 'undici';
import type { Step, Values } from './types.ts';

/** Hosts of this ending are the measured server's domains; they are dialled at its one address. */
export const SITE_SUFFIX = '.bench.test';

export interface Answer {
  status: number;
  location: string | undefined;
  text: string;
  url: string;
}

class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Keeps what a Set-Cookie header says; deletions are an empty value, Max-Age=0 or a date in 1970. */
  take(header: string | string[] | undefined): void {
    if (header === undefined) return;
    for (const cookie of Array.isArray(header) ? header : [header]) {
      const end = cookie.indexOf(';');
      const pair = end < 0 ? cookie : cookie.slice(0, end);
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      const value = pair.slice(equals + 1);
      const gone = value === '' || /;\s*(?:max-age=(?:0|-\d+)\b|expires=Thu, 01 Jan 1970)/i.test(cookie);
      if (gone) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  header(): string {
    let header = '';
    for (const [name, value] of this.#cookies) header += `${header && '; '}${name}=${value}`;
    return header;
  }
}

/** One person at one domain of the measured server. */
export interface Visitor {
  user: string;
  site: string;
  jar: CookieJar;
  values: Values;
}

/** `site` is the origin the person sees: the server's base, or one of its domains. */
export function newVisitor(user: string, site: string, values: Values): Visitor {
  return { user, site, jar: new CookieJar(), values: { ...values, user } };
}

export interface Client {
  /**
   * One request. `asApp` sends it without the person's cookies, as an app's own backend does.
   * @throws Error when the answer is not what the step expects.
   */
  run(visitor: Visitor, step: Step, asApp?: boolean): Promise<Answer>;
  get(visitor: Visitor, url: string): Promise<Answer>;
  close(): Promise<void>;
}

export function fill(template: string, values: Values): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}

/** The value at a dotted path of a JSON answer. */
export function dig(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

export function openClient(base: string, connections: number): Client {
  const pools = new Map<string, Pool>();
  function poolOf(origin: string): Pool {
    let pool = pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, {
        connections,
        pipelining: 1,
        keepAliveTimeout: 60_000,
        headersTimeout: 30_000,
      });
      pools.set(origin, pool);
    }
    return pool;
  }

  async function send(
    visitor: Visitor,
    url: URL,
    method: string,
    headers: Record<string, string>,
    body: string | null,
    asApp: boolean,
  ): Promise<Answer> {
    const isSite = url.hostname.endsWith(SITE_SUFFIX);
    const isOurs = isSite || url.origin === base;
    if (isSite) headers.host = url.host;
    if (isOurs && !asApp) {
      const cookie = visitor.jar.header();
      if (cookie) headers.cookie = cookie;
    }
    const answer = await poolOf(isSite ? base : url.origin).request({
      method: method as 'GET',
      path: url.pathname + url.search,
      headers,
      body,
    });
    const text = await answer.body.text();
    if (isOurs && !asApp) visitor.jar.take(answer.headers['set-cookie']);
    const location = answer.headers.location;
    return {
      status: answer.statusCode,
      location: typeof location === 'string' ? location : undefined,
      text,
      url: url.href,
    };
  }

  return {
    async run(visitor, step, asApp = false) {
      const { values } = visitor;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(step.headers ?? {})) headers[name] = fill(value, values);
      let body: string | null = null;
      if (step.form) {
        const form = new URLSearchParams();
        for (const [name, value] of Object.entries(step.form)) form.append(name, fill(value, values));
        body = form.toString();
        headers['content-type'] = 'application/x-www-form-urlencoded';
      } else if (step.json !== undefined) {
        body = fill(JSON.stringify(step.json), values);
        headers['content-type'] = 'application/json';
      }
      const url = new URL(fill(step.path, values), visitor.site);
      const answer = await send(
        visitor,
        url,
        step.method ?? (body === null ? 'GET' : 'POST'),
        headers,
        body,
        asApp,
      );
      check(step, answer, values);
      return answer;
    },
    async get(visitor, url) {
      return await send(visitor, new URL(url), 'GET', {}, null, false);
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

function check(step: Step, answer: Answer, values: Values): void {
  const told = () => `${step.path}: ${answer.status} ${answer.text.slice(0, 200)}`;
  if (step.expectStatus !== undefined && answer.status !== step.expectStatus) throw new Error(told());
  if (!step.save && !step.mustBe) return;
  const json: unknown = JSON.parse(answer.text);
  for (const [name, path] of Object.entries(step.save ?? {})) {
    const value = dig(json, path);
    if (value === undefined || value === null) throw new Error(`${path} is missing in ${told()}`);
    values[name] = String(value);
  }
  for (const [path, wanted] of Object.entries(step.mustBe ?? {})) {
    if (dig(json, path) !== wanted) throw new Error(`${path} is wrong in ${told()}`);
  }
}
