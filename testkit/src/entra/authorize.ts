import { randomUUID } from 'node:crypto';
import { AadstsError } from './aadsts.ts';
import { cancelled, deliver, type Fields, sendError } from './authorize-answer.ts';
import { isAllowedAt, isInAudience, type Person } from './directory.ts';
import { type Exchange, html, param, type Reply, readCookie } from './exchange.ts';
import type { AuthorizeRequest } from './grant-store.ts';
import { clientInfo, mintIdToken } from './mint-tokens.ts';
import { throwNumberedFault } from './numbered-fault.ts';
import { accountPage, consentPage, errorPage } from './pages.ts';
import { type ReturnAddress, readAuthorizeRequest, readReturnAddress } from './read-authorize-request.ts';
import { sortScopes } from './scopes.ts';
import {
  authorityPath,
  describeAuthority,
  type EntraState,
  getApp,
  getAuthority,
  nowSeconds,
} from './state.ts';

const sessionCookie = 'ESTSAUTH';

/** `GET|POST /{tenant}/oauth2/v2.0/authorize`: checks the request, then asks the person. */
export async function authorize(state: EntraState, exchange: Exchange): Promise<Reply> {
  const params = exchange.method === 'POST' ? exchange.form : exchange.query;
  return await showingErrors(exchange, async () => {
    const authority = getAuthority(state, exchange.params.tenant ?? '');
    const app = getApp(state, authority, param(params, 'client_id'));
    const address = readReturnAddress(app, params);
    throwNumberedFault(state, { client_id: app.client_id }, 'page', describeAuthority(authority));
    return await tellingErrors(exchange, address, async () => {
      const request = readAuthorizeRequest(state, authority, app, address, params);
      return redirectFault(state, exchange, request) ?? (await askPerson(state, exchange, request));
    });
  });
}

/** `POST /{tenant}/login`: a person was picked, typed in, or Cancel was pressed. */
export async function pickPerson(state: EntraState, exchange: Exchange): Promise<Reply> {
  return await continueRequest(state, exchange, async (request) => {
    if (exchange.form.has('cancel')) return cancelled(request);
    const rawName = param(exchange.form, 'account') ?? param(exchange.form, 'loginfmt') ?? '';
    const named = state.directory.findPeopleNamed(rawName);
    const person = named.find((one) => isAllowedAt(request.authority, one)) ?? named[0];
    if (!person) {
      throw new AadstsError(50034, { user: rawName, tenant: describeAuthority(request.authority) });
    }
    return await enter(state, exchange, request, person);
  });
}

/** `POST /{tenant}/consent`: Accept or Cancel on the consent page. */
export async function giveConsent(state: EntraState, exchange: Exchange): Promise<Reply> {
  return await continueRequest(state, exchange, async (request) => {
    const person = state.directory.findPerson(param(exchange.form, 'account') ?? '');
    const signedIn = state.grants.signedInOids(readCookie(exchange, sessionCookie));
    if (!person || !signedIn.includes(person.oid)) throw new AadstsError(50058);
    if (!exchange.form.has('accept')) {
      const fields: Fields = [['error_subcode', 'cancel']];
      return sendError(exchange, request, new AadstsError(65004), fields);
    }
    state.grants.consent(request.app, person, permissionsOf(state, request));
    return await finish(state, exchange, request, person);
  });
}

export function sessionCookieHeader(exchange: Exchange, sessionId: string | null): string {
  const secure = exchange.loginBase.startsWith('https:');
  const value = sessionId ?? '; Max-Age=0';
  return `${sessionCookie}=${value}; Path=/; HttpOnly; ${secure ? 'Secure; SameSite=None' : 'SameSite=Lax'}`;
}

export function readSession(exchange: Exchange): string | undefined {
  return readCookie(exchange, sessionCookie);
}

async function askPerson(state: EntraState, exchange: Exchange, request: AuthorizeRequest): Promise<Reply> {
  const people = state.directory.listPeople().filter((person) => isAllowedAt(request.authority, person));
  const hint = request.loginHint?.toLowerCase();
  const hinted = people.find((person) =>
    [person.email, person.user_principal_name].some((name) => name.toLowerCase() === hint),
  );
  if (request.prompt === 'none') {
    const signedIn = state.grants.signedInOids(readSession(exchange));
    const candidates = people.filter(({ oid }) => signedIn.includes(oid));
    const person = hint === undefined ? candidates[0] : candidates.find((one) => one === hinted);
    const silent = person ?? (state.instantLoginHint ? hinted : undefined);
    if (!silent) throw new AadstsError(50058);
    if (!state.grants.hasConsent(request.app, silent, permissionsOf(state, request))) {
      throw new AadstsError(
        65001,
        { app: request.app.client_id, app_name: request.app.name },
        { error: 'consent_required' },
      );
    }
    return await enter(state, exchange, request, silent);
  }
  if (hinted && state.instantLoginHint && request.prompt !== 'select_account' && request.prompt !== 'login') {
    return await enter(state, exchange, request, hinted);
  }
  const form = pageForm(state, request, 'login');
  return html(200, accountPage(form, request.app, people, hinted ? undefined : request.loginHint));
}

/** The person is known: may they in, and is their consent needed? */
async function enter(
  state: EntraState,
  exchange: Exchange,
  request: AuthorizeRequest,
  person: Person,
): Promise<Reply> {
  const { app, authority } = request;
  const fill = {
    app: app.client_id,
    app_name: app.name,
    user: person.email,
    tenant: describeAuthority(authority),
    other: 'https://sts.windows.net/',
  };
  if (!isAllowedAt(authority, person) || !isInAudience(app, person)) throw new AadstsError(50020, fill);
  if (person.disabled) throw new AadstsError(50057);
  if (app.assignment_required && !person.assigned_to.includes(app.client_id))
    throw new AadstsError(50105, fill);

  const permissions = permissionsOf(state, request);
  if (request.prompt === 'consent' || !state.grants.hasConsent(app, person, permissions)) {
    const shown = request.scopes.filter((scope) => scope !== 'offline_access');
    const page = consentPage(pageForm(state, request, 'consent'), app, person, shown);
    const sessionId = state.grants.signIn(readSession(exchange), person);
    return html(200, page, { 'set-cookie': sessionCookieHeader(exchange, sessionId) });
  }
  return await finish(state, exchange, request, person);
}

async function finish(
  state: EntraState,
  exchange: Exchange,
  request: AuthorizeRequest,
  person: Person,
): Promise<Reply> {
  const now = nowSeconds(state);
  const sid = randomUUID();
  const tenantId = person.tenantId;
  const fields: Fields = [];
  if (request.responseType.includes('code')) {
    const code = state.grants.issueCode({
      request,
      person,
      tenantId,
      sid,
      tokenEpoch: person.tokenEpoch,
      issuedAt: now,
    });
    fields.push(['code', code]);
  }
  if (request.responseType.includes('id_token')) {
    const signIn = { app: request.app, person, tenantId, sid, nonce: request.nonce, signedInAt: now };
    const { oidc } = sortScopes(state, request.app, request.scopes);
    const target = { client_id: request.app.client_id };
    fields.push(['id_token', await mintIdToken(state, exchange.loginBase, signIn, oidc, target)]);
  }
  if (request.clientInfo) fields.push(['client_info', clientInfo(person)]);
  if (request.state !== undefined) fields.push(['state', request.state]);
  fields.push(['session_state', sid]);

  const target = { client_id: request.app.client_id };
  const without = (name: string) => fields.filter(([field]) => field !== name);
  let sent: Fields = fields;
  if (state.faults.take('missing_code', target)) sent = without('code');
  if (state.faults.take('missing_state', target)) sent = without('state');
  if (state.faults.take('wrong_state', target)) sent = [...without('state'), ['state', randomUUID()]];
  const sessionId = state.grants.signIn(readSession(exchange), person);
  return deliver(request, sent, { 'set-cookie': sessionCookieHeader(exchange, sessionId) });
}

/** Errors become a page: before the return address is checked, and for whatever concerns the person only. */
async function showingErrors(exchange: Exchange, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    return html(error.entry.http, errorPage(error.message, exchange.trace));
  }
}

/** Errors of the request itself are told to the app. Those about the person stay on Microsoft's side. */
async function tellingErrors(
  exchange: Exchange,
  address: ReturnAddress,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AadstsError) || [50020, 50057, 50105, 50034].includes(error.code)) throw error;
    return sendError(exchange, address, error);
  }
}

async function continueRequest(
  state: EntraState,
  exchange: Exchange,
  work: (request: AuthorizeRequest) => Promise<Reply>,
): Promise<Reply> {
  return await showingErrors(exchange, async () => {
    const request = state.grants.findPending(param(exchange.form, 'ctx') ?? '');
    if (!request) throw new AadstsError(9002313, {}, { error: 'invalid_request' });
    return await work(request);
  });
}

function pageForm(
  state: EntraState,
  request: AuthorizeRequest,
  step: string,
): { action: string; ctx: string } {
  return { action: `/${authorityPath(request.authority)}/${step}`, ctx: state.grants.addPending(request) };
}

function permissionsOf(state: EntraState, request: AuthorizeRequest): string[] {
  return sortScopes(state, request.app, request.scopes).permissions;
}

function redirectFault(state: EntraState, exchange: Exchange, request: AuthorizeRequest): Reply | undefined {
  const target = { client_id: request.app.client_id };
  throwNumberedFault(state, target, 'redirect', describeAuthority(request.authority));
  const fill = { app: request.app.client_id, app_name: request.app.name };
  if (state.faults.take('cancel', target)) return cancelled(request);
  if (state.faults.take('access_denied', target)) {
    return sendError(exchange, request, new AadstsError(65004), [['error_subcode', 'cancel']]);
  }
  if (state.faults.take('consent_required', target)) {
    throw new AadstsError(65001, fill, { error: 'consent_required' });
  }
  if (state.faults.take('interaction_required', target)) {
    throw new AadstsError(50076, fill, { error: 'interaction_required' });
  }
  if (state.faults.take('login_required', target)) throw new AadstsError(50058);
  if (state.faults.take('temporarily_unavailable', target)) throw new AadstsError(90033);
  if (state.faults.take('invalid_scope', target))
    throw new AadstsError(70011, { value: request.scopes.join(' ') });
  if (state.faults.take('server_error', target)) {
    throw new AadstsError(90033, {}, { error: 'server_error' });
  }
  return undefined;
}
