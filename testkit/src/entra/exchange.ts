import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type AadstsError, errorBody, type Trace } from './aadsts.ts';
import type { EndpointLabel } from './request-log.ts';

/** One request, read to its end. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly host: string;
  readonly headers: IncomingMessage['headers'];
  readonly query: URLSearchParams;
  /** Fields of a form body; empty for every other content type. */
  readonly form: URLSearchParams;
  readonly rawBody: string;
  /** Where the login and the Graph endpoints are, as seen by whoever asked. */
  readonly loginBase: string;
  readonly graphBase: string;
  readonly trace: Trace;
  /** Parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

export interface Route {
  method: 'GET' | 'POST' | 'ANY';
  pattern: RegExp;
  endpoint: EndpointLabel;
  handle: Handler;
}

const maxBodyBytes = 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error('request body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The client's own correlation id is used where it sends one, as Entra does. */
export function makeTrace(rawCorrelationId: string | undefined, nowMs: number): Trace {
  const sent = rawCorrelationId !== undefined && /^[0-9a-f-]{36}$/i.test(rawCorrelationId);
  return {
    traceId: randomUUID(),
    correlationId: sent ? rawCorrelationId : randomUUID(),
    at: new Date(nowMs),
  };
}

export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function html(status: number, page: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body: page };
}

export function redirect(location: string, headers: Reply['headers'] = {}): Reply {
  return { status: 302, headers: { location, ...headers }, body: '' };
}

export function aadstsReply(error: AadstsError, trace: Trace, headers: Reply['headers'] = {}): Reply {
  return json(error.entry.http, errorBody(error, trace), headers);
}

export function readCookie(exchange: Exchange, name: string): string | undefined {
  for (const part of (exchange.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

/** A parameter of a form or query; undefined if absent or empty. */
export function param(params: URLSearchParams, name: string): string | undefined {
  return params.get(name) || undefined;
}
