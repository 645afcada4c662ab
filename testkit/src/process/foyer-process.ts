/**
 * @module A real Foyer, as an operator runs it: `foyer start` in a process of its own, seen from outside only. It can
 * be asked to stop, or be killed in the middle of anything.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../../server/bin/foyer.js', import.meta.url));

/** What the process is given beside PATH; nothing else of the tests' environment reaches it. */
export type FoyerEnv = Readonly<Record<string, string>>;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface FoyerProcess {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first `/readyz` of 200. */
  readonly readyAfterMs: number;
  readonly exit: Promise<Exit>;
  /** What it wrote to stdout and stderr. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** `kill -9`, and waits until the system has taken the process away. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<Exit>;
}

export interface StartOptions {
  env: FoyerEnv;
  port: number;
  /** Default 30 s. */
  readyWithinMs?: number;
}

const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

const environmentOf = (env: FoyerEnv): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  NODE_ENV: 'production',
  ...env,
});

/**
 * Starts `foyer start` and waits until it is ready.
 *
 * @throws {Error} with its output when it ends before, or takes too long.
 */
export const startFoyerProcess = async (options: StartOptions): Promise<FoyerProcess> => {
  const { env, port, readyWithinMs = 30_000 } = options;
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'start'], {
    env: environmentOf({ ...env, PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  let output = '';
  const take = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-5_000_000);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  let ended: Exit | undefined;
  const exit = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      living.delete(child);
      ended = { code, signal };
      resolve(ended);
    });
  });
  while ((await readiness(port)) !== 200) {
    const tooLate = performance.now() - startedAt > readyWithinMs;
    if (!ended && !tooLate) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    child.kill('SIGKILL');
    await exit;
    const what = ended ? `ended with ${ended.code ?? ended.signal}` : `was not ready in ${readyWithinMs} ms`;
    throw new Error(`Foyer ${what}:\n${output}`);
  }
  const readyAfterMs = performance.now() - startedAt;
  return {
    port,
    pid: child.pid as number,
    readyAfterMs,
    exit,
    output: () => output,
    signal: (signal) => {
      child.kill(signal);
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
    stop() {
      child.kill('SIGTERM');
      return exit;
    },
  };
};

/** Status of `/readyz`; `undefined` when nobody listens. */
export const readiness = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    request.once('error', () => resolve(undefined));
    request.setTimeout(5_000, () => request.destroy(new Error('no answer')));
  });

/** Runs another command of `foyer` with `--json` and answers what it printed. */
export const runFoyerCommand = async (env: FoyerEnv, words: string[]): Promise<Record<string, unknown>> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json'], {
    env: environmentOf(env),
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
};
