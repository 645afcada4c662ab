import { setTimeout as sleep } from 'node:timers/promises';
import { readiness } from '@foyer/testkit/process/foyer-process.ts';
import { type OwnPostgres, startOwnPostgres } from '@foyer/testkit/process/own-postgres.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAdmin } from '../support/snapshot.ts';
import { checkFacts } from './check-facts.ts';
import { eventually } from './eventually.ts';
import { findHalfStates } from './half-states.ts';
import { Ledger } from './ledger.ts';
import { runLoad } from './load.ts';
import { type Answer, UnexpectedAnswer, Visitor } from './node-client.ts';
import { beginSignIn, finishSignIn, whoAmI } from './steps.ts';
import { addSource, callEngine, createWorld, makeStore, type Node, startMs, type World } from './world.ts';

const recoverMs = 5_000;
const poolSize = 6;

let postgres: OwnPostgres;
let world: World;
let a: Node;
let b: Node;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  world = await createWorld(await makeStore('postgres', postgres.url('postgres')));
  const env = { DATABASE_POOL_SIZE: String(poolSize) };
  [a, b] = await Promise.all([world.startNode(env), world.startNode(env)]);
}, startMs);
afterAll(async () => {
  await world?.close();
  await postgres?.remove();
});

const query = (text: string): Promise<Record<string, unknown>[]> =>
  withAdmin(world.store.databaseUrl as string, async (client) => (await client.query(text)).rows);

/** Connections to the world's database beside our own. */
const connections = async (): Promise<number> =>
  Number(
    (
      await query(`select count(*)::int as n from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()`)
    )[0]?.n,
  );

const saysTryAgain = ({ status, headers }: Answer): boolean =>
  status === 503 && /^\d+$/.test(String(headers['retry-after'] ?? ''));

/** Whether a whole new sign-in works on a node. */
const canSignIn = async ({ client }: Node): Promise<boolean> => {
  try {
    const flow = await beginSignIn(world, client, world.newPerson());
    await finishSignIn(client, flow);
    return (await whoAmI(client, flow.visitor)) !== undefined;
  } catch (error) {
    if (error instanceof UnexpectedAnswer) return false;
    throw error;
  }
};

describe('PostgreSQL restarts', () => {
  // `fast` ends every connection in order, `immediate` is a crash.
  for (const mode of ['fast', 'immediate', 'fast'] as const) {
    it(`R-03 during sign-ins (${mode}): success or 503 with Retry-After, nothing lost, back within 5 s`, async () => {
      const ledger = new Ledger();
      const sourceId = await addSource(a.client, { ...world, name: 'Edited' });
      ledger.rest({ kind: 'edit', sourceId, name: 'Edited', pending: undefined });
      const refused: Answer[] = [];
      let over = false;
      const isExcused = (error: unknown): boolean => {
        if (!(error instanceof UnexpectedAnswer) || !saysTryAgain(error.answer)) return false;
        refused.push(error.answer);
        return true;
      };
      const load = runLoad({ world, ledger, node: a.client, isOver: () => over, isExcused }, 8);
      // A failure of the load must fail the test where it is awaited, not before.
      load.catch(() => {});
      await sleep(600);
      await postgres.stop(mode);
      await sleep(1_000);
      expect(await readiness(a.process.port)).toBe(503);
      expect((await a.client.ask('/healthz')).status).toBe(200);
      await postgres.start();
      const backAt = performance.now();
      await Promise.all([a, b].map((node) => eventually(recoverMs, () => canSignIn(node), Boolean)));
      const recoveredMs = Math.round(performance.now() - backAt);
      over = true;
      await load;
      await checkFacts({ world, ledger, node: a.client });
      expect(await findHalfStates(query)).toEqual({});
      expect(refused.length).toBeGreaterThan(0);
      expect(ledger.acknowledged['sign-in'] ?? 0).toBeGreaterThan(0);
      for (const node of [a, b]) expect(await readiness(node.process.port)).toBe(200);
      console.log(
        `${mode}: signed in again ${recoveredMs} ms after PostgreSQL was back;`,
        ledger.acknowledged,
      );
    }, 60_000);
  }

  it('R-03 leaks no connection', async () => {
    // Each node: the pool, and one connection that listens.
    expect(await connections()).toBeLessThanOrEqual(2 * (poolSize + 1));
    await Promise.all(Array.from({ length: 40 }, () => canSignIn(a)));
    expect(await connections()).toBeLessThanOrEqual(2 * (poolSize + 1));
  });

  it('R-03 hears again of changes on other nodes, and of those it missed', async () => {
    const sourceId = await addSource(a.client, { ...world, name: 'Watched' });
    const isOffered = async (): Promise<boolean> => {
      const answer = await new Visitor().get(b.client, `/auth/oauth2?id=${sourceId}`);
      return answer.status === 302;
    };
    const enable = (enabled: boolean) =>
      callEngine(a.client, world.apiKey, `/oauth_auths/${sourceId}`, { method: 'PATCH', json: { enabled } });
    expect(await isOffered()).toBe(true);
    await enable(false);
    await eventually(recoverMs, isOffered, (offered) => !offered);
    await enable(true);
    await eventually(recoverMs, isOffered, Boolean);
    // Cut while nobody looks; the change may fall into the gap.
    await query(`select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and query like 'listen %'`);
    await enable(false);
    await eventually(recoverMs, isOffered, (offered) => !offered);
  });
});
