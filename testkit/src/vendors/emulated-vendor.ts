/** npm `emulate`, which listens on plain http, as the vendor that it emulates: under that vendor's host, behind TLS. */
import http from 'node:http';
import type { Handle } from './start-vendors.ts';

export const playEmulated =
  (port: number): Handle =>
  (request, response) => {
    const onward = http.request(
      { host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };
