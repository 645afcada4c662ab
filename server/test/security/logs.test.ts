import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FoyerProcess, startFoyerProcess } from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FoyerError } from '#base/lib/errors.ts';
import { createLog } from '#base/lib/log.ts';
import { eventually } from '../reliability/eventually.ts';
import { createRecordingClient, type RecordingClient } from './recording-client.ts';
import { host, openSecuredWorld, type SecuredWorld, setUpByCommand } from './secured-world.ts';

const canary = 'canary-3f9a1c5e7b';

/** What a log writes while `work` runs, as lines. */
const written = (work: (log: ReturnType<typeof createLog>) => void): string[] => {
  let text = '';
  work(
    createLog('trace', {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text.split('\n').slice(0, -1);
};

/** The output, once this stands in it: what is written reaches us a little after the answer. */
const logged = async (server: FoyerProcess, words: string): Promise<string> => {
  await eventually(
    10_000,
    async () => server.output(),
    (output) => output.includes(words) && output.endsWith('\n'),
  );
  return server.output();
};

describe('the log', () => {
  it('S-140 drops every member that is not on its list', () => {
    const [line = ''] = written((log) =>
      log.info(
        { code: 'x', password: canary, req: { url: `/auth/x?code=${canary}` }, headers: { cookie: canary } },
        'event',
      ),
    );
    expect(JSON.parse(line)).toEqual({
      level: 30,
      time: expect.any(Number),
      code: 'x',
      msg: 'event',
    });
  });

  it('S-140 says of an error what it is and where, not what it carries', () => {
    const database = Object.assign(new Error(`invalid input syntax for type json: "${canary}"`), {
      code: '22P02',
      detail: `Key (token)=(${canary}) exists`,
      query: `select '${canary}'`,
      params: [canary],
    });
    const error = new FoyerError('internal', { cause: database, evidence: { body: canary } });
    const [line = ''] = written((log) => log.error({ err: error }, 'failed'));
    const { err } = JSON.parse(line);
    expect(line).not.toContain(canary);
    expect(err).toMatchObject({
      type: 'FoyerError',
      code: 'internal',
      stack: expect.stringContaining('logs.test.ts'),
      cause: { code: '22P02', message: 'invalid input syntax for type json' },
    });
    expect(Object.keys(err).sort()).toEqual(['cause', 'code', 'message', 'stack', 'type']);
    expect(written((log) => log.error({ err: canary }, 'failed'))[0]).not.toContain(canary);
  });

  it('S-141 writes one line of printable characters, whatever is in a value', () => {
    const hostile = 'a\r\n{"level":60}\u2028b\u2029c\u0085d\u001b[31m\u009b31m\u202e\u0000\u007f';
    const lines = written((log) => {
      log.info({ detail: hostile }, hostile);
      log.error({ err: new Error(hostile) }, 'failed');
    });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      expect(JSON.parse(line)).toBeTypeOf('object');
    }
    expect(JSON.parse(lines[0] as string).detail).toBe(hostile);
  });

  it('S-140 cuts what is long', () => {
    const [line = ''] = written((log) => log.info({ detail: 'x'.repeat(100_000) }, 'long'));
    expect(line.length).toBeLessThan(2_000);
  });
});

describe('the log of a running server', () => {
  let world: SecuredWorld;
  let client: RecordingClient;
  let apiKey: string;
  beforeAll(async () => {
    world = await openSecuredWorld('pglite');
    client = world.client;
    ({ apiKey } = await setUpByCommand(world));
  });
  afterAll(() => world?.close());

  it('S-141 cannot be forged by what people send', async () => {
    const before = world.process.output().length;
    const forged = '{"level":60,"msg":"forged"}';
    const hostile = `x\r\n${forged}\u2028${forged}\u0085${forged}\u001b[2K\u009b2K`;
    const encoded = encodeURIComponent(hostile);
    const json = { accept: 'application/json' };
    await client.ask(`/api/engine/v2/users/${encoded}`, { headers: { ...json, 'x-api-key': apiKey } });
    await client.ask(`/api/engine/v2/domains/lookup/${encoded}`, { headers: json });
    await client.ask(`/auth/oauth2?id=${encoded}`);
    await client.ask(`/auth/oauth2/callback?id=${encoded}&code=x&state=${encoded}`);
    await client.ask(`/auth/login?provider=${encoded}&id=${encoded}&continue=${encoded}`);
    await client.ask('/auth/signin', { form: { email: hostile, password: hostile, continue: hostile } });
    await client.ask('/auth/oauth/token', { form: { grant_type: hostile, client_id: hostile } });
    await client.ask(`/${encoded}`, {
      headers: { 'user-agent': 'x\u0085y', 'x-request-id': 'abcdefgh{"level":60}' },
    });
    await client
      .ask('/api/engine/v2/users', { headers: { ...json, host: 'evil.test\u0085' } })
      .catch(() => {});
    await client.ask('/auth/authority', { headers: { 'content-type': hostile.replace(/[^ -~]/g, '') } });
    await client.ask('/api/engine/v2/users', { headers: { ...json, 'x-request-id': 'the-last-of-them' } });
    const since = (await logged(world.process, 'the-last-of-them')).slice(before);
    const lines = since.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
      expect(JSON.parse(line).level).toBeLessThan(60);
    }
  });

  it('S-141 carries a caller’s request id of the right form, and answers it; another is replaced', async () => {
    const ask = (id: string) =>
      client.ask('/api/engine/v2/users', { headers: { accept: 'application/json', 'x-request-id': id } });
    const given = await ask('Traced-by-caller-01');
    expect(given.headers['x-request-id']).toBe('Traced-by-caller-01');
    expect(given.json()).toMatchObject({ request_id: 'Traced-by-caller-01' });
    await logged(world.process, '"reqId":"Traced-by-caller-01"');
    for (const bad of [
      'short',
      'a'.repeat(65),
      'with space in it',
      'abcdefgh"',
      'ünïcödeünïcöde',
      'a_b_c_d_e_f',
    ]) {
      const { headers } = await ask(Buffer.from(bad).toString('latin1'));
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(world.process.output()).not.toContain(`"reqId":"${bad}`);
    }
  });
});

describe('an error that nobody handles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'foyer-unhandled-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const cases = [
    ['rejection', 'unhandledRejection', 'void Promise.reject(error);'],
    ['exception', 'uncaughtException', 'setImmediate(() => { throw error; });'],
  ] as const;
  for (const [what, event, fails] of cases) {
    it(`R-16 S-140 a ${what} ends the process with one line, without what the error carries`, {
      timeout: 60_000,
    }, async () => {
      const preload = join(folder, `${event}.mjs`);
      writeFileSync(
        preload,
        `process.on('SIGUSR2', () => {
          const error = Object.assign(new Error('something broke'), { params: ['${canary}'], token: '${canary}' });
          error.cause = Object.assign(new Error('below'), { query: '${canary}' });
          ${fails}
        });`,
      );
      const server: FoyerProcess = await startFoyerProcess({
        env: {
          PUBLIC_URL: `http://${host}`,
          HOST: '127.0.0.1',
          FOYER_DATA: join(folder, event),
          NODE_OPTIONS: `--import ${pathToFileURL(preload)}`,
        },
        port: await freePort(),
      });
      const client = createRecordingClient(server.port, host);
      expect((await client.ask('/healthz')).status).toBe(200);
      const before = server.output().length;
      server.signal('SIGUSR2');
      expect(await server.exit).toEqual({ code: 1, signal: null });
      client.close();
      const lines = (await logged(server, 'the process ends')).slice(before).trim().split('\n');
      expect(lines.join('\n')).not.toContain(canary);
      const last = JSON.parse(lines.at(-1) as string);
      expect(last).toMatchObject({
        level: 60,
        msg: `the process ends: ${event}`,
        err: {
          message: 'something broke',
          stack: expect.stringContaining(event),
          cause: { message: 'below' },
        },
      });
      expect(lines.every((line) => line.startsWith('{'))).toBe(true);
    });
  }
});
