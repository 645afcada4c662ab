/**
 * @module The broker's routes: begin a sign-in, come back from the provider, see why it failed; and what a client app
 * asks about the domain and the session.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IpLimit } from '#base/http/ip-limit.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { type RawParams, readParams } from '#base/http/read-params.ts';
import { rawHostOf } from '#base/http/request-host.ts';
import { readSessionCookie, setSessionCookie, verifiedKeyPurpose } from '#base/http/session-cookie.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { canonicalHost } from '#model/domains/domain.ts';
import { isDryRunState } from '#model/sources/dry-run-state.ts';
import { verifyAccessToken } from '#model/tokens/access-token.ts';
import { describeAuthority } from './authority.ts';
import { AccountExists, completeSignIn } from './complete-sign-in.ts';
import { consentPage, isConsentAnswer } from './consent-page.ts';
import { dropFlowCookie, setFlowCookie } from './cookies.ts';
import type { SignInDeps } from './deps.ts';
import { enter } from './enter.ts';
import { failurePage, generalFailurePage } from './failure-page.ts';
import { findEnabledSource, sourceIdOf } from './find-source.ts';
import { checkCallback, identifyPerson } from './finish-sign-in.ts';
import { beginTrace, recordSuccess, type Trace } from './flight-recorder.ts';
import { flowCookieMaxAgeSeconds } from './flow.ts';
import { handOverPage, passOnPage } from './hand-over-page.ts';
import { linkIdentity } from './link-identity.ts';
import { linkRoutes } from './link-routes.ts';
import { pendingLinkCookieName, pendingLinkSeconds, sealPendingLink } from './pending-link.ts';
import { recordFailure } from './record-failure.ts';
import { contextOf } from './request-context.ts';
import { signedInOf } from './signed-in-of.ts';
import { startSignIn } from './start-sign-in.ts';
import { failureWords } from './words.ts';

export interface SignInRoutesDeps extends SignInDeps {
  /** Starts, and failed returns, of one address. */
  startLimit: IpLimit;
}

type Provider = 'oauth2' | 'adfs' | 'ldap';

const browser = { config: { errors: 'browser' } } as const;

export const signInRoutes = (app: FastifyInstance, deps: SignInRoutesDeps): void => {
  appRoutes(app, deps);
  app.get('/auth/login', browser, async (request, reply) => {
    const entry = enter(deps, { domain: request.domain, params: readParams(request) });
    if (entry.kind === 'asset') return reply.code(400).send();
    return reply.header('cache-control', 'no-store').redirect(entry.location, 303);
  });
  for (const provider of ['oauth2', 'adfs', 'ldap'] as const) {
    const start = (request: FastifyRequest, reply: FastifyReply) =>
      answerStart(deps, provider, request, reply);
    const back = (request: FastifyRequest, reply: FastifyReply) =>
      answerCallback(deps, provider, request, reply);
    app.route({ method: ['GET', 'POST'], url: `/auth/${provider}`, ...browser, handler: start });
    app.route({ method: ['GET', 'POST'], url: `/auth/${provider}/callback`, ...browser, handler: back });
    app.route({ method: ['GET', 'POST'], url: `/auth/${provider}/callback/:id`, ...browser, handler: back });
  }
  app.get('/auth/failure', browser, async (request, reply) => {
    const { id } = readParams(request);
    const language = pageLanguageOf(request);
    if (!id) return sendPage(reply, generalFailurePage(language));
    const viewer = await signedInOf(deps, request);
    return sendPage(
      reply,
      await failurePage(deps, { domain: request.domain, rawIncident: id, viewer, language }),
    );
  });
  // Every host may be that of a console.
  app.get('/auth/dry-run', browser, async (request, reply) =>
    sendPage(reply, passOnPage(pageLanguageOf(request))),
  );
  linkRoutes(app, deps);
};

const answerStart = async (
  deps: SignInRoutesDeps,
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  deps.startLimit.take(request.ip);
  const { domain, cookies } = request;
  const params = readParams(request);
  const trace = beginTrace(deps.clock, 'start');
  try {
    if (provider !== 'oauth2') await refuseUnavailable(deps, provider, request, params);
    const { location, cookie, evicted } = await startSignIn(deps, { domain, params, cookies, trace });
    const { secure } = deps.origin;
    for (const name of evicted) dropFlowCookie(reply, secure, name);
    setFlowCookie(reply, secure, { ...cookie, maxAgeSeconds: flowCookieMaxAgeSeconds });
    return reply.header('cache-control', 'no-store').redirect(location, 302);
  } catch (rawError) {
    throw await recordFailure(deps, {
      domain,
      rawError,
      rawSourceId: params.id,
      context: contextOf(request),
      language: pageLanguageOf(request),
      trace,
    });
  }
};

const answerCallback = async (
  deps: SignInRoutesDeps,
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  let rawSourceId: string | undefined;
  const trace = beginTrace(deps.clock, 'callback');
  try {
    const params = callbackParams(request);
    if (isDryRunState(params.state)) {
      const page = await handOverPage(deps, request.domain, params.state, params, pageLanguageOf(request));
      return sendPage(reply, page);
    }
    if (provider === 'oauth2' && isConsentAnswer(params)) {
      return sendPage(reply, await consentPage(deps, request.domain, params, pageLanguageOf(request)));
    }
    rawSourceId = params.id;
    if (provider !== 'oauth2') await refuseUnavailable(deps, provider, request, params);
    trace.code = params.code;
    return await finishInBrowser(deps, request, reply, { params, trace });
  } catch (rawError) {
    deps.startLimit.take(request.ip);
    const next =
      rawError instanceof AccountExists
        ? { href: '/login?continue=%2Fauth%2Flink', label: failureWords[pageLanguageOf(request)].usualWay }
        : undefined;
    throw await recordFailure(deps, {
      domain: request.domain,
      rawError,
      rawSourceId,
      context: contextOf(request),
      language: pageLanguageOf(request),
      trace,
      ...(next && { next }),
    });
  }
};

const finishInBrowser = async (
  deps: SignInRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { params, trace }: { params: RawParams; trace: Trace },
): Promise<FastifyReply> => {
  const { domain, cookies } = request;
  const { secure } = deps.origin;
  const context = contextOf(request);
  const checked = await checkCallback(deps, { domain, params, cookies, trace });
  const { source, flow } = checked;
  dropFlowCookie(reply, secure, checked.cookieName);
  const identity = await identifyPerson(deps, domain, checked, { params, trace });
  trace.decidingSinceMs = deps.clock.nowMs();
  const { requestId } = context;
  const origin = deps.origin.of(domain.host);
  const to = flow.continueTo.startsWith('/') ? `${origin}${flow.continueTo}` : flow.continueTo;
  reply.header('cache-control', 'no-store');
  if (flow.link) {
    const signedIn = await signedInOf(deps, request);
    await linkIdentity(deps, { domain, source, link: flow.link, identity, signedIn, context });
    recordSuccess(deps, trace, { domain, requestId, userId: flow.link.userId, how: 'linked' });
    return reply.redirect(to, 302);
  }
  const oldSessionCookie = readSessionCookie(request, secure);
  try {
    const person = await completeSignIn(deps, { domain, source, identity, oldSessionCookie, context });
    const embedded = domain.legacy.embeddedApps === true;
    const verifiedKey = await deps.keyring.sealingKey(verifiedKeyPurpose);
    recordSuccess(deps, trace, { domain, requestId, ...person });
    const { maxAgeSeconds } = person;
    setSessionCookie(reply, person.sessionCookie, { secure, embedded, maxAgeSeconds, verifiedKey });
    return reply.redirect(to, 302);
  } catch (error) {
    if (error instanceof AccountExists) {
      const key = await deps.keyring.sealingKey('pending-link');
      const value = sealPendingLink(key, domain.id, {
        userId: error.userId,
        sourceId: source.id,
        issuer: identity.issuer,
        subject: identity.subject,
        email: identity.fields.email ?? '',
        createdAtMs: deps.clock.nowMs(),
      });
      setFlowCookie(reply, secure, {
        name: pendingLinkCookieName(secure),
        value,
        maxAgeSeconds: pendingLinkSeconds,
      });
    }
    throw error;
  }
};

/** The id stands in the query, or in the path (B2C); a callback that says both differently is refused. */
const callbackParams = (request: FastifyRequest): RawParams => {
  const params = readParams(request);
  const { id } = request.params as { id?: string };
  if (id === undefined) return params;
  if (params.id !== undefined && params.id !== id)
    throw new FoyerError('bad_request', { detail: 'two source ids' });
  return { ...params, id };
};

/** @throws {FoyerError} always: `source_not_found`, or `not_available_yet` for a source that exists. */
const refuseUnavailable = async (
  deps: SignInRoutesDeps,
  provider: Provider,
  { domain }: FastifyRequest,
  { id }: RawParams,
): Promise<never> => {
  const { source } = await findEnabledSource(deps, domain, sourceIdOf(domain, id), provider);
  throw new FoyerError('not_available_yet', { detail: `sign-in through ${source.kind}` });
};

/** What client apps ask. */
const appRoutes = (app: FastifyInstance, deps: SignInDeps): void => {
  // An unknown host is an empty 404 here, and a 200 for PlaceOS' health checks.
  app.get('/auth/authority', { config: { domain: false } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const host = canonicalHost(rawHostOf(request));
    const domain = host && (await deps.domains.byHost(host));
    if (!domain) {
      const isHealthCheck = Object.hasOwn(request.query as object, 'health');
      return reply.code(isHealthCheck ? 200 : 404).send();
    }
    request.domain = domain;
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const [signedIn, tokenValid] = await Promise.all([
      signedInOf(deps, request),
      bearer !== undefined &&
        verifyAccessToken(deps, domain, bearer).then(
          () => true,
          () => false,
        ),
    ]);
    return describeAuthority(deps.origin, domain, { session: signedIn !== undefined, tokenValid });
  });
  app.get('/auth/whoami', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const signedIn = await signedInOf(deps, request);
    if (!signedIn) return reply.code(401).send({ error: 'unauthorized' });
    const { user, session } = signedIn;
    return {
      id: user.id,
      name: user.name,
      email: user.email,
      source: session.sourceId ?? null,
      session: {
        id: session.publicId,
        provider: session.provider,
        authenticated_at: session.authenticatedAt.toISOString(),
        expires_at: session.expiresAt.toISOString(),
      },
    };
  });
};
