import { expiredTls, selfSignedTls, testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import { describe, expect, it } from 'vitest';
import { json, openEgress, refusalOf, serveHttp, serveHttps, serveTcp } from './loopback.ts';

describe('addresses behind names', () => {
  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    ['not an address'],
  ])('S-101 refuses a name that leads to %s', async (address) => {
    const egress = openEgress({ resolve: async () => [address] });
    const refusal = await refusalOf(() => egress.request({ url: 'https://idp.example/t', method: 'GET' }));
    expect(refusal).toMatchObject({ code: 'egress_denied', detail: 'address not allowed' });
    expect(JSON.stringify({ ...refusal })).not.toContain(address);
  });

  it('S-101 refuses a name when any of its addresses is refused', async () => {
    const egress = openEgress({ resolve: async () => ['8.8.8.8', '2606:4700::1111', '127.0.0.1'] });
    const refusal = await refusalOf(() => egress.request({ url: 'https://idp.example/t', method: 'GET' }));
    expect(refusal.code).toBe('egress_denied');
  });

  it('S-109 a name that is allowed at first and leads elsewhere later reaches no canary', async () => {
    // The canary plays both parts: the address that is allowed, and one (mapped into IPv6) that is not.
    const canary = await serveHttps(testServerTls, (_request, response) => {
      response.setHeader('connection', 'close').setHeader('content-type', 'application/json').end('{}');
    });
    let addresses = ['127.0.0.1'];
    let lookUps = 0;
    const egress = openEgress({
      ca: testCa,
      allow: canary.rule,
      ports: [canary.port],
      resolve: async () => {
        lookUps++;
        return addresses;
      },
    });
    const ask = () => egress.request({ url: `https://a.example.test:${canary.port}/`, method: 'GET' });
    expect((await ask()).status).toBe(200);
    // One look-up for one connection: what was judged is what was connected to.
    expect(lookUps).toBe(1);
    for (const next of [['::ffff:127.0.0.1'], ['127.0.0.1', '::ffff:127.0.0.1'], ['169.254.169.254']]) {
      addresses = next;
      expect((await refusalOf(ask)).code).toBe('egress_denied');
    }
    expect(lookUps).toBe(4);
    expect(canary.connections()).toBe(1);
  });

  it('S-102 a name that the operator listed may be on loopback', async () => {
    const server = await serveHttp(json);
    const egress = openEgress({
      allow: `adfs.corp.example:${server.port}`,
      resolve: async () => ['127.0.0.1'],
    });
    const response = await egress.request({ url: `http://adfs.corp.example:${server.port}/`, method: 'GET' });
    expect(response.status).toBe(200);
  });

  it('S-102 resolves by the system when no test says otherwise', async () => {
    const server = await serveHttp(json);
    const egress = openEgress({ allow: `localhost:${server.port}` });
    const ask = () => egress.request({ url: `http://localhost:${server.port}/`, method: 'GET' });
    const responses = await Promise.all([ask(), ask()]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('tries the next address when the first does not answer', async () => {
    const server = await serveHttp(json);
    const egress = openEgress({
      allow: `two.corp.example:${server.port}`,
      resolve: async () => ['127.0.0.3', '127.0.0.1'],
    });
    const response = await egress.request({ url: `http://two.corp.example:${server.port}/`, method: 'GET' });
    expect(response.status).toBe(200);
  });
});

describe('TLS', () => {
  const microsoft = (port: number) => ({ 'login.microsoftonline.com:443': { address: '127.0.0.1', port } });
  const url = 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token';

  it('S-110 talks to a server whose certificate the extra CA vouches for, and keeps the connection', async () => {
    const server = await serveHttps(testServerTls, json);
    const egress = openEgress({ ca: testCa, hostMap: microsoft(server.port) });
    for (let i = 0; i < 10; i++) {
      expect((await egress.request({ url, method: 'POST', body: 'a=b' })).json()).toEqual({ ok: true });
    }
    // undici gives a connection one turn of the event loop to rest, and opens a second one for that time.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it.each([
    ['signed by itself', selfSignedTls, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', expiredTls, 'CERT_HAS_EXPIRED'],
  ])('S-110 refuses a certificate that is %s', async (_what, tls, nodeCode) => {
    let requests = 0;
    const server = await serveHttps(tls, (_request, response) => {
      requests++;
      response.end('{}');
    });
    const egress = openEgress({ ca: testCa, hostMap: microsoft(server.port) });
    const refusal = await refusalOf(() => egress.request({ url, method: 'GET', step: 'token' }));
    expect(refusal).toMatchObject({
      code: 'upstream_unreachable',
      detail: 'unreachable',
      evidence: { nodeCode, phase: 'connect', step: 'token' },
    });
    expect(requests).toBe(0);
  });

  it('S-110 refuses a certificate of an unknown CA, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const server = await serveHttps(testServerTls, json);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const egress = openEgress({ hostMap: microsoft(server.port) });
      const refusal = await refusalOf(() => egress.request({ url, method: 'GET' }));
      expect(refusal).toMatchObject({
        code: 'upstream_unreachable',
        evidence: { nodeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
      });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  it('S-110 refuses a certificate for another name, also at the second try when TLS would resume', async () => {
    const server = await serveHttps(testServerTls, json);
    const egress = openEgress({
      ca: testCa,
      hostMap: { 'other.example:443': { address: '127.0.0.1', port: server.port } },
    });
    for (let i = 0; i < 3; i++) {
      const refusal = await refusalOf(() => egress.request({ url: 'https://other.example/', method: 'GET' }));
      expect(refusal).toMatchObject({
        code: 'upstream_unreachable',
        evidence: { nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      });
    }
  });

  it('S-110 an http server on the https port is unreachable', async () => {
    const server = await serveHttp(json);
    const egress = openEgress({ ca: testCa, hostMap: microsoft(server.port) });
    expect((await refusalOf(() => egress.request({ url, method: 'GET' }))).code).toBe('upstream_unreachable');
  });

  it('resumes the TLS session on a new connection', async () => {
    const resumed: boolean[] = [];
    const server = await serveHttps(testServerTls, (request, response) => {
      resumed.push((request.socket as import('node:tls').TLSSocket).isSessionReused());
      response.setHeader('connection', 'close').setHeader('content-type', 'application/json').end('{}');
    });
    const egress = openEgress({ ca: testCa, hostMap: microsoft(server.port) });
    for (let i = 0; i < 3; i++) await egress.request({ url, method: 'GET' });
    expect(resumed).toEqual([false, true, true]);
  });
});

describe('unreachable servers', () => {
  it('R-05 a closed port is unreachable, with the code of Node', async () => {
    const server = await serveTcp((socket) => socket.destroy());
    const egress = openEgress({ allow: `127.0.0.1:1, ${server.rule}` });
    expect(
      await refusalOf(() => egress.request({ url: 'http://127.0.0.1:1/', method: 'GET' })),
    ).toMatchObject({
      code: 'upstream_unreachable',
      detail: 'unreachable',
      evidence: { nodeCode: 'ECONNREFUSED', phase: 'connect' },
    });
    expect((await refusalOf(() => egress.request({ url: server.url, method: 'GET' }))).code).toBe(
      'upstream_unreachable',
    );
  });

  it('R-05 a name that does not exist is unreachable', async () => {
    const egress = openEgress({
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      },
    });
    expect(
      await refusalOf(() => egress.request({ url: 'https://nowhere.example/', method: 'GET' })),
    ).toMatchObject({
      code: 'upstream_unreachable',
      evidence: { nodeCode: 'ENOTFOUND' },
    });
  });

  it('S-105 TLS that is never answered and a look-up that never ends time out as connections', async () => {
    const silent = await serveTcp(() => undefined);
    const hostMap = { 'silent.example:443': { address: '127.0.0.1', port: silent.port } };
    const egress = openEgress({
      connectTimeoutMs: 100,
      totalTimeoutMs: 5000,
      hostMap,
      resolve: () => new Promise(() => undefined),
    });
    for (const url of ['https://silent.example/', 'https://lookup.example/']) {
      expect(await refusalOf(() => egress.request({ url, method: 'GET' }))).toMatchObject({
        code: 'upstream_timeout',
        evidence: { nodeCode: 'ETIMEDOUT', phase: 'connect' },
      });
    }
  });
});
