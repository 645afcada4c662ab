/**
 * @module Measures every operation of every server: prepares each once, then runs them one at a time,
 * repetition after repetition.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Child, type Children, freePort, waitUntilReady } from './lib/children.ts';
import type { Postgres } from './lib/postgres.ts';
import { round } from './lib/stats.ts';
import type { Place, Target } from './lib/target.ts';
import type { Load, LoadSpec, Mode, Results, Run, Values } from './lib/types.ts';
import type { Options } from './options.ts';

/** What all measurements of one run share. */
export interface Setting {
  options: Options;
  children: Children;
  scratch: string;
  postgres: Postgres;
  stub: string;
  stubPid: number;
  results: Results;
  /** Aborted when the person at the keyboard has had enough. */
  stopping: AbortSignal;
}

/** A server with its store, its port and what its preparation made known. */
export interface Ready {
  target: Target;
  place: Place;
  values: Values;
  database: string | undefined;
}

/** People who sign in again and again in `signin-returning`. */
const RETURNING = 200;
const COUNTED_OPERATIONS = 20;

/** Measures all targets; one that fails is reported and does not stop the others. */
export async function measureTargets(setting: Setting, targets: Target[]): Promise<void> {
  const { options, results } = setting;
  const ready: Ready[] = [];
  for (const target of targets) {
    if (!target.modes.some((mode) => options.modes.includes(mode))) continue;
    console.log(`Preparing ${target.name} …`);
    try {
      ready.push(await prepare(setting, target, target.name));
    } catch (error) {
      const why = `${target.name}: ${String(error)}`;
      console.log(`Left out: ${why}`);
      results.meta.leftOut.push(why.slice(0, 600));
    }
  }
  for (let repetition = 0; repetition < options.repetitions; repetition++) {
    if (setting.stopping.aborted) return;
    for (const one of repetition % 2 ? [...ready].reverse() : ready) {
      await measureOne(setting, one, repetition);
    }
  }
}

/** Gives a target an empty store, starts it once, lets it set itself up, and stops it again. */
export async function prepare(setting: Setting, target: Target, name: string): Promise<Ready> {
  const { postgres, scratch, children } = setting;
  const port = await freePort();
  const place: Place = { port, base: `http://127.0.0.1:${port}`, stub: setting.stub };
  const database = target.store === 'postgres' ? `bench_${name.replaceAll('-', '_')}` : undefined;
  if (database) place.databaseUrl = await postgres.createDatabase(database);
  else {
    place.dataFolder = join(scratch, name);
    mkdirSync(place.dataFolder);
  }
  let values: Values = { base: place.base };
  const ready: Ready = { target, place, values, database };
  // Where a command must come first, it makes the store; so measure the first start on another, empty one.
  if (target.beforeFirstStart) await measureEmptyStart(setting, target, `${name}-empty`, port);
  if (target.beforeFirstStart) values = { ...values, ...(await target.beforeFirstStart(place)) };
  const server = await start(
    setting,
    ready,
    target.beforeFirstStart ? undefined : { on: 'empty', repetition: 0 },
  );
  try {
    if (target.prepare) values = { ...values, ...(await target.prepare(place, values)) };
  } finally {
    await children.stop(server);
  }
  return { ...ready, values };
}

async function measureEmptyStart(
  setting: Setting,
  target: Target,
  name: string,
  port: number,
): Promise<void> {
  const place: Place = { port, base: `http://127.0.0.1:${port}`, stub: setting.stub };
  const database = target.store === 'postgres' ? `bench_${name.replaceAll('-', '_')}` : undefined;
  if (database) place.databaseUrl = await setting.postgres.createDatabase(database);
  else {
    place.dataFolder = join(setting.scratch, name);
    mkdirSync(place.dataFolder);
  }
  const server = await start(
    setting,
    { target, place, values: {}, database },
    { on: 'empty', repetition: 0 },
  );
  await setting.children.stop(server);
}

/** Starts the server and waits for its first answer; `record` notes how long that took. */
export async function start(
  setting: Setting,
  { target, place }: Ready,
  record?: { on: 'empty' | 'existing'; repetition: number },
): Promise<Child> {
  const { children, scratch, stub, results } = setting;
  const startedAt = performance.now();
  const server = children.start({
    name: target.name,
    command: process.execPath,
    args: target.args,
    env: {
      NODE_ENV: 'production',
      PORT: String(place.port),
      STUB_URL: stub,
      ...(place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl }),
      ...(place.dataFolder === undefined ? {} : { DATA_FOLDER: place.dataFolder }),
      ...target.env(place),
    },
    logFile: join(scratch, `${target.name}.log`),
  });
  try {
    const milliseconds = await waitUntilReady(server, `${place.base}/healthz`, startedAt);
    if (record) results.startUps.push({ target: target.name, ...record, milliseconds });
  } catch (error) {
    await children.stop(server);
    throw error;
  }
  return server;
}

async function measureOne(setting: Setting, ready: Ready, repetition: number): Promise<void> {
  const { options, results, children } = setting;
  const { target } = ready;
  const modes = target.modes.filter((mode) => options.modes.includes(mode));
  let server: Child;
  try {
    server = await start(setting, ready, { on: 'existing', repetition });
  } catch (error) {
    console.log(String(error));
    return;
  }
  for (const [index, mode] of modes.entries()) {
    if (setting.stopping.aborted) return;
    // The first operation after a start warms up longer, so that none is measured cold.
    const warmSeconds = options.warmSeconds * (index === 0 && !options.smoke ? 2 : 1);
    const spec = loadSpec(setting, ready, server, mode, { warmSeconds, seconds: options.seconds });
    const load = await drive(setting, spec);
    const run: Run = { target: target.name, store: target.store, mode, repetition, ...load };
    results.runs.push(run);
    console.log(describe(run, `${repetition + 1}/${options.repetitions} ${target.name.padEnd(21)}`));
  }
  if (repetition === 0) await countStatements(setting, ready, server, modes);
  await children.stop(server);
}

/** Statements per operation: the difference between a long and a short series, so that set-up falls out. */
async function countStatements(setting: Setting, ready: Ready, server: Child, modes: Mode[]): Promise<void> {
  const { database, target } = ready;
  if (!database) return;
  for (const mode of modes) {
    if (mode === 'session-busy') continue;
    const series = async (operations: number) => {
      const spec = loadSpec(setting, ready, server, mode, { operations, warmSeconds: 0 });
      const quiet = { ...spec, users: 1, returning: 5, verify: false };
      return await setting.postgres.countStatements(database, async () => void (await drive(setting, quiet)));
    };
    // The first series also makes the server open its connections and prepare its statements.
    await series(5);
    const short = await series(5);
    const long = await series(5 + COUNTED_OPERATIONS);
    if (short === undefined || long === undefined) return;
    const perOperation = round((long - short) / COUNTED_OPERATIONS, 1);
    setting.results.statements.push({ target: target.name, mode, perOperation });
  }
}

export function loadSpec(
  { options, postgres, stub, stubPid }: Setting,
  { target, place, values }: Ready,
  server: Child,
  mode: Mode,
  extent: { seconds?: number; operations?: number; warmSeconds: number },
): LoadSpec {
  return {
    name: target.name,
    mode,
    base: place.base,
    stub,
    adapter: target.adapter,
    values,
    sites: [],
    users: options.users,
    returning: RETURNING,
    ...extent,
    visitEachSite: false,
    verify: true,
    // A name of its own for each series, so that new people are new.
    runId: `r${process.hrtime.bigint().toString(36)}`,
    processes: {
      server: server.pid,
      stub: stubPid,
      ...(postgres.pid === undefined || target.store !== 'postgres' ? {} : { postgres: postgres.pid }),
    },
  };
}

/** Runs the driver in a process of its own. */
export async function drive({ stopping }: Setting, spec: LoadSpec): Promise<Load | { failed: string }> {
  const driver = spawn(process.execPath, [join(import.meta.dirname, 'load.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal: stopping,
    killSignal: 'SIGKILL',
  });
  // Killed by the signal, or not started: either way there is no answer to read.
  driver.on('error', () => {});
  driver.stdin.on('error', () => {});
  driver.stdin.end(JSON.stringify(spec));
  const output = await text(driver.stdout);
  try {
    return JSON.parse(output) as Load | { failed: string };
  } catch {
    return { failed: `the driver said: ${output.slice(0, 300)}` };
  }
}

/** One line for the person who watches. */
export function describe(run: Partial<Load> & { mode: Mode; failed?: string }, who: string): string {
  const head = `${who} ${run.mode.padEnd(16)}`;
  if (run.failed !== undefined) return `${head} FAILED ${run.failed}`;
  const errors = run.errors ? `  ${run.errors} errors: ${run.firstError}` : '';
  return (
    `${head} ${String(run.perSecond).padStart(8)}/s  p50 ${run.p50} p99 ${run.p99} ms  ` +
    `CPU ${run.cpu?.server} + ${run.cpu?.postgres ?? '–'} ms  ${run.memory?.peakMiB} MiB${errors}`
  );
}
