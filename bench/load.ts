/**
 * @module The load driver, a process of its own: reads a LoadSpec from standard input, keeps a number of
 * virtual people busy with one operation, and writes one line of JSON.
 */
import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { dig, newVisitor, openClient, type Visitor } from './lib/browser.ts';
import { cpuMs, machineCpuMs, memory } from './lib/proc.ts';
import { quantile, round } from './lib/stats.ts';
import type { Load, LoadSpec, Site } from './lib/types.ts';

const PASSWORD_LOOPS = 4;
const MAX_HOPS = 12;

async function measure(spec: LoadSpec): Promise<Load> {
  const { adapter, mode, processes } = spec;
  const client = openClient(spec.base, spec.users + PASSWORD_LOOPS);
  const latencies: number[] = [];
  let errors = 0;
  let firstError: string | undefined;
  let verified = 0;
  let serial = 0;
  let passwordSignIns = 0;

  const siteUrl = (site: Site) => `http://${site.host}:${new URL(spec.base).port}`;
  function visitorAt(user: string, site: Site | undefined): Visitor {
    if (!site) return newVisitor(user, spec.base, spec.values);
    return newVisitor(user, siteUrl(site), { ...spec.values, ...site.values });
  }
  const anySite = () => spec.sites[Math.floor(Math.random() * spec.sites.length)];
  const known = Array.from({ length: spec.returning }, (_, i) => ({
    user: `${spec.runId}k${i}`,
    site: spec.sites[Math.floor((i / spec.returning) * spec.sites.length)],
  }));

  async function signIn(visitor: Visitor): Promise<void> {
    const { begin, follow, success } = adapter.signIn;
    let answer = await client.run(visitor, begin);
    let next = follow ? String(dig(JSON.parse(answer.text), follow)) : answer.location;
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      if (!next) throw new Error(`no redirect: ${answer.url} ${answer.status} ${answer.text.slice(0, 200)}`);
      const url = new URL(next, answer.url);
      if (success.startsWith('/') ? url.pathname === success : url.href.startsWith(success)) {
        if (url.searchParams.has('error')) throw new Error(`sign-in ended with ${url.search}`);
        return;
      }
      if (url.origin === spec.stub && url.pathname === '/authorize') {
        url.searchParams.set('login_hint', visitor.user);
      }
      answer = await client.get(visitor, url.href);
      next = answer.location;
    }
    throw new Error('too many redirects');
  }

  async function whoami(visitor: Visitor): Promise<void> {
    if (!adapter.whoami) return;
    const answer = await client.run(visitor, { expectStatus: 200, ...adapter.whoami });
    const email = dig(JSON.parse(answer.text), adapter.whoami.email);
    if (email !== `${visitor.user}@example.test`) throw new Error(`whoami: ${email} is not ${visitor.user}`);
  }

  async function codeToToken(visitor: Visitor): Promise<void> {
    if (!adapter.code) throw new Error('no provider');
    const verifier = randomBytes(32).toString('base64url');
    visitor.values.verifier = verifier;
    visitor.values.challenge = createHash('sha256').update(verifier).digest('base64url');
    visitor.values.state = randomBytes(12).toString('base64url');
    const answer = await client.run(visitor, adapter.code.authorize);
    const code = answer.location && new URL(answer.location, answer.url).searchParams.get('code');
    if (!code) throw new Error(`no code: ${answer.status} ${answer.location} ${answer.text.slice(0, 200)}`);
    visitor.values.code = code;
    await client.run(visitor, adapter.code.token, true);
  }

  async function timed(work: () => Promise<void>): Promise<boolean> {
    const start = performance.now();
    try {
      await work();
      latencies.push(performance.now() - start);
      return true;
    } catch (error) {
      errors++;
      firstError ??= String(error).slice(0, 400);
      return false;
    }
  }

  async function signInOnce(): Promise<void> {
    const one = mode === 'signin-new' ? undefined : known[Math.floor(Math.random() * known.length)];
    const visitor = one ? visitorAt(one.user, one.site) : visitorAt(`${spec.runId}n${serial++}`, anySite());
    const done = await timed(() => signIn(visitor));
    if (!done || !spec.verify || latencies.length % 25 !== 1) return;
    try {
      await whoami(visitor);
      verified++;
    } catch (error) {
      errors++;
      firstError ??= String(error).slice(0, 400);
    }
  }

  const signedIn: Visitor[] = [];
  async function operate(index: number): Promise<void> {
    if (mode === 'signin-new' || mode === 'signin-returning') return await signInOnce();
    const visitor = signedIn[index]!;
    if (mode === 'code') await timed(() => codeToToken(visitor));
    else if (mode === 'refresh')
      await timed(async () => void (await client.run(visitor, adapter.refresh!, true)));
    else if (mode === 'introspect') {
      await timed(async () => void (await client.run(visitor, adapter.introspect!, true)));
    } else await timed(() => whoami(visitor));
  }

  async function prepare(): Promise<void> {
    if (spec.visitEachSite) {
      await eachOf(spec.sites, spec.users, (site) => signIn(visitorAt(`${spec.runId}v`, site)));
    }
    if (mode === 'signin-new') return;
    if (mode === 'signin-returning') {
      return await eachOf(known, spec.users, ({ user, site }) => signIn(visitorAt(user, site)));
    }
    await eachOf(
      Array.from({ length: spec.users }, (_, i) => `${spec.runId}s${i}`),
      spec.users,
      async (user) => {
        const visitor = visitorAt(user, anySite());
        await signIn(visitor);
        if (mode === 'session' || mode === 'session-busy') await whoami(visitor);
        else await codeToToken(visitor);
        signedIn.push(visitor);
      },
    );
  }

  /** Keeps all virtual people busy until the time or the number of operations is used up. */
  async function keepBusy(seconds: number | undefined, operations: number | undefined): Promise<void> {
    const end = seconds === undefined ? Infinity : performance.now() + seconds * 1000;
    let left = operations ?? Infinity;
    let over = false;
    const loops = Array.from({ length: spec.users }, async (_, i) => {
      while (left-- > 0 && performance.now() < end) await operate(i);
    });
    const passwords = Array.from({ length: mode === 'session-busy' ? PASSWORD_LOOPS : 0 }, async (_, i) => {
      while (!over) {
        try {
          await client.run(visitorAt(`p${i}`, undefined), adapter.passwordSignIn!);
          passwordSignIns++;
        } catch (error) {
          errors++;
          firstError ??= String(error).slice(0, 400);
          return;
        }
      }
    });
    await Promise.all(loops);
    over = true;
    await Promise.all(passwords);
  }

  await prepare();
  if (spec.warmSeconds > 0) {
    await keepBusy(spec.warmSeconds, undefined);
    if (latencies.length === 0) throw new Error(firstError ?? 'nothing worked');
    latencies.length = 0;
    errors = 0;
    firstError = undefined;
    verified = 0;
    passwordSignIns = 0;
  }

  const read = (pid: number | undefined) => (pid === undefined ? 0 : cpuMs(pid));
  const before = {
    server: read(processes.server),
    postgres: read(processes.postgres),
    stub: read(processes.stub),
    machine: machineCpuMs(),
    driver: process.cpuUsage(),
  };
  const start = performance.now();
  await keepBusy(spec.seconds, spec.operations);
  const elapsed = performance.now() - start;
  const driver = process.cpuUsage(before.driver);
  const driverMs = (driver.user + driver.system) / 1000;
  const server = read(processes.server) - before.server;
  const postgres = read(processes.postgres) - before.postgres;
  const stub = read(processes.stub) - before.stub;
  const others = machineCpuMs() - before.machine - server - postgres - stub - driverMs;
  await client.close();

  const done = latencies.length;
  const sorted = Float64Array.from(latencies).sort();
  const each = (ms: number) => round(ms / Math.max(1, done), 4);
  const known_ = (pid: number | undefined, ms: number) => (pid === undefined || done === 0 ? null : each(ms));
  return {
    operations: done,
    errors,
    ...(firstError === undefined ? {} : { firstError }),
    verified,
    seconds: round(elapsed / 1000, 2),
    perSecond: round((done / elapsed) * 1000, 1),
    p50: round(quantile(sorted, 0.5), 2),
    p95: round(quantile(sorted, 0.95), 2),
    p99: round(quantile(sorted, 0.99), 2),
    cpu: {
      server: known_(processes.server, server),
      postgres: known_(processes.postgres, postgres),
      stub: known_(processes.stub, stub),
      driver: each(driverMs),
    },
    othersCores: round(Math.max(0, others / elapsed), 2),
    memory: processes.server === undefined ? null : memory(processes.server),
    ...(mode === 'session-busy' ? { passwordSignIns } : {}),
  };
}

async function eachOf<T>(
  list: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < list.length) await work(list[next++]!);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

const spec = JSON.parse(await text(process.stdin)) as LoadSpec;
try {
  console.log(JSON.stringify(await measure(spec)));
} catch (error) {
  console.log(JSON.stringify({ failed: String(error).slice(0, 600) }));
  process.exitCode = 1;
}
