/**
 * @module The mixed load: people who sign in for the first time and again, the application's code, refresh and
 * revocation, sign-outs, administrators' edits; several at once, until the server is gone.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditFact, GrantFact, Ledger, SessionFact } from './ledger.ts';
import { type NodeClient, Unanswered } from './node-client.ts';
import { authorize, beginSignIn, finishSignIn, redeem, refresh, revoke, signOut, whoAmI } from './steps.ts';
import { callEngine, type World } from './world.ts';

export interface Load {
  world: World;
  ledger: Ledger;
  node: NodeClient;
  /** True when no new step shall begin. */
  isOver(): boolean;
  /** Errors after which a worker waits a moment and goes on: nobody knows whether the step happened. */
  isExcused?(error: unknown): boolean;
}

type Story = (load: Load) => Promise<void>;

const signIn = async ({ world, ledger, node }: Load, email: string): Promise<SessionFact> => {
  const flow = await beginSignIn(world, node, email);
  const fact = ledger.touch({ kind: 'flow' as const, email, flow, state: 'begun' as 'begun' | 'finishing' });
  fact.state = 'finishing';
  await finishSignIn(node, flow);
  ledger.touched.delete(fact);
  ledger.count('sign-in');
  if (!ledger.people.includes(email)) ledger.people.push(email);
  return ledger.touch({ kind: 'session', email, visitor: flow.visitor, state: 'live' });
};

const comesForTheFirstTime: Story = async (load) => {
  const { world, ledger, node } = load;
  const session = await signIn(load, world.newPerson());
  const me = await whoAmI(node, session.visitor);
  if (!me) throw new Error('nobody is signed in right after a sign-in');
  ledger.userIds.set(session.email, me.id);
  await usesApp(load, session);
  ledger.rest(session);
};

const comesAgain: Story = async (load) => {
  const { people } = load.ledger;
  const email = people[Math.floor(Math.random() * people.length)];
  if (email) load.ledger.rest(await signIn(load, email));
};

const usesApp = async ({ world, ledger, node, isOver }: Load, session: SessionFact): Promise<void> => {
  const code = await authorize(node, session.visitor, world.app);
  ledger.count('code');
  const grant: GrantFact = ledger.touch({
    kind: 'grant',
    session,
    code,
    state: 'issued',
    tokens: undefined,
    refreshedAt: 0,
  });
  if (isOver()) return;
  grant.state = 'redeeming';
  const tokens = await redeem(node, world.app, code);
  if (tokens === 'refused') throw new Error('a fresh code was refused');
  Object.assign(grant, { state: 'redeemed', tokens });
  ledger.count('code to token');
  ledger.rest(grant);
};

const usesAppAgain: Story = async (load) => {
  const session = load.ledger.take('session');
  if (!session) return;
  if (session.state === 'live') await usesApp(load, session);
  load.ledger.rest(session);
};

const refreshes: Story = async ({ world, ledger, node, isOver }) => {
  const grant = ledger.take('grant');
  if (!grant) return;
  for (let times = 0; times < 3 && grant.state === 'redeemed' && grant.tokens && !isOver(); times++) {
    // Its session may be signed out at any moment by somebody else: then a refusal is right.
    if (grant.session.state !== 'live') break;
    Object.assign(grant, { state: 'refreshing', refreshedAt: performance.now() });
    const tokens = await refresh(node, world.app, grant.tokens.refresh);
    if (tokens === 'refused') {
      if (grant.session.state === 'live') throw new Error('the refresh token given last was refused');
      break;
    }
    Object.assign(grant, { state: 'redeemed', tokens });
    ledger.count('refresh');
  }
  ledger.rest(grant);
};

const revokes: Story = async ({ world, ledger, node }) => {
  const grant = ledger.take('grant');
  if (grant?.state !== 'redeemed' || !grant.tokens) return;
  grant.state = 'revoking';
  await revoke(node, world.app, Math.random() < 0.5 ? grant.tokens.refresh : grant.tokens.access);
  grant.state = 'revoked';
  ledger.count('revocation');
};

const leaves: Story = async ({ ledger, node }) => {
  const session = ledger.take('session');
  if (session?.state !== 'live') return;
  session.state = 'ending';
  await signOut(node, session.visitor);
  session.state = 'ended';
  ledger.count('sign-out');
  ledger.rest(session);
};

const edits: Story = async ({ world, ledger, node }) => {
  const edit: EditFact | undefined = ledger.take('edit');
  if (!edit) return;
  edit.pending = `Renamed ${randomUUID()}`;
  const json = { name: edit.pending };
  await callEngine(node, world.apiKey, `/oauth_auths/${edit.sourceId}`, { method: 'PATCH', json });
  Object.assign(edit, { name: edit.pending, pending: undefined });
  ledger.count('source edit');
  ledger.rest(edit);
};

const addsUser: Story = async ({ world, ledger, node }) => {
  const email = `made-${randomUUID()}@example.test`;
  const json = { email, name: 'Made by an administrator', authority_id: world.domainId };
  const { id } = (await callEngine(node, world.apiKey, '/users', { json })).json<{ id: string }>();
  ledger.count('user');
  ledger.rest(ledger.touch({ kind: 'user', id, email }));
};

const stories: Story[] = [
  ...[comesForTheFirstTime, comesForTheFirstTime, comesAgain, comesAgain, usesAppAgain],
  ...[refreshes, refreshes, refreshes, revokes, leaves, edits, edits, addsUser],
];

/** Runs until it is over, or the server is gone. @throws what nothing excuses. */
export const runLoad = async (load: Load, workers: number): Promise<void> => {
  const work = async (): Promise<void> => {
    while (!load.isOver()) {
      const story = stories[Math.floor(Math.random() * stories.length)] as Story;
      try {
        await story(load);
      } catch (error) {
        load.ledger.count('unknown');
        if (load.isExcused?.(error)) {
          await sleep(50);
          continue;
        }
        if (error instanceof Unanswered && !load.isExcused) return;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
};
