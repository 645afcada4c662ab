import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;
let port: number;

beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
  await foyer.app.listen({ port: 0, host: '127.0.0.1' });
  port = (foyer.app.server.address() as AddressInfo).port;
});
afterAll(() => foyer.close());

/** What a server answers to exactly these bytes. */
const send = (raw: string | Buffer): Promise<{ status: number; head: string; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = Buffer.concat(parts).toString().split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), head: head.toLowerCase(), body });
    });
    socket.end(raw);
  });

const get = (target: string, headers = '') =>
  send(`GET ${target} HTTP/1.1\r\nHost: ${domain.host}\r\nConnection: close\r\n${headers}\r\n`);

const post = (payload: string | Buffer, type = 'application/json') =>
  foyer.inject({
    method: 'POST',
    url: '/auth/signin',
    headers: {
      host: domain.host,
      origin: foyer.url(domain.host),
      accept: 'application/json',
      ...(type && { 'content-type': type }),
    },
    payload,
  });

const expectJson = (body: string): void => {
  expect(JSON.parse(body)).toMatchObject({ error: expect.any(String), request_id: expect.any(String) });
};

describe('S-131 sizes, on the wire', () => {
  it.each([
    [9_000, 414],
    [20_000, 414],
    [70_000, 414],
    [7_000, 200],
  ])('an address of %i bytes is %i', async (length, status) => {
    const answer = await get(`/healthz?${'a'.repeat(length)}`);
    expect(answer.status).toBe(status);
    if (status !== 200) expectJson(answer.body);
  });

  it.each([
    [17_000, 431],
    [60_000, 431],
    [12_000, 200],
  ])('headers of %i bytes are %i', async (length, status) => {
    const answer = await get('/healthz', `X-Padding: ${'a'.repeat(length)}\r\n`);
    expect(answer.status).toBe(status);
    if (status !== 200) expectJson(answer.body);
  });

  it('many headers are bounded, too', async () => {
    const answer = await get('/healthz', 'X-A: b\r\n'.repeat(10_000));
    expect(answer.status).toBe(431);
  });

  it('what is no HTTP gets a 400 with a request id', async () => {
    for (const raw of ['nonsense\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n']) {
      const answer = await send(raw);
      expect(answer.status).toBe(400);
      expectJson(answer.body);
    }
  });

  it('S-39 two Host lines are refused', async () => {
    const answer = await get('/login', `Host: other.test\r\nAccept: application/json\r\n`);
    expect(answer.status).toBe(400);
  });
});

describe('S-131 content', () => {
  it('a body above 256 KiB is 413', async () => {
    expect((await post(JSON.stringify({ a: 'x'.repeat(256 * 1024) }))).statusCode).toBe(413);
  });

  it.each([
    ['depth 33', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['no JSON', '{"a":'],
    ['NUL', '{"email":"a\\u0000b"}'],
    ['half a surrogate pair', '{"email":"\\ud800"}'],
    ['NUL in a key', '{"a\\u0000":"b"}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
    ['an array', '[1]'],
    ['a text', '"email"'],
    ['nested values', '{"email":{"$ne":""}}'],
    [
      '101 parameters',
      JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, '']))),
    ],
  ])('JSON with %s is 400', async (_name, payload) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    expectJson(answer.body);
  });

  it.each([
    ['NUL', 'email=a%00b'],
    ['invalid UTF-8', 'email=%ff'],
    ['a lone surrogate', 'email=%ed%a0%80'],
    ['broken percent-encoding', 'email=%zz'],
    ['raw bytes', Buffer.from([0x61, 0x3d, 0xff])],
    ['a repeated parameter', 'email=a&email=b'],
    ['an array', 'email=a&email=b'],
    ['101 parameters', Array.from({ length: 101 }, (_, i) => `p${i}=`).join('&')],
  ])('a form with %s is 400', async (_name, payload) => {
    expect((await post(payload, 'application/x-www-form-urlencoded')).statusCode).toBe(400);
  });

  it.each([
    'a=%00',
    'a=%ff',
    'a=%ed%a0%80',
    'a=%',
    'a=1&a=2',
    Array.from({ length: 101 }, () => 'a=').join('&'),
  ])('the query %.20s is 400', async (query) => {
    const answer = await foyer.inject({ url: `/login?${query}`, headers: { host: domain.host } });
    expect(answer.statusCode).toBe(400);
  });

  it.each(['/%', '/%ff', '/%c0%ae', '/account/%zz', '/api/engine/v2/users/%00', '/api/engine/v2/users/x%00'])(
    'the path %s is answered without an error of ours',
    async (url) => {
      const answer = await foyer.inject({ url, headers: { host: domain.host } });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
      expectJson(answer.body);
    },
  );

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonp', ''])(
    'the content type "%s" is 415',
    async (type) => {
      expect((await post('{"email":"a"}', type)).statusCode).toBe(415);
    },
  );

  it('S-132 __proto__ and constructor change nothing', async () => {
    for (const payload of [
      '{"__proto__":{"continue":"/x","sysAdmin":true},"email":"a","password":"b"}',
      '{"email":"a","password":"b","email":"c"}',
    ]) {
      expect((await post(payload)).statusCode).toBe(401);
    }
    expect((await post('{"constructor":{"prototype":{"sysAdmin":true}}}')).statusCode).toBe(400);
    await post('__proto__=x&constructor=y&toString=z', 'application/x-www-form-urlencoded');
    expect(({} as Record<string, unknown>).sysAdmin).toBeUndefined();
    expect(String({})).toBe('[object Object]');
  });
});

describe('S-131 methods', () => {
  it.each([
    ['DELETE', '/login', 'GET, HEAD'],
    ['PUT', '/auth/signin', 'POST'],
    ['GET', '/account/password', 'POST'],
    ['PATCH', '/auth/logout', 'GET, HEAD, POST'],
    ['POST', '/healthz', 'GET, HEAD'],
  ] as const)('%s %s is 405 and says what is allowed', async (method, url, allow) => {
    const answer = await foyer.inject({ method, url, headers: { host: domain.host } });
    expect({ status: answer.statusCode, allow: answer.headers.allow }).toEqual({ status: 405, allow });
  });

  it('unknown paths stay 404, empty below /auth', async () => {
    const unknown = await foyer.inject({ url: '/auth/nothing', headers: { host: domain.host } });
    expect({ status: unknown.statusCode, body: unknown.body }).toEqual({ status: 404, body: '' });
    const page = await foyer.inject({ url: '/nothing', headers: { host: domain.host, accept: 'text/html' } });
    expect(page.statusCode).toBe(404);
    expect(page.body).toContain('There is nothing here.');
  });
});

describe('S-130 nonsense', () => {
  it('never makes an error of ours', async () => {
    const pieces = [
      '%',
      '%00',
      '\u0000',
      '../',
      "'",
      '"',
      '<x>',
      '{{url}}',
      '\uffff',
      'null',
      '-1',
      '1e999',
      '[]',
      '%2f',
      ';',
    ];
    const paths = [
      '/',
      '/login',
      '/account',
      '/auth/signin',
      '/auth/logout',
      '/setup',
      '/auth/assets/foyer.css',
    ];
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const noise = (): string =>
      Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join('');
    for (let i = 0; i < 400; i++) {
      const method = (['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const)[next(5)] as 'GET';
      const type = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'][next(3)] as string;
      const answer = await foyer.inject({
        method,
        url: `${paths[next(paths.length)]}?continue=${encodeURI(noise())}&token=${noise().replace(/[^ -~]/g, '')}`,
        headers: {
          host: domain.host,
          origin: foyer.url(domain.host),
          cookie: `__Host-foyer_session=${noise().replace(/[^ -~]/g, '')}`,
          authorization: `Bearer ${noise().replace(/[^ -~]/g, '')}`,
          ...(method !== 'GET' && { 'content-type': type }),
        },
        ...(method !== 'GET' && { payload: `{"email":${JSON.stringify(noise())},"password":"${noise()}"}` }),
      });
      expect({ status: answer.statusCode < 500, i, method, body: answer.body.slice(0, 80) }).toMatchObject({
        status: true,
      });
      expect(answer.headers['x-request-id']).toBeTruthy();
    }
  });
});

describe('S-133 slow senders', () => {
  it('are closed after 15 s at the latest', { timeout: 25_000 }, async () => {
    const closedAfter = (start: string): Promise<number> =>
      new Promise((resolve) => {
        const from = Date.now();
        const socket = connect(port, '127.0.0.1', () => socket.write(start));
        socket.on('error', () => {});
        socket.resume();
        socket.on('close', () => resolve(Date.now() - from));
      });
    const times = await Promise.all([
      closedAfter(`GET /healthz HTTP/1.1\r\nHost: ${domain.host}\r\nX-Slow: `),
      closedAfter(
        `POST /auth/signin HTTP/1.1\r\nHost: ${domain.host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      ),
    ]);
    for (const time of times) expect(time).toBeLessThan(15_500);
  });
});
