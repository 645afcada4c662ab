/**
 * @module The processes of a run: started here, watched here, and none left behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;
const STOP_TIMEOUT_MS = 8_000;

export interface StartOptions {
  /** What the runner calls this process in messages. */
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  logFile: string;
  /** Run as this user instead (needs root). */
  uid?: number;
  gid?: number;
}

export interface Child {
  name: string;
  pid: number;
  logFile: string;
  process: ChildProcess;
}

export interface Children {
  start(options: StartOptions): Child;
  /** Ends one process: asks first, insists after eight seconds. */
  stop(child: Child, signal?: NodeJS.Signals): Promise<void>;
  /** Ends all, the last started first, and lets no other start. */
  stopAll(): Promise<void>;
}

export function openChildren(): Children {
  const living = new Set<Child>();
  let isStopping = false;
  async function stop(child: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { process: p } = child;
    if (p.exitCode === null && p.signalCode === null) {
      const ended = new Promise<void>((resolve) => p.once('exit', () => resolve()));
      p.kill(signal);
      const insist = setTimeout(() => p.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(insist);
    }
    living.delete(child);
  }
  return {
    start({ name, command, args, env, cwd, logFile, uid, gid }) {
      if (isStopping) throw new Error('the run is being stopped');
      const log = openSync(logFile, 'w');
      const p = spawn(command, args, {
        env: { ...process.env, ...env },
        ...(cwd === undefined ? {} : { cwd }),
        stdio: ['ignore', log, log],
        // A group of its own, so that Ctrl-C reaches only the runner, which then stops all in order.
        detached: true,
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
      closeSync(log);
      const child = { name, pid: p.pid ?? 0, logFile, process: p };
      p.once('error', () => living.delete(child));
      living.add(child);
      return child;
    },
    stop,
    async stopAll() {
      isStopping = true;
      // Servers before their database.
      for (const child of [...living].reverse()) await stop(child, 'SIGINT');
    },
  };
}

/**
 * Waits until the URL answers with less than 500 and returns the milliseconds since `startedAt`.
 * @throws Error with the end of the process's log when it exits or the time runs out.
 */
export async function waitUntilReady(child: Child, url: string, startedAt: number): Promise<number> {
  const deadline = startedAt + 60_000;
  while (performance.now() < deadline) {
    if (child.process.exitCode !== null || child.process.signalCode !== null) break;
    try {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (answer.status < 500) return Math.round(performance.now() - startedAt);
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS);
  }
  throw new Error(`${child.name} did not start:\n${readFileSync(child.logFile, 'utf8').slice(-1500)}`);
}

/** A TCP port of 127.0.0.1 that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
