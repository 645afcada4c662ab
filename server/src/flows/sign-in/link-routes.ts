/**
 * @module Joining and removing sources of one's own account. Every change is a POST from a page of ours with the
 * session's token (S-33, S-84).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor } from '#base/http/csrf.ts';
import { html } from '#base/http/html.ts';
import type { IpLimit } from '#base/http/ip-limit.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { readSessionCookie } from '#base/http/session-cookie.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { dropFlowCookie, setFlowCookie } from './cookies.ts';
import type { SignInDeps } from './deps.ts';
import { flowCookieMaxAgeSeconds } from './flow.ts';
import { confirmPendingLink, requireFreshSession } from './link-identity.ts';
import { openPendingLink, type PendingLink, pendingLinkCookieName } from './pending-link.ts';
import { contextOf } from './request-context.ts';
import { signedInOf } from './signed-in-of.ts';
import { startSignIn } from './start-sign-in.ts';
import { unlinkIdentity } from './unlink-identity.ts';
import { linkWords } from './words.ts';

const accountPath = '/account';
const browser = { config: { errors: 'browser' } } as const;

interface Deps extends SignInDeps {
  startLimit: IpLimit;
}

export const linkRoutes = (app: FastifyInstance, deps: Deps): void => {
  const { secure } = deps.origin;
  const csrfKey = (): Promise<Buffer> => deps.keyring.purposeKey('csrf');

  /** The signed-in person behind a genuine form of ours. */
  const posting = async (request: FastifyRequest, rawToken: unknown): Promise<SignedIn> => {
    const sessionCookieValue = readSessionCookie(request, secure);
    const signedIn = await signedInOf(deps, request);
    if (!signedIn || sessionCookieValue === undefined) throw new FoyerError('unauthorized');
    const origin = deps.origin.of(request.domain.host);
    checkCsrf(request, { origin, key: await csrfKey(), sessionCookieValue, rawToken });
    return signedIn;
  };
  const pendingOf = async (request: FastifyRequest): Promise<PendingLink | undefined> => {
    const key = await deps.keyring.sealingKey('pending-link');
    return openPendingLink(
      key,
      request.domain.id,
      request.cookies[pendingLinkCookieName(secure)],
      deps.clock,
    );
  };

  app.post('/auth/identities/link', browser, async (request, reply) => {
    deps.startLimit.take(request.ip);
    const { domain, cookies } = request;
    const { csrf, id = '' } = readParams(request);
    const { user, session } = requireFreshSession(await posting(request, csrf), deps.clock);
    const { location, cookie, evicted } = await startSignIn(deps, {
      domain,
      params: { id, continue: accountPath },
      cookies,
      link: { userId: user.id, sessionPublicId: session.publicId },
    });
    for (const name of evicted) dropFlowCookie(reply, secure, name);
    setFlowCookie(reply, secure, { ...cookie, maxAgeSeconds: flowCookieMaxAgeSeconds });
    // Browsers apply `form-action` to the redirects of a form, too, so the way to the provider is a page of its own.
    reply.header('refresh', `0;url=${location}`);
    const language = pageLanguageOf(request);
    const { onTitle, go } = linkWords[language];
    return sendPage(reply, {
      title: onTitle,
      language,
      body: html`<h1>${onTitle}</h1><p><a class="button" href="${location}">${go}</a></p>`,
    });
  });

  app.post('/auth/identities/unlink', browser, async (request, reply) => {
    const { csrf, identity: rawRef = '' } = readParams(request);
    const signedIn = await posting(request, csrf);
    await unlinkIdentity(deps, { domain: request.domain, signedIn, rawRef, context: contextOf(request) });
    return reply.redirect(`${deps.origin.of(request.domain.host)}${accountPath}`, 303);
  });

  app.get('/auth/link', browser, async (request, reply) => {
    const signedIn = await signedInOf(deps, request);
    const cookieValue = readSessionCookie(request, secure);
    if (!signedIn || cookieValue === undefined) {
      return reply.redirect(`${deps.origin.of(request.domain.host)}/login?continue=%2Fauth%2Flink`, 303);
    }
    const pending = await pendingOf(request);
    if (pending?.userId !== signedIn.user.id) {
      throw new FoyerError('state_mismatch', { detail: 'no link of this person and browser' });
    }
    const found = await deps.sources.find(request.domain.id, pending.sourceId);
    if (!found?.source.enabled) throw new FoyerError('source_not_found');
    const name = found.source.name;
    const language = pageLanguageOf(request);
    const words = linkWords[language];
    const person = `${signedIn.user.name} (${signedIn.user.email})`;
    return sendPage(reply, {
      title: words.title(name),
      language,
      body: html`<h1>${words.question(name)}</h1>
<p>${words.meaning(person, name, pending.email)}</p>
<form method="post" action="/auth/link">
<input type="hidden" name="csrf" value="${csrfTokenFor(await csrfKey(), cookieValue)}">
<button type="submit">${words.connect(name)}</button>
<a href="/">${words.notNow}</a>
</form>`,
    });
  });

  app.post('/auth/link', browser, async (request, reply) => {
    const { csrf } = readParams(request);
    const signedIn = requireFreshSession(await posting(request, csrf), deps.clock);
    const pending = await pendingOf(request);
    dropFlowCookie(reply, secure, pendingLinkCookieName(secure));
    await confirmPendingLink(deps, {
      domain: request.domain,
      pending,
      signedIn,
      context: contextOf(request),
    });
    return reply.redirect(`${deps.origin.of(request.domain.host)}${accountPath}`, 303);
  });
};
