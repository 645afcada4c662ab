import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFoyerCommand, startFoyerProcess } from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authorize,
  beginSignIn,
  type Flow,
  finishSignIn,
  isActive,
  redeem,
  refresh,
  signOut,
  type Tokens,
  whoAmI,
} from './steps.ts';
import { callEngine, createWorld, makeStore, type Node, startMs, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld(await makeStore('pglite'));
}, startMs);
afterAll(async () => {
  await world?.close();
});

const signIn = async (node: Node): Promise<Flow['visitor']> => {
  const flow = await beginSignIn(world, node.client, world.newPerson());
  await finishSignIn(node.client, flow);
  return flow.visitor;
};

describe('the embedded store', () => {
  it('R-02 refuses a second process on one folder, in words that help, and the first goes on', async () => {
    const node = await world.startNode();
    const second = startFoyerProcess({ env: world.env, port: await freePort() });
    await expect(second).rejects.toThrow(
      new RegExp(
        `ended with 1:\\n.*${world.store.folder}.* in use by process ${node.process.pid} .*PostgreSQL`,
        's',
      ),
    );
    expect(await whoAmI(node.client, await signIn(node))).toBeDefined();
    await node.process.stop();
  });

  it('R-02 of two processes that start at once on one folder, one serves', async () => {
    const starts = await Promise.allSettled([world.startNode(), world.startNode()]);
    const served = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    expect(served).toHaveLength(1);
    await served[0]?.process.stop();
  });

  it('R-02 commands of the operator reach the running server', async () => {
    const node = await world.startNode();
    const words = ['domain', 'add', '--host', 'by-command.test'];
    expect(await runFoyerCommand(world.env, words)).toMatchObject({ host: 'by-command.test' });
    const answer = await node.client.ask('/auth/authority', { headers: { host: 'by-command.test' } });
    expect(answer.status).toBe(200);
    await node.process.stop();
  });

  it('R-02 what a killed process left behind does not block the next start', async () => {
    const killed = await world.startNode();
    await killed.process.kill();
    const lock = join(world.store.folder, 'foyer.lock');
    expect(existsSync(lock)).toBe(true);
    // A PostgreSQL that thinks another one runs would refuse; this process certainly runs.
    writeFileSync(join(world.store.folder, 'store', 'postmaster.pid'), `${process.pid}\n`);
    const node = await world.startNode();
    await node.process.stop();
    expect(existsSync(lock)).toBe(false);
  });

  it('R-01 a graceful stop and a new start keep everything', async () => {
    const before = await world.startNode();
    const visitor = await signIn(before);
    const leaver = await signIn(before);
    await signOut(before.client, leaver);
    const begun = await beginSignIn(world, before.client, world.newPerson());
    const unused = await authorize(before.client, visitor, world.app);
    const used = await authorize(before.client, visitor, world.app);
    const tokens = (await redeem(before.client, world.app, used)) as Tokens;
    const json = { name: 'Renamed before the stop' };
    const path = `/oauth_auths/${world.sourceId}`;
    await callEngine(before.client, world.apiKey, path, { method: 'PATCH', json });
    const me = await whoAmI(before.client, visitor);
    expect(await before.process.stop()).toEqual({ code: 0, signal: null });

    const after = await world.startNode();
    expect(await whoAmI(after.client, visitor)).toEqual(me);
    expect(await whoAmI(after.client, leaver)).toBeUndefined();
    await finishSignIn(after.client, begun);
    expect(await redeem(after.client, world.app, unused)).not.toBe('refused');
    expect(await isActive(after.client, world.app, tokens.access)).toBe(true);
    expect(await refresh(after.client, world.app, tokens.refresh)).not.toBe('refused');
    expect(await redeem(after.client, world.app, used)).toBe('refused');
    const source = await callEngine(after.client, world.apiKey, path);
    expect(source.json().name).toBe(json.name);
    await after.process.stop();
  });

  it('R-01 a process killed during its very first start leaves a folder that starts', async () => {
    // At moments spread over the whole first start: keys, folder, schema, first keys in it.
    for (const afterMs of [200, 700, 1_500, 2_600]) {
      const store = await makeStore('pglite');
      const folder = join(store.folder, 'deeper', 'data');
      const env = { ...world.env, FOYER_DATA: folder };
      const first = startFoyerProcess({ env, port: await freePort(), readyWithinMs: afterMs });
      // Killed when it is not ready by then; ready, on a fast machine.
      await first.then(
        (process) => process.kill(),
        () => {},
      );
      const next = await startFoyerProcess({ env, port: await freePort() });
      expect(statSync(join(folder, 'keys')).size).toBeGreaterThan(0);
      expect(await next.stop()).toEqual({ code: 0, signal: null });
      await store.remove();
    }
  }, 180_000);
});
