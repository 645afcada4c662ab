import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { EgressRequest } from '#base/lib/egress/egress.ts';
import { json, openEgress, refusalOf, serveHttp, serveTcp } from './loopback.ts';

const ask = async (
  answer: RequestListener,
  options: Partial<EgressRequest> & { maxBytes?: number; totalTimeoutMs?: number } = {},
) => {
  const server = await serveHttp(answer);
  const egress = openEgress({
    allow: server.rule,
    totalTimeoutMs: options.totalTimeoutMs ?? 5000,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  return egress.request({ url: `${server.url}/t`, method: 'GET', ...options });
};

const send =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])(
    'S-104 does not follow a %i, and sends no credential to the second host',
    async (status) => {
      const canary = await serveHttp(json);
      const server = await serveHttp(send('', { location: canary.url }, status));
      const egress = openEgress({ allow: `${server.rule}, ${canary.rule}` });
      const refusal = await refusalOf(() =>
        egress.request({
          url: server.url,
          method: 'POST',
          body: 'client_secret=x',
          headers: { authorization: 'Bearer x' },
        }),
      );
      expect(refusal).toMatchObject({
        code: 'upstream_invalid',
        detail: 'redirect',
        evidence: { httpStatus: status },
      });
      expect(canary.connections()).toBe(0);
    },
  );
});

describe('bounds of an answer', () => {
  const megabyte = 1024 * 1024;

  it('S-105 reads one mebibyte and refuses more, announced or not', async () => {
    const response = await ask(send('x'.repeat(megabyte)), { accept: 'any' });
    expect(response.text).toHaveLength(megabyte);
    const tooLarge = { code: 'upstream_invalid', detail: 'too large', evidence: { httpStatus: 200 } };
    expect(await refusalOf(() => ask(send('x'.repeat(megabyte + 1)), { accept: 'any' }))).toMatchObject(
      tooLarge,
    );
    const unannounced: RequestListener = (_request, response) => {
      response.write('x'.repeat(megabyte));
      response.end('x');
    };
    expect(await refusalOf(() => ask(unannounced, { accept: 'any' }))).toMatchObject(tooLarge);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('S-105 stops a %s bomb at the bound', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(64 * megabyte, ' '));
    const before = process.memoryUsage().rss;
    const refusal = await refusalOf(() => ask(send(bomb, { 'content-encoding': encoding })));
    expect(refusal).toMatchObject({
      code: 'upstream_invalid',
      detail: 'too large',
      evidence: { httpStatus: 200 },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * megabyte);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
  ])('reads an answer in %s', async (encoding, compress) => {
    const response = await ask(send(compress(Buffer.from('{"a":"ä"}')), { 'content-encoding': encoding }));
    expect(response.json()).toEqual({ a: 'ä' });
  });

  it.each([
    ['gzip, gzip', gzipSync(gzipSync('{}'))],
    ['zstd', Buffer.from('x')],
    ['gzip', Buffer.from('{}')],
    ['gzip', gzipSync('{"a":1}').subarray(0, 15)],
  ])('S-105 refuses the encoding %s when it cannot be undone', async (encoding, body) => {
    expect(await refusalOf(() => ask(send(body, { 'content-encoding': encoding })))).toMatchObject({
      code: 'upstream_invalid',
      detail: 'encoding',
    });
  });

  it('S-105 ends an endless body', async () => {
    let closed = false;
    const endless: RequestListener = (_request, response) => {
      response.on('close', () => {
        closed = true;
      });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    };
    expect(await refusalOf(() => ask(endless))).toMatchObject({
      code: 'upstream_invalid',
      detail: 'too large',
    });
    await expect.poll(() => closed).toBe(true);
  });

  it.each<[string, RequestListener]>([
    [
      'body',
      (_request, response) => {
        response.setHeader('content-type', 'application/json');
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'headers',
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => request.socket.write('a'), 10);
        request.socket.on('close', () => clearInterval(timer));
      },
    ],
    ['headers', () => undefined],
  ])('S-105 bounds in time an answer that drips in its %s', async (phase, answer) => {
    const started = performance.now();
    const refusal = await refusalOf(() => ask(answer, { totalTimeoutMs: 200 }));
    expect(refusal).toMatchObject({
      code: 'upstream_timeout',
      detail: 'timeout',
      evidence: { phase, nodeCode: 'ETIMEDOUT' },
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('S-105 bounds headers in number and size', async () => {
    const many: RequestListener = (_request, response) => {
      for (let i = 0; i < 200; i++) response.setHeader(`h${i}`, '1');
      response.end('{}');
    };
    expect(await refusalOf(() => ask(many))).toMatchObject({ code: 'upstream_invalid', detail: 'headers' });
    expect((await refusalOf(() => ask(send('{}', { big: 'x'.repeat(20_000) })))).code).toBe(
      'upstream_invalid',
    );
    const hundredThousand = await serveTcp((socket) => {
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`);
    });
    const egress = openEgress({ allow: hundredThousand.rule });
    expect((await refusalOf(() => egress.request({ url: hundredThousand.url, method: 'GET' }))).code).toBe(
      'upstream_invalid',
    );
  });

  it('R-05 what is not HTTP is invalid', async () => {
    const garbage = await serveTcp((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    const egress = openEgress({ allow: garbage.rule });
    expect(await refusalOf(() => egress.request({ url: garbage.url, method: 'GET' }))).toMatchObject({
      code: 'upstream_invalid',
      detail: 'http',
      evidence: { nodeCode: 'HPE_INVALID', phase: 'headers' },
    });
  });

  it('S-107 an answer that breaks off in its middle leaves none of its bytes in the error', async () => {
    const broken = await serveTcp((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz secret-value'),
      ),
    );
    const egress = openEgress({ allow: broken.rule });
    const refusal = await refusalOf(() => egress.request({ url: broken.url, method: 'GET' }));
    expect(refusal).toMatchObject({
      code: 'upstream_invalid',
      detail: 'http',
      evidence: { httpStatus: 200 },
    });
    expect(inspect(refusal, { depth: 10, showHidden: true })).not.toContain('secret-value');
  });
});

describe('JSON', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/scim+json',
    'application/jwk-set+json;x=y',
  ])('S-105 takes %s for JSON', async (type) => {
    expect((await ask(send('{"a":1}', { 'content-type': type }))).json()).toEqual({ a: 1 });
  });

  it.each([
    ['text/html', '<!doctype html><title>Sign in</title>', 'html'],
    ['application/json', '\n <html></html>', 'html'],
    ['text/plain', '{"a":1}', 'content type'],
    ['application/jsonp', '{"a":1}', 'content type'],
  ])('S-105 refuses a successful answer of type %s that is not JSON', async (type, body, detail) => {
    expect(await refusalOf(() => ask(send(body, { 'content-type': type })))).toMatchObject({
      code: 'upstream_invalid',
      detail,
      evidence: { httpStatus: 200 },
    });
  });

  it('S-107 quotes nothing of the answer in its error', async () => {
    const response = await ask(send('{"access_token":"secret-value'));
    const refusal = await refusalOf(() => response.json());
    expect(refusal).toMatchObject({ code: 'upstream_invalid', detail: 'json' });
    expect(`${refusal.stack} ${JSON.stringify(refusal)} ${String(refusal.cause)}`).not.toContain(
      'secret-value',
    );
  });

  it('answers with the status of a failure, whatever its body is', async () => {
    const failure = await ask(send('{"error":"invalid_grant"}', {}, 400));
    expect([failure.status, failure.json()]).toEqual([400, { error: 'invalid_grant' }]);
    const html = await ask(send('<h1>Bad gateway</h1>', { 'content-type': 'text/html' }, 502));
    expect(html.status).toBe(502);
    expect(await refusalOf(() => html.json())).toMatchObject({
      detail: 'html',
      evidence: { httpStatus: 502 },
    });
    const empty = await ask(send('', {}, 401));
    expect(empty.status).toBe(401);
    expect(await refusalOf(() => empty.json())).toMatchObject({ detail: 'empty' });
  });

  it('S-105 refuses JSON nested deeper than 32', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect((await ask(send(nested(32)))).json()).toBeDefined();
    const response = await ask(send(nested(33)));
    expect(await refusalOf(() => response.json())).toMatchObject({
      code: 'upstream_invalid',
      detail: 'json depth',
    });
  });

  it('S-25 refuses a key that is written twice, and ignores a byte order mark', async () => {
    const twice = await ask(send('{"access_token":"a","access_token":"b"}'));
    expect(await refusalOf(() => twice.json())).toMatchObject({
      code: 'upstream_invalid',
      detail: 'duplicate_key',
    });
    expect((await ask(send('\ufeff{"a":1}'))).json()).toEqual({ a: 1 });
  });

  it.each([
    ['duplicate keys', '{"sub":"a","sub":"b"}'],
    ['NUL', '{"sub":"a\\u0000"}'],
    ['a raw NUL', '{"sub":"a\0"}'],
    ['a lone surrogate', '{"sub":"\\ud800"}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
    ['too much depth', `${'['.repeat(40)}${']'.repeat(40)}`],
    ['too many bytes', `{"a":"${'x'.repeat(1024 * 1024)}"}`],
  ])('S-25 a profile with %s is a bad profile', async (_what, body) => {
    const refusal = await refusalOf(async () => (await ask(send(body), { accept: 'profile' })).json());
    expect(refusal.code).toBe('bad_profile');
    expect(refusal.status).toBe(400);
  });

  it('reads a profile under an odd content type, but not a page', async () => {
    const odd = await ask(send('{"id":"1"}', { 'content-type': 'text/javascript' }), { accept: 'profile' });
    expect(odd.json()).toEqual({ id: '1' });
    const page = await ask(send('<html>', { 'content-type': 'text/html' }), { accept: 'profile' });
    expect(await refusalOf(() => page.json())).toMatchObject({ code: 'upstream_invalid', detail: 'html' });
  });
});

describe('requests', () => {
  it('sends method, path, headers and body, and names itself', async () => {
    const seen: unknown[] = [];
    await ask(
      (request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => {
          seen.push(request.method, request.url, request.headers.accept, request.headers['user-agent'], body);
          json(request, response);
        });
      },
      { method: 'PUT', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    );
    expect(seen).toEqual(['PUT', '/t', 'application/json', 'Foyer', 'a=b']);
  });

  it('refuses a header that would split the request, and sends nothing', async () => {
    let requests = 0;
    const refusal = await refusalOf(() =>
      ask(
        () => {
          requests++;
        },
        { headers: { authorization: 'Bearer a\r\nhost: evil' } },
      ),
    );
    expect(refusal).toMatchObject({ code: 'upstream_invalid', detail: 'request could not be formed' });
    expect(requests).toBe(0);
  });

  it('ends when its caller gives up', async () => {
    const leave = new AbortController();
    setTimeout(() => leave.abort(), 50);
    const refusal = await refusalOf(() => ask(() => undefined, { signal: leave.signal }));
    expect(refusal).toMatchObject({ code: 'upstream_timeout', detail: 'given up by the caller' });
    expect((await refusalOf(() => ask(json, { signal: AbortSignal.abort() }))).code).toBe('upstream_timeout');
  });
});
