import { setTimeout as sleep } from 'node:timers/promises';
import { readiness } from '@foyer/testkit/process/foyer-process.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { Unanswered, type Visitor } from './node-client.ts';
import { authorize, beginSignIn, finishSignIn, redeem, refresh, type Tokens, whoAmI } from './steps.ts';
import { createWorld, makeStore, type Node, startMs, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld(await makeStore('postgres'));
}, startMs);
afterAll(async () => {
  await world?.close();
});

/**
 * A load balancer as people run them: it asks each node for `/readyz` ten times a second, sends a request to the next
 * node that is ready, over connections that stay open, and tries nothing twice.
 */
class Balancer {
  readonly nodes: Node[];
  #ready = new Set<Node>();
  #turn = 0;
  #timer: NodeJS.Timeout;

  constructor(nodes: Node[]) {
    this.nodes = nodes;
    this.#ready = new Set(nodes);
    this.#timer = setInterval(() => void this.#look(), 100);
  }

  next(): Node {
    const ready = this.nodes.filter((node) => this.#ready.has(node));
    const node = ready[this.#turn++ % ready.length];
    if (!node) throw new Error('no node is ready');
    return node;
  }

  async #look(): Promise<void> {
    for (const node of this.nodes) {
      if ((await readiness(node.process.port)) === 200) this.#ready.add(node);
      else this.#ready.delete(node);
    }
  }

  async untilReady(node: Node): Promise<void> {
    while (!this.#ready.has(node)) await sleep(20);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** About `perSecond` requests in a second, each on the node that the balancer names, until it is over. */
const steadyRequests = async (
  balancer: Balancer,
  perSecond: number,
  isOver: () => boolean,
): Promise<{ answered: number; failed: unknown[] }> => {
  const failed: unknown[] = [];
  let answered = 0;
  const under = new Set<Promise<void>>();
  const people: { visitor: Visitor; tokens: Tokens }[] = [];
  const signIn = async (): Promise<void> => {
    const flow = await beginSignIn(world, balancer.next().client, world.newPerson());
    await finishSignIn(balancer.next().client, flow);
    const code = await authorize(balancer.next().client, flow.visitor, world.app);
    const tokens = await redeem(balancer.next().client, world.app, code);
    if (tokens === 'refused') throw new Error('a fresh code was refused');
    people.push({ visitor: flow.visitor, tokens });
  };
  const comeBack = async (): Promise<void> => {
    const person = people[Math.floor(Math.random() * people.length)];
    if (!person) return signIn();
    if (!(await whoAmI(balancer.next().client, person.visitor))) throw new Error('the session is gone');
    const tokens = await refresh(balancer.next().client, world.app, person.tokens.refresh);
    if (tokens === 'refused') throw new Error('the refresh token given last was refused');
    person.tokens = tokens;
  };
  // A story is four or two requests.
  while (!isOver()) {
    const story = (Math.random() < 0.2 ? signIn() : comeBack()).then(
      () => void answered++,
      (error: unknown) => void failed.push(error),
    );
    under.add(story);
    void story.finally(() => under.delete(story));
    await sleep((1_000 / perSecond) * 2.5);
  }
  await Promise.all(under);
  return { answered, failed };
};

describe('a graceful stop', () => {
  it('R-08 two nodes are restarted in turn under 50 requests a second, and not one fails', async () => {
    const balancer = new Balancer([await world.startNode(), await world.startNode()]);
    let over = false;
    const requests = steadyRequests(balancer, 50, () => over);
    await sleep(1_000);
    for (const place of [0, 1]) {
      const { process } = balancer.nodes[place] as Node;
      expect(await process.stop()).toEqual({ code: 0, signal: null });
      const fresh = await world.startNode();
      balancer.nodes[place] = fresh;
      await balancer.untilReady(fresh);
    }
    await sleep(500);
    over = true;
    const { answered, failed } = await requests;
    balancer.close();
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    for (const { process } of balancer.nodes) await process.stop();
  }, 120_000);

  it('R-08 says 503 at /readyz at once, serves on until others have taken over, finishes what is in flight', async () => {
    const node = await world.startNode();
    const flow = await beginSignIn(world, node.client, world.newPerson());
    world.entra.fault('slow', { endpoint: 'me', times: 1, ms: 3_500 });
    const finished = finishSignIn(node.client, flow);
    await sleep(300);
    const ended = node.process.stop();
    const { port } = node.process;
    await eventually(
      1_000,
      () => readiness(port),
      (status) => status === 503,
    );
    const late = await node.client.ask('/auth/authority');
    expect({ status: late.status, connection: late.headers.connection }).toEqual({
      status: 200,
      connection: 'close',
    });
    await finished;
    expect(await ended).toEqual({ code: 0, signal: null });
    const other = await world.startNode();
    expect(await whoAmI(other.client, flow.visitor)).toBeDefined();
    await other.process.stop();
  });

  it('R-08 a second signal ends the process at once, with an error', async () => {
    const node = await world.startNode();
    const flow = await beginSignIn(world, node.client, world.newPerson());
    world.entra.fault('slow', { endpoint: 'me', times: 1, ms: 4_000 });
    const cut = expect(finishSignIn(node.client, flow)).rejects.toBeInstanceOf(Unanswered);
    await sleep(300);
    node.process.signal('SIGTERM');
    await sleep(100);
    node.process.signal('SIGTERM');
    expect(await node.process.exit).toEqual({ code: 1, signal: null });
    await cut;
  });

  it('R-08 a stop that takes too long ends with an error', async () => {
    const node = await world.startNode({ STOP_DELAY: '0', STOP_TIMEOUT: '1' });
    const flow = await beginSignIn(world, node.client, world.newPerson());
    world.entra.fault('slow', { endpoint: 'me', times: 1, ms: 4_000 });
    const cut = expect(finishSignIn(node.client, flow)).rejects.toBeInstanceOf(Unanswered);
    await sleep(300);
    expect(await node.process.stop()).toEqual({ code: 1, signal: null });
    await cut;
  });
});
