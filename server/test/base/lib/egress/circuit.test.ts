import { describe, expect, it } from 'vitest';
import type { EgressOptions } from '#base/lib/egress/egress.ts';
import { handSetClock, json, openEgress, refusalOf, serveHttp, serveTcp } from './loopback.ts';

const open = (rule: string, options: Partial<Omit<EgressOptions, 'allow'>> = {}) => {
  const clock = handSetClock();
  return { clock, egress: openEgress({ allow: rule, clock, ...options }) };
};

describe('circuit of an origin', () => {
  it('R-05 opens after five failures in a row, refuses at once, and tries again after 30 s', async () => {
    let isDown = true;
    const server = await serveTcp((socket) => {
      if (isDown) socket.destroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    });
    const { clock, egress } = open(server.rule);
    const ask = () => egress.request({ url: server.url, method: 'GET' });
    for (let i = 0; i < 5; i++) expect((await refusalOf(ask)).detail).toBe('unreachable');
    const reached = server.connections();

    const refusal = await refusalOf(ask);
    expect(refusal).toMatchObject({
      code: 'upstream_unreachable',
      detail: 'circuit open',
      retryAfterSeconds: 30,
    });
    expect(refusal.evidence?.nodeCode).toBeTypeOf('string');
    expect(server.connections()).toBe(reached);
    expect(egress.stats().circuitsOpen).toBe(1);

    clock.advanceMs(29_999);
    expect((await refusalOf(ask)).detail).toBe('circuit open');
    clock.advanceMs(1);
    expect((await refusalOf(ask)).detail).toBe('unreachable');
    expect((await refusalOf(ask)).detail).toBe('circuit open');
    expect(server.connections()).toBe(reached + 1);

    isDown = false;
    clock.advanceMs(30_000);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect(egress.stats().circuitsOpen).toBe(0);
  });

  it('R-05 lets one request try at a time while open, also after the clock was set back', async () => {
    let answer: (() => void) | undefined;
    let isDown = true;
    const server = await serveHttp((request, response) => {
      if (isDown) request.socket.destroy();
      else answer = () => json(request, response);
    });
    const { clock, egress } = open(server.rule);
    const ask = () => egress.request({ url: server.url, method: 'GET' });
    for (let i = 0; i < 5; i++) await refusalOf(ask);
    isDown = false;
    clock.advanceMs(-1000);
    const probe = ask();
    expect((await refusalOf(ask)).detail).toBe('circuit open');
    await expect.poll(() => answer).toBeDefined();
    answer?.();
    expect((await probe).status).toBe(200);
  });

  it('R-05 counts only what says that the provider is down', async () => {
    const server = await serveHttp((request, response) => {
      response.statusCode = request.url === '/redirect' ? 302 : 503;
      response.setHeader('content-type', 'text/html').end('<h1>');
    });
    const { egress } = open(`${server.rule}, denied.example`, { resolve: async () => ['169.254.169.254'] });
    for (let i = 0; i < 8; i++) {
      expect((await egress.request({ url: server.url, method: 'GET' })).status).toBe(503);
      expect(
        (await refusalOf(() => egress.request({ url: `${server.url}/redirect`, method: 'GET' }))).detail,
      ).toBe('redirect');
      expect(
        (await refusalOf(() => egress.request({ url: 'https://denied.example/', method: 'GET' }))).code,
      ).toBe('egress_denied');
    }
    expect(egress.stats().circuitsOpen).toBe(0);
  });

  it('R-05 a dead origin does not touch another', async () => {
    const [dead, alive] = [await serveTcp((socket) => socket.destroy()), await serveHttp(json)];
    const { egress } = open(`${dead.rule}, ${alive.rule}`);
    for (let i = 0; i < 6; i++) await refusalOf(() => egress.request({ url: dead.url, method: 'GET' }));
    expect((await egress.request({ url: alive.url, method: 'GET' })).status).toBe(200);
  });
});

describe('bounds of an origin', () => {
  it('R-05 200 requests to a hung provider hold at most 64 connections and all end in time', async () => {
    const hung = await serveHttp(() => undefined);
    const alive = await serveHttp(json);
    const { egress } = open(`${hung.rule}, ${alive.rule}`, { totalTimeoutMs: 300 });
    const started = performance.now();
    const flows = Array.from({ length: 200 }, () =>
      refusalOf(() => egress.request({ url: hung.url, method: 'GET' })),
    );
    expect(egress.stats()).toMatchObject({ active: 64, waiting: 136 });
    expect((await egress.request({ url: alive.url, method: 'GET' })).status).toBe(200);
    const refusals = await Promise.all(flows);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(new Set(refusals.map(({ code }) => code))).toEqual(
      new Set(['upstream_timeout', 'upstream_unreachable']),
    );
    expect(hung.peak()).toBeLessThanOrEqual(64);
    await expect.poll(() => egress.stats()).toMatchObject({ active: 0, waiting: 0, circuitsOpen: 1 });
  });

  it('R-05 200 requests to a provider that answers are all answered, over at most 64 connections', async () => {
    const server = await serveHttp((request, response) => setTimeout(() => json(request, response), 5));
    const { egress } = open(server.rule);
    const ask = () => egress.request({ url: server.url, method: 'GET' });
    const responses = await Promise.all(Array.from({ length: 200 }, ask));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(server.peak()).toBeLessThanOrEqual(64);
  });

  it('R-05 refuses at once when too many wait, and never sends what its caller gave up', async () => {
    const answers: (() => void)[] = [];
    const server = await serveHttp((request, response) => {
      answers.push(() => json(request, response));
    });
    const { egress } = open(server.rule, { maxActive: 1, maxWaiting: 1 });
    const leave = new AbortController();
    const first = egress.request({ url: server.url, method: 'GET' });
    const second = refusalOf(() => egress.request({ url: server.url, method: 'GET', signal: leave.signal }));
    expect((await refusalOf(() => egress.request({ url: server.url, method: 'GET' }))).detail).toBe(
      'too many requests under way',
    );
    leave.abort();
    expect((await second).detail).toBe('given up by the caller');
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.();
    expect((await first).status).toBe(200);
    expect(answers).toHaveLength(1);
    await expect.poll(() => egress.stats()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('R-05 keeps the connections of at most 256 origins', async () => {
    const server = await serveHttp(json);
    const { egress } = open('0.0.0.0/0', {
      hostMap: Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [
          `127.1.1.${i % 250}:${i < 250 ? 443 : 8443}`,
          { address: '127.0.0.1', port: server.port },
        ]),
      ),
      connectTimeoutMs: 200,
    });
    for (let i = 0; i < 300; i++) {
      // TLS towards an http server: every origin fails, but each is one.
      await refusalOf(() =>
        egress.request({ url: `https://127.1.1.${i % 250}:${i < 250 ? 443 : 8443}/`, method: 'GET' }),
      );
    }
    expect(egress.stats().origins).toBe(256);
  });

  it('R-08 closing lets requests under way end and refuses new ones', async () => {
    let answer: (() => void) | undefined;
    const server = await serveHttp((request, response) => {
      answer = () => json(request, response);
    });
    const { egress } = open(server.rule);
    const underWay = egress.request({ url: server.url, method: 'GET' });
    await expect.poll(() => answer).toBeDefined();
    const closed = egress.close();
    expect((await refusalOf(() => egress.request({ url: server.url, method: 'GET' }))).detail).toBe('closed');
    answer?.();
    expect((await underWay).status).toBe(200);
    await closed;
  });
});
