/** `npm run demo -- --json` as a newcomer's script runs it, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '@foyer/testkit/process/free-port.ts';

const program = fileURLToPath(new URL('../../../bin/foyer.js', import.meta.url));

/** The line that the demo prints once it is ready. */
export interface DemoFacts {
  url: string;
  domain: string;
  admin: { email: string; password: string };
  api_key: string;
  source_id: string;
  app: { client_id: string; redirect_uri: string };
  people: { email: string }[];
  provider: { url: string };
}

export interface Demo {
  facts: DemoFacts;
  /** Everything that it wrote to stdout. */
  output: string;
  stop(): Promise<void>;
}

/** @throws {Error} with what it wrote, when it ends before it is ready. */
export const startDemo = async (): Promise<Demo> => {
  const port = await freePort();
  const child = spawn(process.execPath, [program, 'demo', '--json'], {
    env: { PATH: process.env.PATH ?? '', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = await firstLine(child);
  return {
    facts: JSON.parse(output) as DemoFacts,
    output,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
};

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(out.trim());
    });
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${out}${err}`)));
    process.once('exit', () => child.kill('SIGKILL'));
  });
