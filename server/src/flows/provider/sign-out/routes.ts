/**
 * @module Sign-out that an application asks for. With a genuine ID token of the same person it happens at once;
 * otherwise the person confirms it. The browser only ever goes on to an exact registered URI of that application.
 * @see OIDC RP-Initiated Logout 1.0 §2, §3 (S-75)
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor } from '#base/http/csrf.ts';
import { html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { clearSessionCookie } from '#base/http/session-cookie.ts';
import { redirectUrisOf } from '#model/applications/application.ts';
import type { ApplicationCache } from '#model/applications/application-cache.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { endSession } from '#model/sessions/session-store.ts';
import { type IdTokenDeps, type IdTokenHint, readIdTokenHint } from '../id-token.ts';
import { type Params, withoutBlanks } from '../read-client-params.ts';
import { findPerson, type Person, type SignedInDeps } from '../signed-in.ts';
import { providerWords } from '../words.ts';

export interface SignOutRoutesDeps extends SignedInDeps, IdTokenDeps {
  keyring: Keyring;
  applications: ApplicationCache;
}

const path = '/auth/oauth/logout';

export const signOutRoutes = (app: FastifyInstance, deps: SignOutRoutesDeps): void => {
  const config = { errors: 'browser' } as const;

  /** Where to go on: only for a genuine hint, and exactly as registered for its application. */
  const landingOf = async (
    request: FastifyRequest,
    params: Params,
    hint: IdTokenHint | undefined,
  ): Promise<string | undefined> => {
    const target = params.post_logout_redirect_uri;
    if (!hint || target === undefined) return undefined;
    if (params.client_id !== undefined && params.client_id !== hint.clientId) return undefined;
    const client = await deps.applications.byClientId(request.domain.id, hint.clientId);
    if (!client || !redirectUrisOf(client.application).includes(target)) return undefined;
    if (params.state === undefined) return target;
    return `${target}${target.includes('?') ? '&' : '?'}state=${encodeURIComponent(params.state)}`;
  };

  const signOut = async (request: FastifyRequest, reply: FastifyReply, person: Person): Promise<void> => {
    const { domain } = request;
    const userAgent = request.headers['user-agent'];
    await deps.db.transaction(async (tx) => {
      const ended = await endSession(tx, domain.id, person.sessionCookie);
      if (!ended) return;
      await writeAudit(
        tx,
        domain.id,
        {
          kind: 'user',
          id: ended.userId,
          ip: request.ip,
          ...(userAgent !== undefined && { userAgent }),
          requestId: request.id,
        },
        { action: 'sign_out', target: ended.userId, detail: { session: ended.publicId } },
      );
    });
    clearSessionCookie(reply, { secure: deps.origin.secure, embedded: domain.legacy.embeddedApps ?? false });
  };

  const goOn = (request: FastifyRequest, reply: FastifyReply, landing: string | undefined): FastifyReply => {
    if (landing !== undefined) return reply.header('cache-control', 'no-store').redirect(landing, 302);
    const language = pageLanguageOf(request);
    const words = providerWords[language].signOut;
    return sendPage(reply, {
      title: words.title,
      language,
      body: html`<section class="card">
<h1>${words.done}</h1>
<p><a class="button" href="/login">${words.again}</a></p>
</section>`,
    });
  };

  app.route({
    method: ['GET', 'POST'],
    url: path,
    config,
    handler: async (request, reply) => {
      const params = withoutBlanks(readParams(request));
      const hint =
        params.id_token_hint === undefined
          ? undefined
          : await readIdTokenHint(deps, request.domain, params.id_token_hint);
      const landing = await landingOf(request, params, hint);
      const person = await findPerson(deps, request);
      if (!person) return goOn(request, reply, landing);
      const isExpected = hint?.userId === person.user.id;
      const goesAstray = params.post_logout_redirect_uri !== undefined && landing === undefined;
      if (isExpected && !goesAstray) {
        await signOut(request, reply, person);
        return goOn(request, reply, landing);
      }
      const csrfToken = csrfTokenFor(await deps.keyring.purposeKey('csrf'), person.sessionCookie);
      const language = pageLanguageOf(request);
      const words = providerWords[language].signOut;
      return sendPage(reply, {
        title: words.question,
        language,
        body: html`<section class="card">
<h1>${words.question}</h1>
<p>${words.signedInAs(person.user.name)}</p>
<form method="post" action="${path}/confirm">
<input type="hidden" name="csrf" value="${csrfToken}">
<button class="button" type="submit">${words.signOut}</button>
</form>
</section>`,
      });
    },
  });

  app.post(`${path}/confirm`, { config }, async (request, reply) => {
    const person = await findPerson(deps, request);
    if (!person) return goOn(request, reply, undefined);
    checkCsrf(request, {
      origin: deps.origin.of(request.domain.host),
      key: await deps.keyring.purposeKey('csrf'),
      sessionCookieValue: person.sessionCookie,
      rawToken: readParams(request).csrf,
    });
    await signOut(request, reply, person);
    return goOn(request, reply, undefined);
  });
};
