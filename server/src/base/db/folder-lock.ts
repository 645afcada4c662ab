/**
 * @module The exclusive lock on an embedded store's folder: two processes on one PGlite folder lose data silently.
 *
 * The lock is a file with the owner's process id, start time and host. A killed owner leaves it behind; the next
 * starter sees that the process is gone and takes over. On another host (a container that shares the volume) only
 * the owner's heartbeat can tell, so a takeover waits until it has been silent for 15 s.
 */
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#base/lib/clock.ts';

interface Owner {
  id: string;
  pid: number;
  startedAt: string;
  host: string;
}

export interface FolderLock {
  release(): void;
}

const heartbeatMs = 3_000;
const silentMs = 15_000;

/** Start time of a process as the system counts it; '' where /proc does not exist. */
const startTimeOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readOwner = (path: string): Owner | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
};

/**
 * Takes the lock on `folder`, which is made when it does not exist.
 *
 * @throws {Error} naming the owner when another live process holds it.
 */
export const lockFolder = (folder: string, clock: Clock): FolderLock => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'foyer.lock');
  const mine: Owner = {
    id: randomUUID(),
    pid: process.pid,
    startedAt: startTimeOf(process.pid),
    host: hostname(),
  };
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      return hold(path, mine, clock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(path);
    if (owner && isHeld(owner, path, clock)) {
      throw new Error(
        `The data folder ${folder} is in use by process ${owner.pid} on ${owner.host}. ` +
          'Only one process may open an embedded store; stop it, or use PostgreSQL (DATABASE_URL) to run several.',
      );
    }
    takeAway(path, owner);
  }
  throw new Error(
    `The data folder ${folder} could not be locked; another process is starting at the same time.`,
  );
};

const isHeld = (owner: Owner, path: string, clock: Clock): boolean => {
  if (owner.host !== hostname()) return clock.nowMs() - statSync(path).mtimeMs < silentMs;
  if (owner.pid === process.pid) return owner.startedAt === startTimeOf(process.pid);
  return isAlive(owner.pid) && owner.startedAt === startTimeOf(owner.pid);
};

/** Moves the stale file aside; if somebody replaced it in between, their file is put back. */
const takeAway = (path: string, stale: Owner | undefined): void => {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOwner(aside)?.id !== stale?.id) renameSync(aside, path);
  else unlinkSync(aside);
};

const hold = (path: string, mine: Owner, clock: Clock): FolderLock => {
  const beat = setInterval(() => {
    const now = clock.now();
    try {
      utimesSync(path, now, now);
    } catch {
      // The folder may be gone in a test; the next start then simply finds no lock.
    }
  }, heartbeatMs);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (readOwner(path)?.id === mine.id) unlinkSync(path);
    },
  };
};
