/**
 * @module R-01: `kill -9` at random points of a mixed load loses nothing that was acknowledged and leaves no half
 * state. FOYER_KILLS sets how often; 200 when absent.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPglite } from '#base/db/pglite.ts';
import { openPostgres } from '#base/db/postgres.ts';
import type { Db, Tables } from '#model/tables.ts';
import type { TestEngine } from '../support/test-store.ts';
import { checkFacts } from './check-facts.ts';
import { findHalfStates } from './half-states.ts';
import { Ledger } from './ledger.ts';
import { runLoad } from './load.ts';
import { addSource, createWorld, makeStore, type Node, type Store, startMs, type World } from './world.ts';

const kills = Number(process.env.FOYER_KILLS ?? 200);
const workers = 8;
const readyWithinMs = 10_000;

/** The store, while no server has it open. */
const openStore = ({ databaseUrl, folder }: Store): Promise<Db> | Db =>
  databaseUrl
    ? openPostgres<Tables>({ url: databaseUrl, poolSize: 2, prepare: false, onError: () => {} })
    : openPglite<Tables>({ folder: `${folder}/store` });

const expectNoHalfState = async (store: Store): Promise<void> => {
  const db = await openStore(store);
  try {
    const query = async (text: string) =>
      (await db.kysely.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, []))).rows;
    expect(await findHalfStates(query)).toEqual({});
  } finally {
    await db.close();
  }
};

/**
 * Load until a random number of answers, then the kill, a random moment later. Counted in answers rather than in time,
 * so that a slow machine does not kill an idle server; it comes to 20 to 400 ms where nothing else runs.
 */
const loadAndKill = async (world: World, ledger: Ledger, { client, process }: Node): Promise<void> => {
  let over = false;
  const enough = client.answered + 2 + Math.random() * 60;
  const load = runLoad({ world, ledger, node: client, isOver: () => over }, workers);
  const until = performance.now() + 10_000;
  while (client.answered < enough && performance.now() < until) await sleep(1);
  await sleep(Math.random() * 10);
  // While the load is in full swing: the workers learn of it by their broken connections.
  await process.kill();
  over = true;
  await load;
};

/** The tests of one engine, for a test file of its own: both engines then run side by side. */
export const crashTests = (engine: TestEngine): void => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await makeStore(engine));
  }, startMs);
  afterAll(async () => {
    await world?.close();
  });

  it(`R-01 R-04 loses nothing acknowledged and leaves no half state after ${kills} kills on ${engine}`, {
    timeout: 120_000 + kills * 10_000,
  }, async () => {
    const ledger = new Ledger();
    const readyAfterMs: number[] = [];
    let node = await world.startNode();
    for (let i = 0; i < 2; i++) {
      const name = `Edited ${i}`;
      const sourceId = await addSource(node.client, { ...world, name });
      ledger.rest({ kind: 'edit', sourceId, name, pending: undefined });
    }
    for (let kill = 1; kill <= kills; kill++) {
      await loadAndKill(world, ledger, node);
      if (kill % 50 === 0) await expectNoHalfState(world.store);
      node = await world.startNode();
      readyAfterMs.push(node.process.readyAfterMs);
      await checkFacts({ world, ledger, node: node.client });
    }
    // One start in twenty may meet a machine that is busy with something else.
    readyAfterMs.sort((x, y) => x - y);
    expect(readyAfterMs[Math.floor(readyAfterMs.length * 0.95) - 1]).toBeLessThan(readyWithinMs);
    const { code } = await node.process.stop();
    expect(code).toBe(0);
    await expectNoHalfState(world.store);
    const { unknown = 0, ...acknowledged } = ledger.acknowledged;
    const [median, slowest] = [0.5, 1].map((part) =>
      Math.round(readyAfterMs[Math.ceil(readyAfterMs.length * part) - 1] as number),
    );
    console.log(`${engine}: ${kills} kills, ready again after ${median} (${slowest}) ms;`, acknowledged, {
      unknown,
    });
    // A load that did nothing would prove nothing; a few kills are only a try.
    if (kills < 50) return;
    for (const what of [
      'sign-in',
      'code to token',
      'refresh',
      'revocation',
      'sign-out',
      'source edit',
      'user',
    ]) {
      expect(acknowledged[what] ?? 0, what).toBeGreaterThan(kills / 8);
    }
    expect(unknown).toBeGreaterThan(kills / 4);
  });
};
