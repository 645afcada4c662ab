/**
 * @module What people, applications and administrators do, one request (or one redirect chain) each. A step answers
 * what was acknowledged, throws `Unanswered` when nobody knows, and `UnexpectedAnswer` for everything else.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Answer, type NodeClient, UnexpectedAnswer, Visitor } from './node-client.ts';
import { type App, origin, type World } from './world.ts';

/** A sign-in under way: its state is in the visitor's cookies, and the provider has answered. */
export interface Flow {
  visitor: Visitor;
  /** Path of the callback that the provider redirects to. */
  callback: string;
}

export interface Tokens {
  access: string;
  refresh: string;
}

const expectStatus = (what: string, answer: Answer, status: number): Answer => {
  if (answer.status !== status) throw new UnexpectedAnswer(what, answer);
  return answer;
};

/** From the login address to the provider, where the person is known at once, and back to the callback's address. */
export const beginSignIn = async (
  world: Pick<World, 'sourceId'>,
  node: NodeClient,
  email: string,
  sourceId = world.sourceId,
): Promise<Flow> => {
  const visitor = new Visitor();
  const login = `/auth/login?provider=oauth2&id=${sourceId}&continue=/app`;
  const entered = expectStatus('login', await visitor.get(node, login), 303);
  const start = new URL(entered.location, origin);
  const begun = expectStatus('start', await visitor.get(node, start.pathname + start.search), 302);
  return { visitor, callback: await signInAtProvider(begun.location, email) };
};

const signInAtProvider = async (authorizeUrl: string, email: string): Promise<string> => {
  const url = new URL(authorizeUrl);
  url.searchParams.set('login_hint', email);
  const answer = await fetch(url, { redirect: 'manual' });
  const back = answer.headers.get('location');
  if (!back) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
  const { pathname, search } = new URL(back);
  return pathname + search;
};

/** The callback; the visitor is signed in afterwards. */
export const finishSignIn = async (node: NodeClient, { visitor, callback }: Flow): Promise<void> => {
  const answer = expectStatus('callback', await visitor.get(node, callback), 302);
  if (new URL(answer.location, origin).pathname !== '/app') throw new UnexpectedAnswer('callback', answer);
};

export interface WhoAmI {
  id: string;
  email: string;
}

/** Who the visitor is; `undefined` when nobody. */
export const whoAmI = async (node: NodeClient, visitor: Visitor): Promise<WhoAmI | undefined> => {
  const answer = await visitor.get(node, '/auth/whoami', { accept: 'application/json' });
  if (answer.status === 401) return undefined;
  return expectStatus('whoami', answer, 200).json<{ id: string; email: string }>();
};

export const signOut = async (node: NodeClient, visitor: Visitor): Promise<void> => {
  // The cookie is kept: whoever stole it must be signed out, too.
  expectStatus('logout', await visitor.copy().get(node, '/auth/logout?continue=/'), 302);
};

export interface Code {
  code: string;
  verifier: string;
}

export const authorize = async (node: NodeClient, visitor: Visitor, app: App): Promise<Code> => {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(8).toString('hex');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.uid,
    redirect_uri: app.redirectUri,
    scope: 'public',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const answer = expectStatus('authorize', await visitor.get(node, `/auth/oauth/authorize?${query}`), 302);
  const back = new URL(answer.location, origin);
  const code = back.searchParams.get('code');
  if (!code || back.searchParams.get('state') !== state || !answer.location.startsWith(app.redirectUri)) {
    throw new UnexpectedAnswer(`authorize led to ${answer.location}`, answer);
  }
  return { code, verifier };
};

const askForTokens = async (
  node: NodeClient,
  app: App,
  form: Record<string, string>,
): Promise<Tokens | 'refused'> => {
  const answer = await node.ask('/auth/oauth/token', {
    form: { ...form, client_id: app.uid, client_secret: app.secret },
  });
  if (answer.status === 400 && answer.json<{ error: string }>().error === 'invalid_grant') return 'refused';
  expectStatus(`token by ${form.grant_type}`, answer, 200);
  const { access_token, refresh_token } = answer.json<{ access_token: string; refresh_token: string }>();
  return { access: access_token, refresh: refresh_token };
};

/** `refused` is `invalid_grant`. */
export const redeem = (node: NodeClient, app: App, { code, verifier }: Code): Promise<Tokens | 'refused'> =>
  askForTokens(node, app, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: app.redirectUri,
    code_verifier: verifier,
  });

/** `refused` is `invalid_grant`. */
export const refresh = (node: NodeClient, app: App, refreshToken: string): Promise<Tokens | 'refused'> =>
  askForTokens(node, app, { grant_type: 'refresh_token', refresh_token: refreshToken });

export const revoke = async (node: NodeClient, app: App, token: string): Promise<void> => {
  const form = { token, client_id: app.uid, client_secret: app.secret };
  expectStatus('revoke', await node.ask('/auth/oauth/revoke', { form }), 200);
};

export const isActive = async (node: NodeClient, app: App, token: string): Promise<boolean> => {
  const form = { token, client_id: app.uid, client_secret: app.secret };
  const answer = expectStatus('introspect', await node.ask('/auth/oauth/introspect', { form }), 200);
  return answer.json<{ active: boolean }>().active;
};
