/**
 * @module What stands before Foyer in production: a proxy that ends TLS, serves the files of an app, and hands all else
 * to Foyer with X-Forwarded-Host, -Proto and -For. Foyer itself sees another Host and plain http.
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { testServerTls } from '@foyer/testkit/tls/tls.ts';

export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  status: number;
}

export interface Front {
  port: number;
  /** What it handed to Foyer, oldest first. */
  seen: Seen[];
  close(): Promise<void>;
}

/** The address that the proxy says its visitors have. */
export const visitor = '203.0.113.7';

export interface FrontOptions {
  foyerPort: number;
  /** By path, e.g. `/backoffice/index.html`. */
  files?: Readonly<Record<string, string>>;
}

const typeOf = (path: string): string =>
  path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8';

export const startFront = async ({ foyerPort, files = {} }: FrontOptions): Promise<Front> => {
  const seen: Seen[] = [];
  const server = https.createServer(testServerTls, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://front');
    const file = files[pathname.endsWith('/') ? `${pathname}index.html` : pathname];
    if (file !== undefined) {
      response.writeHead(200, { 'content-type': typeOf(pathname), 'cache-control': 'no-store' }).end(file);
      return;
    }
    const body = await buffer(request);
    const entry = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      body: body.toString(),
    };
    const onward = http.request({
      host: '127.0.0.1',
      port: foyerPort,
      method: request.method,
      path: request.url,
      headers: {
        ...request.headers,
        host: `127.0.0.1:${foyerPort}`,
        'x-forwarded-host': `${request.headers.host}:443`,
        'x-forwarded-proto': 'https',
        'x-forwarded-for': visitor,
      },
    });
    onward.on('response', (answer) => {
      seen.push({ ...entry, status: answer.statusCode ?? 0 });
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', (error) => response.writeHead(502).end(String(error)));
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
