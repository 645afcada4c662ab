/**
 * S-130, S-131: requests of a seeded generator over every route, on a running server, with and without credentials.
 * FOYER_FUZZ_SEED repeats a run, FOYER_FUZZ_SECONDS makes it longer.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { readiness } from '@foyer/testkit/process/foyer-process.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultEngine } from '../support/test-store.ts';
import { createRandomRequests, type Document, operationsOf, type RandomRequest } from './random-requests.ts';
import type { Answer } from './recording-client.ts';
import {
  host,
  microsoftSource,
  openSecuredWorld,
  type SecuredWorld,
  setUpByCommand,
} from './secured-world.ts';

const seed = Number(process.env.FOYER_FUZZ_SEED ?? randomInt(2 ** 31));
const seconds = Number(process.env.FOYER_FUZZ_SECONDS ?? 15);

let world: SecuredWorld;
let nextRequest: () => RandomRequest;
/** Things that are there; the administrator and their domain are not among them, so that nothing locks us out. */
const ids: string[] = [];
const jar = new Map<string, string>();

beforeAll(async () => {
  world = await openSecuredWorld(defaultEngine(), { LOG_LEVEL: 'warn' });
  const { client } = world;
  const made = await setUpByCommand(world);
  const { apiKey } = made;
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  const make = async (path: string, json: unknown): Promise<void> => {
    const answer = await client.ask(`/api/engine/v2${path}`, { json, headers });
    if (answer.status !== 201 && answer.status !== 200)
      throw new Error(`${path}: ${answer.status} ${answer.text}`);
    ids.push(String(answer.json<{ id: string }>().id));
  };
  const authority_id = made.domainId;
  await make('/domains', { name: 'Second', domain: 'second.test' });
  await make('/users', {
    name: 'Somebody',
    email: 'somebody@example.test',
    authority_id,
    password: 'correct horse battery',
  });
  await make('/oauth_auths', microsoftSource(world, { authority_id, client_id: 'c', client_secret: 's' }));
  await make('/ldap_auths', { name: 'L', authority_id, host: 'l.test', port: 636, uid: 'uid', base: 'dc=x' });
  await make('/oauth_apps', {
    name: 'A',
    owner_id: authority_id,
    redirect_uri: 'https://a.test/cb',
    scopes: 'public',
  });
  const form = { email: 'somebody@example.test', password: 'correct horse battery', continue: '/' };
  await client.ask('/auth/signin', { form, jar });
  const document = (await client.ask('/api/engine/v2/openapi.json', { headers })).json<
    Document & Record<string, unknown>
  >();
  const operations = operationsOf(document);
  expect(operations.length).toBeGreaterThan(40);
  nextRequest = createRandomRequests(seed, { operations, ids, apiKey, jar });
}, 60_000);
afterAll(() => world?.close());

/** Failures that are right: of a provider or a source that the requests themselves spoilt, of what is not there yet. */
const rightly =
  /^(not_available_yet|source_misconfigured|source_unavailable|upstream_\w+|egress_denied|needs_consent|rate_limited)$/;
const codeIn = (answer: Answer): string =>
  /<dt>Code<\/dt><dd><code>(\w+)/.exec(answer.text)?.[1] ??
  /"(?:code|error)":"(\w+)"/.exec(answer.text)?.[1] ??
  '';

const faultOf = (method: string, answer: Answer): string => {
  const { status, headers, text: body } = answer;
  if (status >= 500 && !rightly.test(codeIn(answer))) return `status ${status} ${codeIn(answer)}`;
  if (!headers['x-request-id']) return 'no x-request-id';
  if (body === '' || method === 'HEAD') return '';
  const type = headers['content-type'] ?? '';
  if (/json/.test(type)) {
    try {
      JSON.parse(body);
      return '';
    } catch {
      return 'broken JSON';
    }
  }
  if (/html/.test(type))
    return /^<!doctype html>/i.test(body) && body.trimEnd().endsWith('</html>') ? '' : 'broken HTML';
  if (/^text\/csv/.test(type))
    return body.startsWith('"at","id",') && body.endsWith('\r\n') ? '' : 'broken CSV';
  return /^text\/css/.test(type) ? '' : `a body of type "${type}"`;
};

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

describe('S-130 any request', () => {
  it(`S-130 S-131 gets an answer that can be read, and none is a failure of ours (seed ${seed})`, {
    timeout: 60_000,
  }, async () => {
    console.log(`fuzz: FOYER_FUZZ_SEED=${seed}`);
    const until = performance.now() + seconds * 1_000;
    const faults: unknown[] = [];
    const statuses: Record<number, number> = {};
    let memoryAtStart = 0;
    let sent = 0;
    const work = async (): Promise<void> => {
      while (performance.now() < until && faults.length < 10) {
        const { path, ask } = nextRequest();
        let answer: Answer;
        try {
          answer = await world.client.ask(path, ask);
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          // What Node's own client refuses to send.
          if (code?.startsWith('ERR_')) continue;
          faults.push({ path, method: ask.method, message });
          continue;
        }
        if (++sent === 300) memoryAtStart = residentMegabytes(world.process.pid);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const fault = faultOf(ask.method ?? '', answer);
        if (fault)
          faults.push({
            fault,
            method: ask.method,
            path: path.slice(0, 400),
            ask: JSON.stringify({ ...ask, jar: undefined }).slice(0, 800),
            answer: answer.text.slice(0, 200),
          });
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
    console.log(`fuzz: ${sent} requests`, statuses);
    expect(faults, `FOYER_FUZZ_SEED=${seed}\n${world.process.output().slice(-3_000)}`).toEqual([]);
    // It came through to the routes, rather than being turned away at the door.
    expect(sent).toBeGreaterThan(300);
    for (const status of [200, 400, 401, 404, 422])
      expect(statuses[status] ?? 0, `status ${status}`).toBeGreaterThan(0);
    expect(await readiness(world.process.port)).toBe(200);
    expect(residentMegabytes(world.process.pid) - memoryAtStart).toBeLessThan(100);
    expect(({} as Record<string, unknown>).sysAdmin).toBeUndefined();
  });

  it('S-130 S-131 bytes that are no HTTP are answered, too, with a request id', async () => {
    for (const raw of [
      '\u0000\u0001\u0002\r\n\r\n',
      'GET / HTTP/1.1\r\n: x\r\n\r\n',
      `GET /${'a'.repeat(60_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const answer = await new Promise<string>((resolve, reject) => {
        let said = '';
        const socket = connect(world.process.port, '127.0.0.1', () => socket.end(raw));
        socket.on('data', (part) => {
          said += part;
        });
        socket.on('error', reject).on('close', () => resolve(said));
      });
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
    }
  });
});

describe('S-133 idle connections', () => {
  it('S-133 200 of them leave the p95 of /healthz below 100 ms', { timeout: 60_000 }, async () => {
    const sockets = await Promise.all(
      Array.from(
        { length: 200 },
        (_, i) =>
          new Promise<ReturnType<typeof connect>>((resolve, reject) => {
            const socket = connect(world.process.port, '127.0.0.1', () => {
              // Half of them say nothing, half begin a request.
              if (i % 2) socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n`);
              resolve(socket);
            });
            socket.on('error', reject);
          }),
      ),
    );
    for (const socket of sockets) socket.removeAllListeners('error').on('error', () => {});
    const p95 = async (): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 60; i++) {
        const from = performance.now();
        expect((await world.client.ask('/healthz')).status).toBe(200);
        times.push(performance.now() - from);
      }
      return times.sort((a, b) => a - b)[56] as number;
    };
    // The machine may be busy with something else for a while.
    const rounds = [await p95(), await p95(), await p95()];
    expect(sockets.filter((socket) => !socket.destroyed).length).toBeGreaterThan(150);
    for (const socket of sockets) socket.destroy();
    expect(Math.min(...rounds)).toBeLessThan(100);
  });
});
