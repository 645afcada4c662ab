/**
 * @module One run: a PostgreSQL, an identity provider, and every server in turn, interleaved over the
 * repetitions so that a change in the machine's mood meets all of them alike.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { foyerIsThere } from './foyer/foyer.ts';
import { measureGrowth } from './growth.ts';
import { freePort, openChildren, waitUntilReady } from './lib/children.ts';
import { openPostgres, type Postgres } from './lib/postgres.ts';
import type { Results } from './lib/types.ts';
import { measureTargets } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { writeReport } from './report.ts';
import { allTargets } from './targets.ts';

const PACKAGES = [
  'better-auth',
  'passport',
  'passport-oauth2',
  'express',
  'express-session',
  '@fastify/oauth2',
  '@fastify/session',
  'fastify',
  'connect-pg-simple',
  'oidc-provider',
  'pg',
  'postgres',
  '@electric-sql/pglite',
];

export async function main(args: string[]): Promise<void> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 1;
    return;
  }
  if (options.help) return console.log(HELP);
  if (options.reportOnly) return report(options, JSON.parse(readFileSync(options.out, 'utf8')) as Results);
  await run(options);
}

async function run(options: Options): Promise<void> {
  const children = openChildren();
  const scratch = mkdtempSync(join(tmpdir(), 'foyer-bench-'));
  const results = emptyResults(options);
  const stopping = new AbortController();
  let postgres: Postgres | undefined;
  const cleanUp = async () => {
    await children.stopAll();
    await postgres?.close().catch(() => {});
    rmSync(scratch, { recursive: true, force: true });
  };
  const stopEarly = (signal: NodeJS.Signals) => {
    console.log(`\n${signal}: stopping everything …`);
    stopping.abort();
    void cleanUp().finally(() => process.exit(130));
  };
  process.once('SIGINT', stopEarly);
  process.once('SIGTERM', stopEarly);
  try {
    console.log('Starting a PostgreSQL of our own …');
    postgres = await openPostgres(children, scratch);
    results.meta.postgres = postgres.version;
    const stubPort = await freePort();
    const stub = `http://127.0.0.1:${stubPort}`;
    const identityProvider = children.start({
      name: 'stub-idp',
      command: process.execPath,
      args: [join(import.meta.dirname, 'stub-idp.ts')],
      env: { PORT: String(stubPort) },
      logFile: join(scratch, 'stub-idp.log'),
    });
    await waitUntilReady(identityProvider, `${stub}/healthz`, performance.now());
    const setting = {
      options,
      children,
      scratch,
      postgres,
      stub,
      stubPid: identityProvider.pid,
      results,
      stopping: stopping.signal,
    };
    const foyer = { program: options.foyerProgram };
    const isFoyerThere = foyerIsThere(foyer);
    const wanted = allTargets(foyer).filter((t) => !options.only || options.only.includes(t.name));
    const targets = wanted.filter((t) => t.kind !== 'foyer' || isFoyerThere);
    for (const target of wanted) {
      if (!targets.includes(target)) leaveOut(results, `${target.name}: there is no ${options.foyerProgram}`);
    }
    await measureTargets(setting, targets);
    if (targets.some((t) => t.name === 'foyer')) await measureGrowth(setting, foyer);
    if (stopping.signal.aborted) return;
  } finally {
    if (!stopping.signal.aborted) await cleanUp();
  }
  report(options, results);
}

function leaveOut(results: Results, why: string): void {
  console.log(`Left out: ${why}`);
  results.meta.leftOut.push(why);
}

/** Writes the JSON and, beside it, the tables. */
function report(options: Options, results: Results): void {
  mkdirSync(dirname(options.out), { recursive: true });
  if (!options.reportOnly) writeFileSync(options.out, `${JSON.stringify(results, null, 1)}\n`);
  const page = join(dirname(options.out), 'README.md');
  writeReport(results, page);
  console.log(`\nResults: ${options.out}\nTables:  ${page}`);
}

function emptyResults(options: Options): Results {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  const versions: Record<string, string> = {};
  for (const name of PACKAGES) {
    versions[name] = lock.packages[`node_modules/${name}`]?.version ?? 'unknown';
  }
  return {
    meta: {
      date: new Date().toISOString(),
      node: process.version,
      postgres: '',
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      repetitions: options.repetitions,
      seconds: options.seconds,
      users: options.users,
      smoke: options.smoke,
      versions,
      leftOut: [],
    },
    runs: [],
    startUps: [],
    statements: [],
    growth: [],
  };
}
