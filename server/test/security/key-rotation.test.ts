/**
 * S-97, S-98, R-12: keys are rotated by the command line while a real server answers people, applications and
 * administrators; no request fails, and nothing becomes unreadable.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type FoyerEnv, runFoyerCommand, startFoyerProcess } from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../reliability/eventually.ts';
import type { NodeClient, Visitor } from '../reliability/node-client.ts';
import {
  authorize,
  beginSignIn,
  finishSignIn,
  isActive,
  redeem,
  refresh,
  type Tokens,
  whoAmI,
} from '../reliability/steps.ts';
import {
  addSource,
  callEngine,
  createWorld,
  makeStore,
  type Node,
  type World,
} from '../reliability/world.ts';
import { withAdmin } from '../support/snapshot.ts';
import { checkLoad, startSteadyLoad } from './steady-load.ts';

const program = fileURLToPath(new URL('../../bin/foyer.js', import.meta.url));
const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

const signIn = async (world: World, node: NodeClient, sourceId?: string): Promise<Visitor> => {
  const flow = await beginSignIn(world, node, world.newPerson(), sourceId);
  await finishSignIn(node, flow);
  return flow.visitor;
};

const keysOf = async (node: NodeClient): Promise<JSONWebKeySet> => {
  const answer = await node.ask('/auth/oauth/discovery/keys');
  expect(answer.status).toBe(200);
  const maxAge = Number(/max-age=(\d+)/.exec(String(answer.headers['cache-control']))?.[1]);
  expect(maxAge).toBeLessThanOrEqual(3_600);
  return answer.json<JSONWebKeySet & Record<string, unknown>>();
};

const kidOf = (token: string): string => decodeProtectedHeader(token).kid as string;

const expectRefusedStart = async (env: FoyerEnv): Promise<void> => {
  const start = startFoyerProcess({ env, port: await freePort() });
  await expect(start).rejects.toThrow(/ended with 1:\n.*FOYER_KEYS/s);
};

describe('on the embedded store, through the running server', () => {
  let world: World;
  let node: Node;
  beforeAll(async () => {
    world = await createWorld(await makeStore('pglite'));
    node = await world.startNode();
  }, 90_000);
  afterAll(() => world?.close());

  const file = (): string => join(world.store.folder, 'keys');
  const lines = (): string[] => readFileSync(file(), 'utf8').trim().split('\n');

  it('S-97 S-98 R-12 rotates under load without one failed request; the old keys then open nothing', async () => {
    const [original] = lines();
    const before = await signIn(world, node.client);
    const tokens = (await redeem(
      node.client,
      world.app,
      await authorize(node.client, before, world.app),
    )) as Tokens;
    const load = await startSteadyLoad(world, [node]);
    await sleep(500);
    const first = await runFoyerCommand(world.env, ['keys', 'rotate']);
    expect(first).toMatchObject({ rewrapped: 2, signing_kid: expect.any(String) });
    const second = await runFoyerCommand(world.env, ['keys', 'rotate', '--encryption']);
    expect(second).toMatchObject({ rewrapped: 2 });
    await sleep(500);
    await load.stop();
    await checkLoad(world, load, node);
    // Published, and not yet used (S-98).
    const published = (await keysOf(node.client)).keys.map(({ kid }) => kid);
    expect(published).toEqual([first.signing_kid, kidOf(tokens.access)]);
    const fresh = await refresh(node.client, world.app, tokens.refresh);
    expect(kidOf((fresh as Tokens).access)).toBe(kidOf(tokens.access));
    expect(lines()).toHaveLength(3);
    expect(lines()[2]).toBe(original);

    await node.process.stop();
    const kept = lines();
    writeFileSync(file(), `${kept.slice(1).join('\n')}\n`);
    await expectRefusedStart(world.env);
    writeFileSync(file(), `${kept[0]}\n`);
    node = await world.startNode();
    await checkLoad(world, load, node);
    expect(await whoAmI(node.client, before)).toBeDefined();
    await signIn(world, node.client);
    expect(await isActive(node.client, world.app, (fresh as Tokens).access)).toBe(true);
  }, 90_000);

  it('S-97 a server killed in the middle of a rotation comes back with every secret, and the next one ends it', async () => {
    const known = readFileSync(file(), 'utf8');
    const rotation = runFoyerCommand(world.env, ['keys', 'rotate', '--encryption']).catch(() => undefined);
    // The moment at which the new key is in the file, and the data keys are about to be wrapped anew.
    while (readFileSync(file(), 'utf8') === known) await sleep(1);
    await node.process.kill();
    await rotation;
    node = await world.startNode();
    await signIn(world, node.client);
    expect(await runFoyerCommand(world.env, ['keys', 'rotate', '--encryption'])).toMatchObject({
      rewrapped: 2,
    });
    await node.process.stop();
    writeFileSync(file(), `${lines()[0]}\n`);
    node = await world.startNode();
    await signIn(world, node.client);
  }, 60_000);
});

describe('on PostgreSQL, with two nodes', () => {
  const [oldKey, newerKey] = [newKey('older'), newKey('newer')];
  let world: World;
  beforeAll(async () => {
    world = await createWorld(await makeStore('postgres'));
  }, 90_000);
  afterAll(() => world?.close());

  const query = (text: string): Promise<Record<string, unknown>[]> =>
    withAdmin(world.store.databaseUrl as string, async (client) => (await client.query(text)).rows);
  const wrappedUnder = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await query('select kek_id, count(*)::int as n from data_keys group by 1')).map(({ kek_id, n }) => [
        kek_id,
        n,
      ]),
    ) as Record<string, number>;
  const withKeys = (...keys: string[]): { FOYER_KEYS: string } => ({
    FOYER_KEYS: [...keys, world.env.FOYER_KEYS as string].join(','),
  });

  it('S-97 R-12 adds, rewraps and drops a key under load without one failed request', async () => {
    const { FOYER_KEYS: original = '' } = world.env;
    // Node by node: first everybody can read the new key, then everybody seals with it.
    const reads = await world.startNode({ FOYER_KEYS: `${original},${oldKey}` });
    const seals = await world.startNode({ FOYER_KEYS: `${oldKey},${original}` });
    const load = await startSteadyLoad(world, [reads, seals], 2);
    const json = { name: 'Made meanwhile', domain: 'meanwhile.test' };
    const { id } = (await callEngine(seals.client, world.apiKey, '/domains', { json })).json<{
      id: string;
    }>();
    const sourceId = await addSource(seals.client, {
      ...world,
      domainId: id,
      name: 'Sealed under the new key',
    });
    const onReads = await reads.client.ask(`/auth/oauth2?id=${sourceId}`, {
      headers: { host: 'meanwhile.test' },
    });
    expect(onReads.status).toBe(302);
    const rotated = await runFoyerCommand({ ...world.env, ...withKeys(oldKey) }, [
      'keys',
      'rotate',
      '--encryption',
    ]);
    expect(rotated).toMatchObject({ encryption_key: 'older', rewrapped: 2 });
    expect(await wrappedUnder()).toEqual({ older: 3 });
    await sleep(500);
    await load.stop();
    await checkLoad(world, load, reads);
    for (const { process } of [reads, seals]) await process.stop();
    const after = await world.startNode({ FOYER_KEYS: oldKey });
    await checkLoad(world, load, after);
    await signIn(world, after.client);
    await after.process.stop();
    await expectRefusedStart({ ...world.env, FOYER_KEYS: original });
  }, 90_000);

  it('S-97 a rotation killed half-way leaves everything readable, and the next run ends it', async () => {
    const env = { ...world.env, FOYER_KEYS: `${newerKey},${oldKey}` };
    const node = await world.startNode({ FOYER_KEYS: env.FOYER_KEYS });
    await withAdmin(world.store.databaseUrl as string, async (client) => {
      // One domain's key cannot be written for now, so the rotation waits there, its work half done.
      const [blocked] = await query(
        "select domain_id from data_keys where domain_id <> '' order by 1 desc limit 1",
      );
      await client.query('begin');
      await client.query('select * from data_keys where domain_id = $1 for update', [blocked?.domain_id]);
      const rotation = spawn(process.execPath, [program, 'keys', 'rotate', '--encryption'], {
        env: { PATH: process.env.PATH ?? '', ...env },
        stdio: 'ignore',
      });
      const waits = async (): Promise<boolean> =>
        (
          await query(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          )
        ).length > 0;
      await eventually(20_000, waits, Boolean);
      rotation.kill('SIGKILL');
      await client.query('rollback');
    });
    const half = await wrappedUnder();
    expect(half.older).toBeGreaterThan(0);
    await signIn(world, node.client);
    const restarted = await world.startNode({ FOYER_KEYS: env.FOYER_KEYS });
    await signIn(world, restarted.client);
    expect(await runFoyerCommand(env, ['keys', 'rotate', '--encryption'])).toMatchObject({
      rewrapped: half.older,
    });
    expect(await wrappedUnder()).toEqual({ newer: 3 });
    expect(await runFoyerCommand(env, ['keys', 'rotate', '--encryption'])).toMatchObject({ rewrapped: 0 });
    for (const { process } of [node, restarted]) await process.stop();
    const after = await world.startNode({ FOYER_KEYS: newerKey });
    await signIn(world, after.client);
    await after.process.stop();
  }, 90_000);

  it('S-98 R-12 a new signing key is published before it signs, and the old one verifies to the end, under load', async () => {
    const env = { ...world.env, ...withKeys(newerKey, oldKey) };
    const [a, b] = [await world.startNode(env), await world.startNode(env)];
    const load = await startSteadyLoad(world, [a, b], 2);
    const visitor = await signIn(world, a.client);
    let tokens = (await redeem(a.client, world.app, await authorize(a.client, visitor, world.app))) as Tokens;
    const early = tokens;
    const next = async (): Promise<string> => {
      tokens = (await refresh(a.client, world.app, tokens.refresh)) as Tokens;
      return tokens.access;
    };
    const rotated = await runFoyerCommand(env, ['keys', 'rotate', '--signing']);
    const newKid = String(rotated.signing_kid);
    expect(Date.parse(String(rotated.signs_from)) - Date.now()).toBeGreaterThan(3_500_000);
    // What a service may have cached from now on; it is not fetched again.
    let published = await keysOf(b.client);
    await eventually(
      5_000,
      async () => {
        published = await keysOf(b.client);
        return published.keys;
      },
      (keys) => keys.some(({ kid }) => kid === newKid),
    );
    const kept = createLocalJWKSet(published);
    const verified = async (token: string): Promise<string> => {
      await jwtVerify(token, kept, { algorithms: ['RS256'] });
      return kidOf(token);
    };
    expect(await verified(await next())).not.toBe(newKid);
    // Its time has come.
    await query(`update signing_keys set active_from = now() - interval '1 second' where kid = '${newKid}'`);
    await query(`notify foyer_changes, '{"kind":"keys","domainId":""}'`);
    await eventually(
      5_000,
      async () => verified(await next()),
      (kid) => kid === newKid,
    );
    for (const node of [a, b]) {
      expect(await isActive(node.client, world.app, tokens.access)).toBe(true);
      expect(await isActive(node.client, world.app, early.access)).toBe(true);
      const headers = { authorization: `Bearer ${early.access}` };
      expect((await node.client.ask('/api/engine/v2/users/current', { headers })).status).toBe(200);
    }
    expect(await verified(early.access)).not.toBe(newKid);
    await load.stop();
    await checkLoad(world, load, b);
    for (const { process } of [a, b]) await process.stop();
  }, 90_000);
});
