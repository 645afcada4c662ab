import { startTcpRelay, type TcpRelay } from '@foyer/testkit/process/tcp-relay.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Answer, Visitor } from './node-client.ts';
import { beginSignIn, finishSignIn } from './steps.ts';
import { addSource, callEngine, createWorld, makeStore, type Node, startMs, type World } from './world.ts';

let world: World;
let relay: TcpRelay;
/** Reaches PostgreSQL straight. */
let near: Node;
/** Reaches it through the relay. */
let far: Node;

beforeAll(async () => {
  world = await createWorld(await makeStore('postgres'));
  const url = new URL(world.store.databaseUrl as string);
  const port = Number(url.port || 5432);
  const socketFolder = url.searchParams.get('host');
  relay = await startTcpRelay(
    socketFolder ? { path: `${socketFolder}/.s.PGSQL.${port}` } : { host: url.hostname, port },
  );
  const user = url.searchParams.get('user') ?? url.username;
  const password = url.password && `:${url.password}`;
  const throughRelay = `postgres://${user}${password}@127.0.0.1:${relay.port}${url.pathname}`;
  [near, far] = await Promise.all([world.startNode(), world.startNode({ DATABASE_URL: throughRelay })]);
}, startMs);
afterAll(async () => {
  await world?.close();
  await relay?.close();
});

describe('a PostgreSQL that vanishes without a word', () => {
  it('R-03 S-61 is noticed in 5 s: waiting requests get 503, new ones succeed, missed changes count', async () => {
    const sourceId = await addSource(near.client, { ...world, name: 'Watched' });
    const startOn = (node: Node): Promise<Answer> =>
      new Visitor().get(node.client, `/auth/oauth2?id=${sourceId}`, { accept: 'application/json' });
    expect((await startOn(far)).status).toBe(302);
    const flow = await beginSignIn(world, far.client, world.newPerson());
    relay.silence();
    const waiting = far.client.ask('/api/engine/v2/users/current', {
      headers: { 'x-api-key': world.apiKey },
    });
    await callEngine(near.client, world.apiKey, `/oauth_auths/${sourceId}`, {
      method: 'PATCH',
      json: { enabled: false },
    });
    // Its caches know nothing yet, and its connections hang.
    await eventually(
      5_000,
      () => startOn(far),
      ({ status }) => status === 404,
    );
    const answer = await waiting;
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBeDefined();
    await finishSignIn(far.client, flow);
  });
});
