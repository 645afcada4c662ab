/**
 * @module Microsoft Graph: one table of routes. A new resource is a handler and a line here.
 */
import type { Person } from './directory.ts';
import { type Exchange, html, json, type Reply, type Route } from './exchange.ts';
import {
  accessDenied,
  authenticateGraphCaller,
  type GraphCaller,
  GraphError,
  graphErrorReply,
  graphHeaders,
  notFound,
  reauthenticate,
  requirePermission,
  throttled,
  tokenExpired,
} from './graph-bearer.ts';
import { graphUser, matchesFilter, matchesSearch, selectProperties } from './graph-user.ts';
import { pairwiseSubject } from './mint-tokens.ts';
import type { EntraState } from './state.ts';

const readSelf = [
  'User.Read',
  'User.ReadWrite',
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
];
const readAnyone = ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const readGroups = ['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All'];

type GraphHandler = (exchange: Exchange, caller: GraphCaller) => Reply;

/** Graph's routes, under `/v1.0`, and OpenID's userinfo, which lives on Graph's host. */
export function graphRoutes(state: EntraState): Route[] {
  const route = (path: string, endpoint: Route['endpoint'], handle: GraphHandler): Route => ({
    method: 'GET',
    pattern: new RegExp(`^${path}/?$`),
    endpoint,
    handle: (exchange) => answerGraph(state, exchange, endpoint, handle),
  });
  return [
    route('/v1\\.0/me', 'me', (exchange, caller) => getMe(state, exchange, caller)),
    route('/v1\\.0/(?:me|users/[^/]+)/photo/\\$value', 'photo', (_, caller) => {
      requirePermission(caller, readSelf);
      throw new GraphError(
        404,
        'ImageNotFound',
        "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.",
      );
    }),
    route(
      '/v1\\.0/me/(?:memberOf|transitiveMemberOf)(?:/microsoft\\.graph\\.group)?',
      'groups',
      (exchange, caller) => {
        requirePermission(caller, [...readGroups, 'User.Read']);
        return listGroups(exchange, selfOf(caller));
      },
    ),
    route('/v1\\.0/users', 'users', (exchange, caller) => listUsers(state, exchange, caller)),
    route('/v1\\.0/users/(?<id>[^/]+)', 'users', (exchange, caller) => {
      const user = graphUser(getPerson(state, exchange, caller));
      return entity(exchange, 'users/$entity', selectProperties(user, exchange.query.get('$select')));
    }),
    route(
      '/v1\\.0/users/(?<id>[^/]+)/(?:memberOf|transitiveMemberOf)(?:/microsoft\\.graph\\.group)?',
      'groups',
      (exchange, caller) => {
        requirePermission(caller, readGroups);
        return listGroups(exchange, getPerson(state, exchange, caller));
      },
    ),
    route('/v1\\.0/organization', 'organization', (exchange, caller) =>
      getOrganization(state, exchange, caller),
    ),
    {
      method: 'ANY',
      pattern: /^\/oidc\/userinfo\/?$/,
      endpoint: 'userinfo',
      handle: (exchange) =>
        answerGraph(state, exchange, 'userinfo', (one, caller) => getUserinfo(state, one, caller)),
    },
  ];
}

function answerGraph(
  state: EntraState,
  exchange: Exchange,
  endpoint: Route['endpoint'],
  handle: GraphHandler,
): Reply {
  try {
    if (endpoint === 'me') throwProfileFault(state);
    const caller = authenticateGraphCaller(state, exchange);
    return handle(exchange, caller);
  } catch (error) {
    if (error instanceof GraphError) return graphErrorReply(exchange, error);
    throw error;
  }
}

function getMe(state: EntraState, exchange: Exchange, caller: GraphCaller): Reply {
  const person = selfOf(caller);
  requirePermission(caller, readSelf);
  if (state.faults.take('html_profile')) return html(200, '<!doctype html><title>Sign in</title>');
  if (state.faults.take('garbage_profile')) return json(200, [{ id: 1 }, 'not a profile']);
  const user = selectProperties(graphUser(person), exchange.query.get('$select'));
  const noPrincipal = state.faults.take('null_mail_and_upn') !== undefined;
  if (noPrincipal || state.faults.take('null_mail')) user.mail = null;
  if (noPrincipal) user.userPrincipalName = null;
  if (state.faults.take('missing_id')) delete user.id;
  if (state.faults.take('other_profile')) user.id = '00000000-0000-4000-a000-0000000000ff';
  return entity(exchange, 'users/$entity', user);
}

function getUserinfo(state: EntraState, exchange: Exchange, caller: GraphCaller): Reply {
  requirePermission(caller, ['openid']);
  const person = selfOf(caller);
  const app = state.directory.findApp(String(caller.claims.appid));
  const other = state.faults.take('userinfo_other_subject') !== undefined;
  const sub = other || !app ? 'another-subject' : pairwiseSubject(app, person);
  return json(
    200,
    {
      sub,
      name: person.display_name,
      ...(person.surname === null ? {} : { family_name: person.surname }),
      ...(person.given_name === null ? {} : { given_name: person.given_name }),
      picture: `${exchange.graphBase}/v1.0/me/photo/$value`,
      ...(person.mail === null ? {} : { email: person.mail }),
    },
    graphHeaders(exchange),
  );
}

function listUsers(state: EntraState, exchange: Exchange, caller: GraphCaller): Reply {
  requirePermission(caller, readAnyone);
  const { query } = exchange;
  const rawSearch = query.get('$search');
  const rawFilter = query.get('$filter');
  if (rawSearch !== null && exchange.headers.consistencylevel !== 'eventual') {
    throw new GraphError(
      400,
      'Request_UnsupportedQuery',
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  const users = state.directory
    .listPeople(caller.tenantId)
    .map(graphUser)
    .filter((user) => rawFilter === null || matchesFilter(user, rawFilter))
    .filter((user) => rawSearch === null || matchesSearch(user, rawSearch));
  const top = Math.min(Math.max(Number(query.get('$top') ?? 100) || 100, 1), 999);
  const start = readSkipToken(query.get('$skiptoken'));
  const page = users.slice(start, start + top).map((user) => selectProperties(user, query.get('$select')));
  const more = start + top < users.length;
  return collection(exchange, 'users', page, more ? nextLink(exchange, start + top) : undefined);
}

function listGroups(exchange: Exchange, person: Person): Reply {
  const groups = person.groups.map((group) => ({
    '@odata.type': '#microsoft.graph.group',
    id: group.id,
    displayName: group.display_name,
    mail: null,
    securityEnabled: true,
  }));
  return collection(exchange, 'directoryObjects', groups);
}

function getOrganization(state: EntraState, exchange: Exchange, caller: GraphCaller): Reply {
  requirePermission(caller, [...readSelf, 'Organization.Read.All']);
  const tenant = state.directory.getTenant(caller.tenantId);
  const verifiedDomains = tenant.domains.map((name, index) => ({
    name,
    isDefault: index === 0,
    isInitial: index === 0,
    type: 'Managed',
  }));
  return collection(exchange, 'organization', [{ id: tenant.id, displayName: tenant.name, verifiedDomains }]);
}

function getPerson(state: EntraState, exchange: Exchange, caller: GraphCaller): Person {
  const rawId = exchange.params.id ?? '';
  const person = state.directory
    .findPeopleNamed(rawId)
    .find(
      (one) =>
        one.tenantId === caller.tenantId &&
        [one.oid, one.user_principal_name].some((name) => name.toLowerCase() === rawId.toLowerCase()),
    );
  // User.Read is enough for oneself only
  requirePermission(caller, person && person === caller.person ? readSelf : readAnyone);
  if (!person) throw notFound(rawId);
  return person;
}

function selfOf(caller: GraphCaller): Person {
  if (caller.person) return caller.person;
  throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
}

function entity(exchange: Exchange, context: string, value: Record<string, unknown>): Reply {
  const body = { '@odata.context': `${exchange.graphBase}/v1.0/$metadata#${context}`, ...value };
  const headers = {
    'content-type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  };
  return json(200, body, { ...headers, ...graphHeaders(exchange) });
}

function collection(exchange: Exchange, context: string, value: unknown[], next?: string): Reply {
  return entity(exchange, context, { ...(next === undefined ? {} : { '@odata.nextLink': next }), value });
}

/** The link is opaque: a client must follow it as it is. */
function nextLink(exchange: Exchange, start: number): string {
  const next = new URL(`${exchange.graphBase}${exchange.url.pathname}`);
  for (const [name, value] of exchange.query) next.searchParams.set(name, value);
  next.searchParams.set('$skiptoken', Buffer.from(`page:${start}`).toString('base64url'));
  return next.toString();
}

function readSkipToken(rawToken: string | null): number {
  if (rawToken === null) return 0;
  const start = /^page:(\d+)$/.exec(Buffer.from(rawToken, 'base64url').toString('utf8'))?.[1];
  if (start === undefined)
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired or is invalid.',
    );
  return Number(start);
}

function throwProfileFault(state: EntraState): void {
  const { faults } = state;
  if (faults.take('profile_401')) throw tokenExpired();
  if (faults.take('profile_401_claims')) throw reauthenticate();
  if (faults.take('profile_403')) throw accessDenied();
  if (faults.take('profile_404')) throw notFound('me');
  const tooMany = faults.take('profile_429');
  if (tooMany) throw throttled(tooMany.retry_after === undefined ? 30 : tooMany.retry_after);
  if (faults.take('profile_500')) {
    throw new GraphError(500, 'generalException', 'An unexpected error occurred.');
  }
  const unavailable = faults.take('profile_503');
  if (unavailable) {
    const seconds = unavailable.retry_after === undefined ? 30 : unavailable.retry_after;
    const headers: Record<string, string> = seconds === null ? {} : { 'retry-after': String(seconds) };
    throw new GraphError(503, 'serviceNotAvailable', 'The service is temporarily unavailable.', headers);
  }
}
