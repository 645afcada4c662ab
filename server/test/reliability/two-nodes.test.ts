import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { UnexpectedAnswer, Visitor } from './node-client.ts';
import {
  authorize,
  beginSignIn,
  finishSignIn,
  isActive,
  redeem,
  refresh,
  revoke,
  signOut,
  type Tokens,
  whoAmI,
} from './steps.ts';
import {
  addSource,
  callEngine,
  createWorld,
  host,
  makeStore,
  type Node,
  startMs,
  type World,
} from './world.ts';

/** S-61: every API, on every node, knows within this time. */
const reachMs = 5_000;

let world: World;
let a: Node;
let b: Node;

beforeAll(async () => {
  world = await createWorld(await makeStore('postgres'));
  [a, b] = await Promise.all([world.startNode(), world.startNode()]);
}, startMs);
afterAll(async () => {
  await world?.close();
});

const signIn = async (node: Node, email = world.newPerson()): Promise<Visitor> => {
  const flow = await beginSignIn(world, node.client, email);
  await finishSignIn(node.client, flow);
  return flow.visitor;
};

const tokensFor = async (visitor: Visitor): Promise<Tokens> =>
  (await redeem(a.client, world.app, await authorize(a.client, visitor, world.app))) as Tokens;

const hasSession = async (node: Node, visitor: Visitor): Promise<boolean> => {
  const answer = await visitor.get(node.client, '/auth/authority', { accept: 'application/json' });
  return answer.json<{ session: boolean }>().session;
};

/** What refuses a sign-in at this source; '' when nothing does. */
const refusalOf = async (node: Node, sourceId: string): Promise<string> => {
  const headers = { accept: 'application/json' };
  const start = await new Visitor().get(node.client, `/auth/oauth2?id=${sourceId}`, headers);
  return start.status === 302 ? '' : start.json<{ error: string }>().error;
};

describe('two nodes on one PostgreSQL', () => {
  it('R-10 finishes on one node a sign-in that the other began', async () => {
    const email = world.newPerson();
    const flow = await beginSignIn(world, a.client, email);
    await finishSignIn(b.client, flow);
    for (const node of [a, b]) expect((await whoAmI(node.client, flow.visitor))?.email).toBe(email);
  });

  it('R-10 finishes what a killed node began', async () => {
    const killed = await world.startNode();
    const flow = await beginSignIn(world, killed.client, world.newPerson());
    const visitor = await signIn(killed);
    const code = await authorize(killed.client, visitor, world.app);
    await killed.process.kill();
    await finishSignIn(b.client, flow);
    expect(await whoAmI(b.client, flow.visitor)).toBeDefined();
    expect(await redeem(b.client, world.app, code)).not.toBe('refused');
  });

  it('S-02 lets a sign-in be finished once, on whichever node', async () => {
    const flow = await beginSignIn(world, a.client, world.newPerson());
    const tries = await Promise.allSettled(
      [a, b, a, b].map((node) =>
        finishSignIn(node.client, { visitor: flow.visitor.copy(), callback: flow.callback }),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('S-57 redeems on one node a code that the other issued, and only once', async () => {
    const visitor = await signIn(a);
    const first = await authorize(a.client, visitor, world.app);
    expect(await redeem(b.client, world.app, first)).not.toBe('refused');
    expect(await redeem(a.client, world.app, first)).toBe('refused');
    const second = await authorize(b.client, visitor, world.app);
    const answers = await Promise.all([a, b, a, b].map((node) => redeem(node.client, world.app, second)));
    expect(answers.filter((answer) => answer !== 'refused')).toHaveLength(1);
  });

  it('S-59 refreshes on one node what the other issued', async () => {
    const tokens = await tokensFor(await signIn(a));
    const next = await refresh(b.client, world.app, tokens.refresh);
    expect(next).not.toBe('refused');
    expect(await isActive(a.client, world.app, (next as Tokens).access)).toBe(true);
  });

  it('S-59 gives one successor when both nodes refresh the same token at once', async () => {
    const tokens = await tokensFor(await signIn(a));
    const answers = await Promise.all(
      [a, b, a, b, a, b].map((node) => refresh(node.client, world.app, tokens.refresh)),
    );
    const successors = new Set(answers.map((answer) => (answer === 'refused' ? answer : answer.refresh)));
    expect(successors.size).toBe(1);
    expect(successors).not.toContain('refused');
    const [successor] = successors;
    expect(await refresh(b.client, world.app, successor as string)).not.toBe('refused');
  });

  it('S-61 a sign-out on one node ends session and tokens on the other', async () => {
    const visitor = await signIn(a);
    const tokens = await tokensFor(visitor);
    expect(await hasSession(b, visitor)).toBe(true);
    expect(await isActive(b.client, world.app, tokens.access)).toBe(true);
    await signOut(a.client, visitor);
    await eventually(
      reachMs,
      () => hasSession(b, visitor),
      (session) => !session,
    );
    await eventually(
      reachMs,
      () => whoAmI(b.client, visitor),
      (me) => me === undefined,
    );
    await eventually(
      reachMs,
      () => isActive(b.client, world.app, tokens.access),
      (active) => !active,
    );
    const answer = await b.client.ask('/api/engine/v2/users/current', {
      headers: { authorization: `Bearer ${tokens.access}` },
    });
    expect(answer.status).toBe(401);
    expect(await refresh(b.client, world.app, tokens.refresh)).toBe('refused');
  });

  it('S-61 a revocation on one node reaches the API of the other', async () => {
    const tokens = await tokensFor(await signIn(a));
    const current = () =>
      b.client.ask('/api/engine/v2/users/current', { headers: { authorization: `Bearer ${tokens.access}` } });
    expect((await current()).status).toBe(200);
    await revoke(a.client, world.app, tokens.refresh);
    await eventually(reachMs, current, ({ status }) => status === 401);
  });

  it('S-61 a person disabled on one node is signed out on the other', async () => {
    const visitor = await signIn(b);
    const tokens = await tokensFor(visitor);
    const me = await whoAmI(b.client, visitor);
    const json = { disabled: true };
    await callEngine(a.client, world.apiKey, `/users/${me?.id}`, { method: 'PATCH', json });
    await eventually(
      reachMs,
      () => whoAmI(b.client, visitor),
      (now) => now === undefined,
    );
    await eventually(
      reachMs,
      () => isActive(b.client, world.app, tokens.access),
      (active) => !active,
    );
  });

  it('S-61 an application deleted on one node is unknown on the other', async () => {
    const answer = await callEngine(a.client, world.apiKey, '/oauth_apps', {
      json: {
        name: 'Short-lived',
        owner_id: world.domainId,
        redirect_uri: 'https://short-lived.example.test/callback',
        scopes: 'public',
        confidential: true,
        skip_authorization: true,
      },
    });
    const { id, uid, secret, redirect_uri } =
      answer.json<Record<'id' | 'uid' | 'secret' | 'redirect_uri', string>>();
    const app = { uid, secret, redirectUri: redirect_uri };
    const visitor = await signIn(b);
    const tokens = (await redeem(b.client, app, await authorize(b.client, visitor, app))) as Tokens;
    await callEngine(a.client, world.apiKey, `/oauth_apps/${id}`, { method: 'DELETE' });
    const statusOfRefresh = () =>
      refresh(b.client, app, tokens.refresh).then(
        () => 200,
        (error: unknown) => (error as UnexpectedAnswer).answer.status,
      );
    await eventually(reachMs, statusOfRefresh, (status) => status === 401);
  });

  it('S-61 a source disabled on one node is refused on the other, and so is a sign-in under way', async () => {
    const sourceId = await addSource(a.client, { ...world, name: 'To be disabled' });
    expect(await refusalOf(b, sourceId)).toBe('');
    const flow = await beginSignIn(world, b.client, world.newPerson(), sourceId);
    const path = `/oauth_auths/${sourceId}`;
    await callEngine(a.client, world.apiKey, path, { method: 'PATCH', json: { enabled: false } });
    await eventually(
      reachMs,
      () => refusalOf(b, sourceId),
      (refusal) => refusal === 'source_not_found',
    );
    await expect(finishSignIn(b.client, flow)).rejects.toBeInstanceOf(UnexpectedAnswer);
    await callEngine(a.client, world.apiKey, path, { method: 'PATCH', json: { enabled: true } });
    await eventually(
      reachMs,
      () => refusalOf(b, sourceId),
      (refusal) => refusal === '',
    );
  });

  it('S-61 a domain added on one node is known on the other', async () => {
    const known = () => b.client.ask('/auth/authority', { headers: { host: 'second.test' } });
    expect((await known()).status).toBe(404);
    const json = { name: 'Second', domain: 'second.test' };
    const { id } = (await callEngine(a.client, world.apiKey, '/domains', { json })).json<{ id: string }>();
    await eventually(reachMs, known, ({ status }) => status === 200);
    expect(host).not.toBe('second.test');
    await callEngine(a.client, world.apiKey, `/domains/${id}`, { method: 'DELETE' });
    await eventually(reachMs, known, ({ status }) => status === 404);
  });
});
