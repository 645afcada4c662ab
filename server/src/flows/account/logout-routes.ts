import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { clearSessionCookie, readSessionCookie } from '#base/http/session-cookie.ts';
import { type BrowserSession, findBrowserSession, findFormSession } from './browser-session.ts';
import { clientOf } from './client.ts';
import type { AccountDeps } from './deps.ts';
import { logoutTargetOf } from './logout-target.ts';
import { signOut } from './sign-out.ts';
import { accountWords } from './words.ts';

export const logoutRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  const config = { errors: 'browser' } as const;

  app.get('/auth/logout', { config }, async (request, reply) => {
    const target = logoutTargetOf(deps.origin, request.domain, readParams(request).continue);
    // Another site must not sign anybody out (S-83); the person may.
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      const session = await findBrowserSession(deps, request);
      if (session) return sendConfirmation(deps, request, reply, session, target);
    }
    return endAndGo(deps, request, reply, target);
  });

  app.post('/auth/logout', { config }, async (request, reply) => {
    const params = readParams(request);
    await findFormSession(deps, request, params.csrf);
    return endAndGo(deps, request, reply, logoutTargetOf(deps.origin, request.domain, params.continue));
  });
};

const endAndGo = async (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  target: string,
): Promise<FastifyReply> => {
  const { secure } = deps.origin;
  const { domain } = request;
  await signOut(deps, {
    domain,
    cookieValue: readSessionCookie(request, secure),
    rawBearer: /^(?:Bearer|Token) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1],
    client: clientOf(request),
  });
  clearSessionCookie(reply, { secure, embedded: domain.legacy.embeddedApps === true });
  return reply.header('cache-control', 'no-store').redirect(target, 302);
};

const sendConfirmation = (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  session: BrowserSession,
  target: string,
): FastifyReply => {
  const { domain } = request;
  const own = deps.origin.of(domain.host);
  const { origin } = new URL(target);
  const language = pageLanguageOf(request);
  const { logout: words, login } = accountWords[language];
  const title = words.question(domain.name);
  return sendPage(reply, {
    title,
    language,
    formTargets: origin === own ? [] : [origin],
    body: html`<section class="card">
<div class="lead">
<h1>${title}</h1>
<p class="quiet">${words.anotherSite} ${login.signedInAs(session.user.name || session.user.email || '')}</p>
</div>
<form method="post" action="/auth/logout">
<input type="hidden" name="csrf" value="${session.csrfToken}">
<input type="hidden" name="continue" value="${target}">
<button class="button" type="submit">${words.signOut}</button>
<a class="button plain" href="/account">${words.stay}</a>
</form>
</section>`,
  });
};
