/**
 * @module A browser as far as a sign-in needs one: a cookie jar per host, redirects followed one by one. Requests to
 * hosts of Foyer go through `app.inject`; requests to other servers (the identity provider) over loopback.
 */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

export interface Answer {
  url: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Absolute; '' when the answer is no redirect. */
  location: string;
  json<T = Record<string, unknown>>(): T;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** The peer's address. */
  ip?: string;
}

export interface Browser {
  /** `target` is a path on this browser's host, or an absolute URL. */
  get(target: string, options?: RequestOptions): Promise<Answer>;
  post(target: string, options?: RequestOptions): Promise<Answer>;
  request(method: string, target: string, options?: RequestOptions): Promise<Answer>;
  /** Follows redirects until an answer is none, or until `stopAt` says so of the next address. */
  follow(answer: Answer, stopAt?: (url: URL) => boolean): Promise<Answer>;
  /** Cookies for a host of Foyer, by name. */
  cookies: Map<string, string>;
  /** As the last Set-Cookie of that name had them, lower case. */
  attributesOf(name: string): string[];
}

export const createBrowser = (
  app: FastifyInstance,
  origin: string,
  ownsHost: (url: URL) => boolean,
): Browser => {
  const jars = new Map<string, Map<string, string>>();
  const attributes = new Map<string, string[]>();
  const jarOf = (host: string): Map<string, string> => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const keep = (host: string, raw: string | string[] | undefined): void => {
    for (const line of [raw ?? []].flat()) {
      const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const lower = rest.map((part) => part.toLowerCase());
      attributes.set(pair.slice(0, at), lower);
      if (lower.includes('max-age=0')) jarOf(host).delete(pair.slice(0, at));
      else jarOf(host).set(pair.slice(0, at), pair.slice(at + 1));
    }
  };
  const cookieHeader = (host: string): Record<string, string> => {
    const pairs = [...jarOf(host)].map(([name, value]) => `${name}=${value}`);
    return pairs.length > 0 ? { cookie: pairs.join('; ') } : {};
  };
  const bodyOf = (options: RequestOptions): { type?: string; text?: string } => {
    if (options.form) {
      return {
        type: 'application/x-www-form-urlencoded',
        text: new URLSearchParams(options.form).toString(),
      };
    }
    return options.json === undefined ? {} : { type: 'application/json', text: JSON.stringify(options.json) };
  };

  const ask = async (method: string, url: URL, options: RequestOptions): Promise<Answer> => {
    const { type, text } = bodyOf(options);
    const headers: Record<string, string> = {
      accept: 'text/html,application/xhtml+xml',
      ...cookieHeader(url.host),
      ...(type && { 'content-type': type }),
      ...(method !== 'GET' && { origin, 'sec-fetch-site': 'same-origin' }),
      ...options.headers,
    };
    if (!ownsHost(url)) return askElsewhere(method, url, headers, text);
    const res = (await app.inject({
      method: method as 'GET',
      url: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host },
      ...(text !== undefined && { payload: text }),
      ...(options.ip && { remoteAddress: options.ip }),
    })) as LightMyRequestResponse;
    keep(url.host, res.headers['set-cookie']);
    return toAnswer(url, res.statusCode, res.headers as Answer['headers'], res.body);
  };
  const askElsewhere = async (
    method: string,
    url: URL,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<Answer> => {
    const res = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    keep(url.host, res.headers.getSetCookie());
    return toAnswer(url, res.status, Object.fromEntries(res.headers), await res.text());
  };

  const request = (method: string, target: string, options: RequestOptions = {}): Promise<Answer> =>
    ask(method, new URL(target, origin), options);
  return {
    request,
    get: (target, options) => request('GET', target, options),
    post: (target, options) => request('POST', target, options),
    async follow(answer, stopAt = () => false) {
      let current = answer;
      for (let hops = 0; hops < 20 && current.location; hops++) {
        const next = new URL(current.location);
        if (stopAt(next)) return current;
        current = await ask('GET', next, {});
      }
      return current;
    },
    cookies: jarOf(new URL(origin).host),
    attributesOf: (name) => attributes.get(name) ?? [],
  };
};

const toAnswer = (url: URL, status: number, headers: Answer['headers'], body: string): Answer => {
  const raw = headers.location;
  return {
    url: url.href,
    status,
    headers,
    body,
    location: typeof raw === 'string' && status >= 300 && status < 400 ? new URL(raw, url).href : '',
    json: <T>() => JSON.parse(body) as T,
  };
};
