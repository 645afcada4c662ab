import { createHash } from 'node:crypto';
import { AadstsError } from './aadsts.ts';
import { authenticateClient, readClient, tenantIdFor } from './authenticate-client.ts';
import type { App, Authority, Person } from './directory.ts';
import { aadstsReply, type Exchange, html, json, param, type Reply, redirect } from './exchange.ts';
import type { FaultTarget } from './fault-box.ts';
import {
  accessTokenTtl,
  clientInfo,
  mintAccessToken,
  mintAppToken,
  mintIdToken,
  type SignIn,
} from './mint-tokens.ts';
import { throwNumberedFault } from './numbered-fault.ts';
import { scopeAnswer, sortScopes, splitScope } from './scopes.ts';
import { describeAuthority, type EntraState, getAuthority, nowSeconds } from './state.ts';

const onBehalfOf = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const inactivitySeconds = 90 * 24 * 3600;

/** The token endpoint, of every grant. */
export async function answerToken(state: EntraState, exchange: Exchange): Promise<Reply> {
  const target: FaultTarget = {
    client_id: readClient(exchange).id,
    grant_type: param(exchange.form, 'grant_type'),
  };
  try {
    return brokenReply(state, target) ?? (await grantTokens(state, exchange, target));
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    const retry = error.entry.http === 429 || error.entry.http === 503 ? { 'retry-after': '30' } : {};
    return aadstsReply(error, exchange.trace, retry);
  }
}

async function grantTokens(state: EntraState, exchange: Exchange, target: FaultTarget): Promise<Reply> {
  if (exchange.method !== 'POST') throw new AadstsError(900561, { value: exchange.method });
  for (const name of new Set(exchange.form.keys())) {
    if (exchange.form.getAll(name).length > 1) throw new AadstsError(9000411, { value: name });
  }
  const authority = getAuthority(state, exchange.params.tenant ?? '');
  throwNumberedFault(state, target, 'token', describeAuthority(authority));
  if (target.grant_type === undefined) throw new AadstsError(900144, { value: 'grant_type' });
  const app = authenticateClient(state, exchange, authority);
  const context: GrantContext = { state, exchange, authority, app, target };
  switch (target.grant_type) {
    case 'authorization_code':
      return await redeemCode(context);
    case 'refresh_token':
      return await refresh(context);
    case 'client_credentials':
      return clientCredentials(context);
    case onBehalfOf:
      return await actOnBehalf(context);
    default:
      throw new AadstsError(70003, { value: target.grant_type });
  }
}

interface GrantContext {
  state: EntraState;
  exchange: Exchange;
  authority: Authority;
  app: App;
  target: FaultTarget;
}

async function redeemCode(context: GrantContext): Promise<Reply> {
  const { state, exchange, authority, app } = context;
  const rawCode = required(exchange.form, 'code');
  const rawRedirectUri = required(exchange.form, 'redirect_uri');
  const grant = state.grants.findCode(rawCode);
  if (!grant) throw new AadstsError(/^1\.A[\w-]+$/.test(rawCode) ? 70000 : 9002313);
  const { request, person } = grant;
  if (request.app !== app) throw new AadstsError(70000);
  if (authority.kind === 'tenant' && authority.tenant.id !== grant.tenantId) throw new AadstsError(700005);
  if (rawRedirectUri !== request.redirectUri) {
    throw new AadstsError(500112, { value: rawRedirectUri, other: request.redirectUri });
  }
  if (grant.used) throw new AadstsError(54005);
  if (state.grants.isCodeExpired(grant, nowSeconds(state))) throw new AadstsError(70008);
  checkVerifier(request.codeChallenge, request.codeChallengeMethod, param(exchange.form, 'code_verifier'));
  grant.used = true;
  checkPerson(state, person, grant);

  const rawScope = param(exchange.form, 'scope');
  const scopes = rawScope === undefined ? request.scopes : splitScope(rawScope);
  return await answerPerson(context, scopes, {
    app,
    person,
    tenantId: grant.tenantId,
    sid: grant.sid,
    nonce: request.nonce,
    signedInAt: grant.issuedAt,
  });
}

/** @see RFC 7636 §4.6 */
function checkVerifier(challenge: string | undefined, method: string, rawVerifier: string | undefined): void {
  if (challenge === undefined) {
    if (rawVerifier !== undefined) throw new AadstsError(501481);
    return;
  }
  if (rawVerifier === undefined) throw new AadstsError(50148);
  const computed =
    method === 'S256' ? createHash('sha256').update(rawVerifier).digest('base64url') : rawVerifier;
  if (computed !== challenge) throw new AadstsError(501481);
}

async function refresh(context: GrantContext): Promise<Reply> {
  const { state, exchange, authority, app } = context;
  const rawToken = required(exchange.form, 'refresh_token');
  const grant = state.grants.findRefreshToken(rawToken);
  if (!grant) throw new AadstsError(/^1\.A[\w-]+$/.test(rawToken) ? 70000 : 9002313);
  if (grant.app !== app || grant.spent) throw new AadstsError(70000);
  if (authority.kind === 'tenant' && authority.tenant.id !== grant.tenantId) throw new AadstsError(70000);
  if (nowSeconds(state) > grant.issuedAt + inactivitySeconds) {
    throw new AadstsError(700082, { value: new Date(grant.issuedAt * 1000).toISOString() });
  }
  checkPerson(state, grant.person, grant);

  const rawScope = param(exchange.form, 'scope');
  const scopes = rawScope === undefined ? grant.scopes : splitScope(rawScope);
  const sorted = sortScopes(state, app, scopes);
  if (!state.grants.hasConsent(app, grant.person, sorted.permissions)) {
    throw new AadstsError(65001, { app: app.client_id, app_name: app.name });
  }
  // the old token stays valid, so that a lost answer does no harm; strictRotation is for the worst case
  if (state.strictRotation) grant.spent = true;
  return await answerPerson(
    context,
    // a refresh token always begets the next one, asked for or not
    [...new Set([...scopes, 'offline_access'])],
    {
      app,
      person: grant.person,
      tenantId: grant.tenantId,
      sid: grant.sid,
      nonce: undefined,
      signedInAt: grant.signedInAt,
    },
  );
}

function clientCredentials({ state, exchange, authority, app, target }: GrantContext): Reply {
  const tenantId = tenantIdFor(authority);
  if (tenantId === undefined) throw new AadstsError(50059);
  if (app.public_client) throw new AadstsError(7000218);
  const rawScope = required(exchange.form, 'scope');
  const scopes = sortScopes(state, app, splitScope(rawScope));
  if (scopes.permissions.join() !== '.default' || !rawScope.includes('/')) {
    throw new AadstsError(1002012, { value: rawScope });
  }
  const ttl = accessTokenTtl(state, target);
  return tokenReply({
    token_type: 'Bearer',
    expires_in: ttl,
    ext_expires_in: ttl,
    access_token: mintAppToken(state, exchange.loginBase, app, tenantId, scopes, ttl),
  });
}

async function actOnBehalf(context: GrantContext): Promise<Reply> {
  const { state, exchange, app } = context;
  const rawAssertion = required(exchange.form, 'assertion');
  if (param(exchange.form, 'requested_token_use') !== 'on_behalf_of') {
    throw new AadstsError(90023, { value: 'requested_token_use', other: 'on_behalf_of' });
  }
  const claims = state.keys.verifyJwt(rawAssertion);
  if (!claims) throw new AadstsError(50013, { value: 'The key was not found.' });
  if (claims.aud !== app.client_id) {
    throw new AadstsError(500131, { value: String(claims.aud), other: app.client_id });
  }
  const person = state.directory.findPerson(String(claims.oid));
  if (!person || Number(claims.exp) < nowSeconds(state)) {
    throw new AadstsError(50013, { value: 'The token is expired.' });
  }
  checkPerson(state, person, { tokenEpoch: Number(claims.xms_epoch), issuedAt: Number(claims.iat) });
  return await answerPerson(context, splitScope(required(exchange.form, 'scope')), {
    app,
    person,
    tenantId: String(claims.tid),
    sid: String(claims.sid),
    nonce: undefined,
    signedInAt: Number(claims.iat),
  });
}

/** The answer for a person: access token, and refresh and ID token as the scopes ask. */
async function answerPerson(
  context: GrantContext,
  rawScopes: readonly string[],
  signIn: SignIn,
): Promise<Reply> {
  const { state, exchange, target } = context;
  const scopes = sortScopes(state, context.app, rawScopes);
  const ttl = accessTokenTtl(state, target);
  const body: Record<string, unknown> = {
    token_type: 'Bearer',
    scope: scopeAnswer(scopes),
    expires_in: ttl,
    ext_expires_in: ttl,
    access_token: mintAccessToken(state, exchange.loginBase, signIn, scopes, ttl),
  };
  if (scopes.oidc.includes('offline_access')) {
    body.refresh_token = issueRefreshToken(state, rawScopes, signIn);
  }
  if (scopes.oidc.includes('openid')) {
    body.id_token = await mintIdToken(state, exchange.loginBase, signIn, scopes.oidc, target);
  }
  if (param(exchange.form, 'client_info') === '1') {
    const garbage = state.faults.take('garbage_client_info', target);
    body.client_info = garbage ? '%%%' : clientInfo(signIn.person);
  }

  if (state.faults.take('missing_access_token', target)) delete body.access_token;
  if (state.faults.take('no_refresh_token', target)) delete body.refresh_token;
  if (state.faults.take('missing_id_token', target)) delete body.id_token;
  if (state.faults.take('no_expires_in', target)) delete body.expires_in;
  if (state.faults.take('string_expires_in', target)) body.expires_in = String(ttl);
  return tokenReply(body);
}

function issueRefreshToken(state: EntraState, rawScopes: readonly string[], signIn: SignIn): string {
  const { app, person, tenantId, sid, signedInAt } = signIn;
  return state.grants.issueRefreshToken({
    app,
    person,
    tenantId,
    sid,
    signedInAt,
    tokenEpoch: person.tokenEpoch,
    scopes: rawScopes,
    issuedAt: nowSeconds(state),
  });
}

/** A person who was disabled, or whose grants were revoked, gets nothing more. */
function checkPerson(
  state: EntraState,
  person: Person,
  grant: { tokenEpoch: number; issuedAt: number },
): void {
  if (person.disabled) throw new AadstsError(50057);
  if (grant.tokenEpoch !== person.tokenEpoch) {
    throw new AadstsError(50173, {
      value: new Date(grant.issuedAt * 1000).toISOString(),
      other: new Date(state.nowMs()).toISOString(),
    });
  }
}

function tokenReply(body: Record<string, unknown>): Reply {
  return json(200, body);
}

function required(form: URLSearchParams, name: string): string {
  const value = param(form, name);
  if (value === undefined) throw new AadstsError(900144, { value: name });
  return value;
}

/** Answers that are no token answers at all; the grant is not touched. */
function brokenReply(state: EntraState, target: FaultTarget): Reply | undefined {
  const unavailable = state.faults.take('token_503', target);
  if (unavailable) return html(503, '<h1>Service Unavailable</h1>', retryAfter(unavailable.retry_after));
  const throttled = state.faults.take('token_429', target);
  if (throttled) {
    const body = {
      error: 'temporarily_unavailable',
      error_description: 'AADSTS90055: throttled',
      error_codes: [90055],
    };
    return json(429, body, retryAfter(throttled.retry_after));
  }
  if (state.faults.take('html_token', target)) return html(200, '<!doctype html><title>Working…</title>');
  if (state.faults.take('redirect_token', target))
    return redirect('http://169.254.169.254/latest/meta-data/');
  if (state.faults.take('garbage_token', target)) {
    return json(200, { token_type: ['Bearer'], access_token: { not: 'a string' }, expires_in: 'soon' });
  }
  return undefined;
}

function retryAfter(seconds: number | null | undefined): Record<string, string> {
  return seconds === null ? {} : { 'retry-after': String(seconds ?? 30) };
}
