/** a backup taken while people sign in restores to a server on which everything that was said holds. */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startFoyerProcess } from '@foyer/testkit/process/foyer-process.ts';
import { freePort } from '@foyer/testkit/process/free-port.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findHalfStates } from '../reliability/half-states.ts';
import type { Visitor } from '../reliability/node-client.ts';
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
import { callEngine, createWorld, makeStore, type Store, type World } from '../reliability/world.ts';
import { withAdmin } from '../support/snapshot.ts';
import { startSteadyLoad } from './steady-load.ts';

let world: World;
let restored: Store;
let visitor: Visitor;
let me: { id: string; email: string };
let tokens: Tokens;
let auditBefore: number;
let auditAfter: number;

const rowsOf = async (store: Store, text: string): Promise<Record<string, unknown>[]> =>
  withAdmin(store.databaseUrl as string, async (client) => (await client.query(text)).rows);
const countAudit = async (store: Store): Promise<number> =>
  Number((await rowsOf(store, 'select count(*)::int as n from audit'))[0]?.n);

const usersKey = async (node: Parameters<typeof callEngine>[0]): Promise<string> => {
  const json = { name: 'users', user_id: me.id, scopes: ['users', 'public'] };
  return (await callEngine(node, world.apiKey, '/api_keys', { json })).json<{ x_api_key: string }>()
    .x_api_key;
};
let ownKey: string;

beforeAll(async () => {
  world = await createWorld(await makeStore('postgres'));
  restored = await makeStore('postgres');
  const node = await world.startNode();
  const flow = await beginSignIn(world, node.client, world.newPerson());
  await finishSignIn(node.client, flow);
  visitor = flow.visitor;
  me = (await whoAmI(node.client, visitor)) as typeof me;
  tokens = (await redeem(node.client, world.app, await authorize(node.client, visitor, world.app))) as Tokens;
  ownKey = await usersKey(node.client);
  const load = await startSteadyLoad(world, [node], 4);
  await sleep(1_000);
  auditBefore = await countAudit(world.store);
  const dump = join(restored.folder, 'backup');
  await promisify(execFile)('pg_dump', [
    '--format=custom',
    `--file=${dump}`,
    world.store.databaseUrl as string,
  ]);
  auditAfter = await countAudit(world.store);
  await sleep(300);
  await load.stop();
  expect(await countAudit(world.store)).toBeGreaterThan(auditBefore);
  await node.process.stop();
  execFileSync('pg_restore', ['--no-owner', `--dbname=${restored.databaseUrl}`, dump]);
}, 120_000);
afterAll(async () => {
  await restored?.remove();
  await world?.close();
});

describe('a backup that was taken under load', () => {
  it('R-13 restores without a half state, and with every audit row that was there', async () => {
    expect(await findHalfStates((text) => rowsOf(restored, text))).toEqual({});
    const rows = await countAudit(restored);
    expect(rows).toBeGreaterThanOrEqual(auditBefore);
    expect(rows).toBeLessThanOrEqual(auditAfter);
    // Each row of the backup is one of the original, as it is.
    const digest = `select md5(string_agg(a::text, '' order by id)) as sum from audit a`;
    const last = (await rowsOf(restored, 'select max(at)::text as at from audit'))[0]?.at;
    expect(last).toBeTruthy();
    const ids = (await rowsOf(restored, 'select id from audit')).map(({ id }) => `'${id}'`).join(',');
    const [original] = await rowsOf(world.store, `${digest} where id in (${ids})`);
    expect((await rowsOf(restored, digest))[0]).toEqual(original);
  });

  it('R-13 with its keys, a server on it has the sessions, the tokens and every secret', async () => {
    const node = await world.startNode({ DATABASE_URL: restored.databaseUrl as string });
    expect(await whoAmI(node.client, visitor)).toEqual(me);
    expect(await isActive(node.client, world.app, tokens.access)).toBe(true);
    expect(await refresh(node.client, world.app, tokens.refresh)).not.toBe('refused');
    // The provider's tokens, and with the next sign-in the source's secret.
    const path = '/api/engine/v2/users/resource_token';
    const answer = await node.client.ask(path, { method: 'POST', headers: { 'x-api-key': ownKey } });
    expect({ status: answer.status, body: answer.json() }).toEqual({
      status: 200,
      body: { token: expect.stringMatching(/\w{20}/), expires: expect.any(Number) },
    });
    const flow = await beginSignIn(world, node.client, world.newPerson());
    await finishSignIn(node.client, flow);
    await node.process.stop();
  }, 60_000);

  it('R-13 without its keys nothing starts on it', async () => {
    const env = { ...world.env, DATABASE_URL: restored.databaseUrl as string };
    for (const keys of [
      '',
      `tests:${randomBytes(32).toString('base64')}`,
      `other:${randomBytes(32).toString('base64')}`,
    ]) {
      const start = startFoyerProcess({ env: { ...env, FOYER_KEYS: keys }, port: await freePort() });
      await expect(start).rejects.toThrow(/ended with 1:\n.*FOYER_KEYS/s);
    }
  }, 60_000);
});
