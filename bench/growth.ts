/**
 * @module Does a sign-in cost more when Foyer serves more domains, or holds more people? Each count has a
 * database of its own; they are measured in turn, repetition after repetition. Also: the memory that one
 * domain's OAuth2 provider takes, from resident memory before and after each domain's was used once.
 */
import { Pool } from 'undici';
import { addDomain, openApi, type Prepared } from './foyer/api.ts';
import { type FoyerOptions, foyerTargets } from './foyer/foyer.ts';
import { addUserRows } from './foyer/user-rows.ts';
import { SITE_SUFFIX } from './lib/browser.ts';
import type { Child } from './lib/children.ts';
import { memory } from './lib/proc.ts';
import { round } from './lib/stats.ts';
import type { GrowthMode, Mode, Site } from './lib/types.ts';
import { describe, drive, loadSpec, prepare, type Ready, type Setting, start } from './measure.ts';

const COUNTS = { domains: [1, 1_000, 10_000], users: [1_000, 1_000_000] };
const SMOKE_COUNTS = { domains: [1, 10, 50], users: [100, 1_000] };
const MODES: Mode[] = ['signin-new', 'signin-returning'];

interface Case {
  question: GrowthMode;
  count: number;
  ready: Ready;
  sites: Site[];
}

export async function measureGrowth(setting: Setting, foyer: FoyerOptions): Promise<void> {
  const { options, results } = setting;
  const counts = options.smoke ? SMOKE_COUNTS : COUNTS;
  const cases: Case[] = [];
  for (const question of options.growth) {
    for (const count of counts[question]) {
      console.log(`Preparing ${count.toLocaleString('en-US')} ${question} …`);
      try {
        cases.push(await prepareCase(setting, foyer, question, count));
      } catch (error) {
        console.log(`Left out: ${String(error)}`);
        results.meta.leftOut.push(`${count} ${question}: ${String(error)}`.slice(0, 600));
      }
    }
  }
  for (let repetition = 0; repetition < options.repetitions; repetition++) {
    if (setting.stopping.aborted) return;
    for (const one of repetition % 2 ? [...cases].reverse() : cases)
      await measureCase(setting, one, repetition);
  }
}

async function prepareCase(
  setting: Setting,
  foyer: FoyerOptions,
  question: GrowthMode,
  count: number,
): Promise<Case> {
  const target = foyerTargets(foyer).find((t) => t.name === 'foyer');
  if (!target) throw new Error('Foyer is no target');
  const ready = await prepare(setting, target, `foyer-${question}-${count}`);
  const server = await start(setting, ready);
  const api = openApi(ready.place.base, ready.values.apiKey ?? '');
  const domains: (Prepared & { domainId: string; host: string })[] = [];
  try {
    const hosts = Array.from({ length: question === 'domains' ? count : 1 }, (_, i) => `d${i}${SITE_SUFFIX}`);
    const worker = async () => {
      for (let host = hosts.pop(); host !== undefined; host = hosts.pop()) {
        domains.push({ host, ...(await addDomain(api, host, setting.stub)) });
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  } finally {
    await api.close();
    await setting.children.stop(server);
  }
  const [first] = domains;
  if (question === 'users' && first && ready.place.databaseUrl) {
    const { domainId, sourceId } = first;
    await addUserRows(ready.place.databaseUrl, { domainId, sourceId, issuer: setting.stub, count });
  }
  const sites = domains.map(({ host, domainId: _, ...values }) => ({ host, values: { ...values } }));
  return { question, count, ready, sites };
}

async function measureCase(setting: Setting, one: Case, repetition: number): Promise<void> {
  const { options, results, children } = setting;
  const { question, count, ready, sites } = one;
  const server = await start(setting, ready);
  for (const [index, mode] of MODES.entries()) {
    const extent = { warmSeconds: options.warmSeconds, seconds: options.seconds };
    const spec = { ...loadSpec(setting, ready, server, mode, extent), sites, visitEachSite: index === 0 };
    const load = await drive(setting, spec);
    results.growth.push({ question, count, mode, repetition, ...load });
    console.log(describe({ mode, ...load }, `${repetition + 1}/${options.repetitions} ${count} ${question}`));
  }
  if (question === 'domains' && count > 1) {
    const providerKiB = await memoryOfProviders(ready, server, sites);
    results.growth.push({ question, count, mode: 'code', repetition, providerKiB });
    console.log(`${count} domains: ${providerKiB} KiB for each domain's provider`);
  }
  await children.stop(server);
}

/** Asks every domain's provider for its metadata, and says how much memory each took. */
async function memoryOfProviders(ready: Ready, server: Child, sites: Site[]): Promise<number> {
  const pool = new Pool(ready.place.base, { connections: 8, pipelining: 1 });
  const path = '/.well-known/openid-configuration';
  const before = memory(server.pid).rssMiB;
  const left = [...sites];
  const worker = async () => {
    for (let site = left.pop(); site !== undefined; site = left.pop()) {
      const headers = { host: `${site.host}:${ready.place.port}` };
      const answer = await pool.request({ method: 'GET', path, headers });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${site.host}${path}: ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  await pool.close();
  return round(((memory(server.pid).rssMiB - before) * 1024) / sites.length, 1);
}
