/** @module The applications that may act for the signed-in person, and taking that back (S-72). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor, isSameOrigin } from '#base/http/csrf.ts';
import { html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { UserId } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { listAuthorizedApplications, revokeApplication } from '#model/token-families/family-store.ts';
import { findPerson, type SignedInDeps, sendToSignIn } from '../signed-in.ts';
import { providerWords } from '../words.ts';

export interface AuthorizedApplicationsDeps extends SignedInDeps {
  keyring: Keyring;
}

const path = '/auth/oauth/authorized_applications';

const wantsJson = (request: FastifyRequest): boolean => {
  const accept = request.headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
};

export const authorizedApplicationsRoutes = (
  app: FastifyInstance,
  deps: AuthorizedApplicationsDeps,
): void => {
  const config = { errors: 'browser' } as const;

  app.get(path, { config }, async (request, reply) => {
    const person = await findPerson(deps, request);
    if (!person) {
      if (wantsJson(request)) throw new FoyerError('unauthorized');
      return sendToSignIn(reply, deps, request.domain, path);
    }
    const applications = await listAuthorizedApplications(deps.db, request.domain.id, person.user.id);
    reply.header('cache-control', 'no-store');
    if (wantsJson(request)) {
      return applications.map(({ id, name, uid, confidential, grantedAt }) => ({
        id,
        name,
        created_at: unixSeconds(grantedAt),
        ...(!confidential && { uid }),
      }));
    }
    const csrfToken = csrfTokenFor(await deps.keyring.purposeKey('csrf'), person.sessionCookie);
    const language = pageLanguageOf(request);
    const words = providerWords[language].applications;
    return sendPage(reply, {
      title: words.title,
      language,
      body: html`<section class="card">
<h1>${words.title}</h1>
<p>${words.mayAct(person.user.name)}</p>
${applications.length === 0 && html`<p class="quiet">${words.none}</p>`}
${applications.map(
  ({ id, name, grantedAt }) => html`<form method="post" action="${path}/${id}/revoke">
<input type="hidden" name="csrf" value="${csrfToken}">
<p>${name} <span class="quiet">${words.since(grantedAt.toISOString().slice(0, 10))}</span>
<button type="submit" aria-label="${words.removeOne(name)}">${words.remove}</button></p>
</form>
`,
)}
</section>`,
    });
  });

  const revoke = async (request: FastifyRequest, userId: UserId): Promise<void> => {
    const rawId = (request.params as { id: string }).id;
    if (!/^\d{1,15}$/.test(rawId)) throw new FoyerError('not_found');
    const userAgent = request.headers['user-agent'];
    await deps.db.transaction(async (tx) => {
      await revokeApplication(tx, request.domain.id, userId, Number(rawId));
      await writeAudit(
        tx,
        request.domain.id,
        {
          kind: 'user',
          id: userId,
          ip: request.ip,
          ...(userAgent !== undefined && { userAgent }),
          requestId: request.id,
        },
        { action: 'consent.revoke', applicationId: rawId },
      );
    });
  };

  app.post(`${path}/:id/revoke`, { config }, async (request, reply): Promise<FastifyReply> => {
    const person = await findPerson(deps, request);
    if (!person) throw new FoyerError('unauthorized');
    checkCsrf(request, {
      origin: deps.origin.of(request.domain.host),
      key: await deps.keyring.purposeKey('csrf'),
      sessionCookieValue: person.sessionCookie,
      rawToken: readParams(request).csrf,
    });
    await revoke(request, person.user.id);
    return reply.redirect(`${deps.origin.of(request.domain.host)}${path}`, 303);
  });

  // No form can send DELETE, and no foreign page without a preflight that is never answered.
  app.delete(`${path}/:id`, { config }, async (request, reply) => {
    const person = await findPerson(deps, request);
    if (!person) throw new FoyerError('unauthorized');
    if (isSameOrigin(request, deps.origin.of(request.domain.host)) !== true)
      throw new FoyerError('csrf_refused');
    await revoke(request, person.user.id);
    return reply.code(204).send();
  });
};
