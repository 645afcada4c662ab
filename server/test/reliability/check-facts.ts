/**
 * @module After a crash: is everything there that was acknowledged, and can what was under way be repeated safely
 * ? Facts whose outcome was unknown are settled by repeating the request, as a client would.
 */
import { expect } from 'vitest';
import type { EditFact, Fact, FlowFact, GrantFact, Ledger, SessionFact, UserFact } from './ledger.ts';
import { type NodeClient, UnexpectedAnswer, type Visitor } from './node-client.ts';
import { finishSignIn, isActive, redeem, refresh, revoke, signOut, type Tokens, whoAmI } from './steps.ts';
import { callEngine, type World } from './world.ts';

/** S-59 gives ten seconds; a machine may be too slow to come back in them. */
const graceMs = 9_500;

export interface Check {
  world: World;
  ledger: Ledger;
  node: NodeClient;
}

/** Checks what the last load touched, and some older facts. */
export const checkFacts = async (check: Check): Promise<void> => {
  const { ledger } = check;
  const facts = [...new Set([...ledger.touched, ...ledger.sample(4)])];
  ledger.touched.clear();
  // Sessions first: what a grant may still do hangs on its session.
  const inOrder = ['flow', 'session', 'grant', 'edit', 'user'].map((kind) =>
    facts.filter((fact) => fact.kind === kind),
  );
  for (const group of inOrder) await Promise.all(group.map((fact) => checkFact(check, fact)));
};

const checkFact = async (check: Check, fact: Fact): Promise<void> => {
  if (fact.kind === 'flow') return checkFlow(check, fact);
  if (fact.kind === 'session') return checkSession(check, fact);
  if (fact.kind === 'grant') return checkGrant(check, fact);
  if (fact.kind === 'edit') return checkEdit(check, fact);
  return checkUser(check, fact);
};

/** A begun flow can be finished. One that was being finished, too, unless it was used up: then the person begins anew. */
const checkFlow = async ({ ledger, node }: Check, { state, flow, email }: FlowFact): Promise<void> => {
  try {
    await finishSignIn(node, flow);
    await expectPerson(node, ledger, flow.visitor, email);
  } catch (error) {
    // An answer that failed after the claim took the flow's cookie along.
    const isUsed = error instanceof UnexpectedAnswer && /flow_used|state_mismatch/.test(error.answer.text);
    if (state !== 'finishing' || !isUsed) throw error;
  }
};

const expectPerson = async (
  node: NodeClient,
  ledger: Ledger,
  visitor: Visitor,
  email: string,
): Promise<void> => {
  const me = await whoAmI(node, visitor);
  expect(me?.email, 'the session of an acknowledged sign-in').toBe(email);
  const known = ledger.userIds.get(email) ?? me?.id;
  expect(me?.id, `the one account of ${email}`).toBe(known);
  ledger.userIds.set(email, known as string);
};

const checkSession = async ({ ledger, node }: Check, session: SessionFact): Promise<void> => {
  if (session.state === 'live') return expectPerson(node, ledger, session.visitor, session.email);
  if (session.state === 'ending') {
    await signOut(node, session.visitor);
    session.state = 'ended';
  }
  expect(await whoAmI(node, session.visitor), 'a session that was signed out').toBeUndefined();
};

const checkGrant = async ({ world, node }: Check, grant: GrantFact): Promise<void> => {
  const { app } = world;
  const { state } = grant;
  if (grant.session.state === 'ended' || state === 'revoked') {
    await expectDead({ world, node }, grant);
    return;
  }
  if (state === 'revoking') {
    await revoke(node, app, (grant.tokens as Tokens).refresh);
    grant.state = 'revoked';
    await expectDead({ world, node }, grant);
    return;
  }
  if (state === 'issued' || state === 'redeeming') {
    const tokens = await redeem(node, app, grant.code);
    if (tokens === 'refused') {
      expect(state, 'a code that nobody used is refused').toBe('redeeming');
      // It was used, and the answer was lost. Asking again looks like theft, so the family is revoked (S-58).
      grant.state = 'revoked';
      return;
    }
    Object.assign(grant, { state: 'redeemed', tokens });
    return;
  }
  // Within the grace, a refresh whose answer was lost gives the same successor again (S-59).
  const { refresh: last, access } = grant.tokens as Tokens;
  const tokens = await refresh(node, app, last);
  if (tokens === 'refused' && state === 'refreshing' && performance.now() - grant.refreshedAt > graceMs) {
    grant.state = 'revoked';
    return;
  }
  expect(tokens, 'the refresh token given last is refused').not.toBe('refused');
  Object.assign(grant, { state: 'redeemed', tokens });
  expect(await isActive(node, app, access), 'the access token given last').toBe(true);
  if (Math.random() < 0.3) await expectCodeUsed({ world, node }, grant);
};

/** A used code cannot be used again, and trying ends the family (S-58). */
const expectCodeUsed = async (
  { world, node }: Pick<Check, 'world' | 'node'>,
  grant: GrantFact,
): Promise<void> => {
  expect(await redeem(node, world.app, grant.code), 'a used code').toBe('refused');
  grant.state = 'revoked';
  await expectDead({ world, node }, grant);
};

const expectDead = async (
  { world, node }: Pick<Check, 'world' | 'node'>,
  grant: GrantFact,
): Promise<void> => {
  if (grant.tokens) {
    expect(await refresh(node, world.app, grant.tokens.refresh), 'a refresh token of a dead family').toBe(
      'refused',
    );
    expect(await isActive(node, world.app, grant.tokens.access), 'an access token of a dead family').toBe(
      false,
    );
  } else {
    expect(await redeem(node, world.app, grant.code), 'a code of a dead family').toBe('refused');
  }
};

const checkEdit = async ({ world, ledger, node }: Check, edit: EditFact): Promise<void> => {
  const answer = await callEngine(node, world.apiKey, `/oauth_auths/${edit.sourceId}`);
  const { name } = answer.json<{ name: string }>();
  expect([edit.name, edit.pending], 'the name of the source').toContain(name);
  const wasUnderWay = edit.pending !== undefined;
  Object.assign(edit, { name, pending: undefined });
  if (wasUnderWay) ledger.rest(edit);
};

const checkUser = async ({ world, node }: Check, { id, email }: UserFact): Promise<void> => {
  const answer = await callEngine(node, world.apiKey, `/users/${id}`);
  expect(answer.json<{ email: string }>().email).toBe(email);
};
