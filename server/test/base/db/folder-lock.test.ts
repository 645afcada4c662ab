import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '#base/db/folder-lock.ts';
import { systemClock } from '#base/lib/clock.ts';

let folder: string;
const lockFile = () => join(folder, 'foyer.lock');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foyer-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const holder = new URL('./hold-lock.ts', import.meta.url).pathname;

const startHolder = async () => {
  const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
};

it('R-02 refuses a folder that another live process holds, and names it', async () => {
  const other = await startHolder();
  expect(() => lockFolder(folder, systemClock)).toThrow(`process ${other.pid}`);
  other.kill('SIGKILL');
  await once(other, 'exit');
});

it('R-02 takes over at once from a process that was killed', async () => {
  const other = await startHolder();
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(existsSync(lockFile())).toBe(true);
  const lock = lockFolder(folder, systemClock);
  expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid);
  lock.release();
  expect(existsSync(lockFile())).toBe(false);
});

it('R-02 trusts the heartbeat of an owner on another host', () => {
  const owner = { id: 'x', pid: 1, startedAt: '1', host: 'another-host' };
  writeFileSync(lockFile(), JSON.stringify(owner));
  expect(() => lockFolder(folder, systemClock)).toThrow('another-host');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lockFile(), longAgo, longAgo);
  lockFolder(folder, systemClock).release();
});

it('R-02 is not stopped by a torn lock file', () => {
  writeFileSync(lockFile(), '{"id":');
  lockFolder(folder, systemClock).release();
});
