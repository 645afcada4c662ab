import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../bin/foyer.js', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foyer-refuses-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  output: string;
}

/** `foyer start`; a server that does start is killed, and has no exit code. */
const start = (env: Record<string, string>): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, 'start'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOST: '127.0.0.1',
        PORT: '0',
        FOYER_DATA: join(folder, 'none'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Foyer is listening')) child.kill('SIGKILL');
      });
    }
    child.once('close', (code) => resolve({ code, output }));
  });

const good = (): string => randomBytes(32).toString('base64');
// Refused before anything is opened: no server need be there.
const database = 'postgres://nobody@127.0.0.1:9/none';

describe('foyer start', () => {
  const short = randomBytes(16).toString('base64');
  const sample = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
  it.each<[string, Record<string, string>, string]>([
    ['no key for PostgreSQL', { DATABASE_URL: database }, 'FOYER_KEYS'],
    ['an empty key for PostgreSQL', { DATABASE_URL: database, FOYER_KEYS: '' }, 'FOYER_KEYS'],
    ['a short key', { FOYER_KEYS: `k1:${short}` }, 'FOYER_KEYS'],
    ['a sample key', { DATABASE_URL: database, FOYER_KEYS: `k1:${sample}` }, 'FOYER_KEYS'],
    ['a key without id', { FOYER_KEYS: good() }, 'FOYER_KEYS'],
    [
      'a weak key behind a good one',
      { FOYER_KEYS: `k2:${good()},k1:${Buffer.alloc(32).toString('base64')}` },
      'FOYER_KEYS',
    ],
    ['a file that is not there', { FOYER_KEYS_FILE: '/nowhere/keys' }, 'FOYER_KEYS_FILE'],
  ])('S-93 refuses %s, with an error and the name of the variable', async (_what, env, variable) => {
    const { code, output } = await start(env);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(variable) });
    // No stack for a mistake of configuration, and no key in the message.
    expect(output).not.toMatch(/^\s+at /m);
    for (const value of [short, sample]) expect(output).not.toContain(value);
  });

  it('S-93 refuses a key file of the data folder that was emptied or cut short', async () => {
    for (const [name, content] of [
      ['empty', ''],
      ['cut', `k1:${good().slice(0, 20)}`],
    ] as const) {
      const data = join(folder, name);
      mkdirSync(data);
      writeFileSync(join(data, 'keys'), content);
      const { code, output } = await start({ FOYER_DATA: data });
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('FOYER_KEYS') });
    }
  });
});
