/** @module The authorization endpoint and its consent page. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkCsrf, csrfTokenFor } from '#base/http/csrf.ts';
import { sendPage } from '#base/http/page.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { readParams } from '#base/http/read-params.ts';
import { maxUrlBytes } from '#base/http/request-limits.ts';
import { readSessionCookie } from '#base/http/session-cookie.ts';
import { errorTable, FoyerError } from '#base/lib/errors.ts';
import type { ApplicationCache } from '#model/applications/application-cache.ts';
import { requestOriginOf } from '../request-origin.ts';
import { findPerson, sendToSignIn } from '../signed-in.ts';
import { providerWords } from '../words.ts';
import { type AuthorizeDeps, authorize } from './authorize.ts';
import { consentPage } from './consent-page.ts';
import { decideConsent } from './decide-consent.ts';
import {
  type AnswerTarget,
  readAnswerTarget,
  readAuthorizationRequest,
} from './read-authorization-request.ts';
import { markedQuery, markPurpose } from './reauthentication.ts';
import { formTargetOf } from './redirect-uri.ts';
import { sendAnswer } from './send-answer.ts';

export interface AuthorizeRoutesDeps extends AuthorizeDeps {
  applications: ApplicationCache;
}

const path = '/auth/oauth/authorize';

const tellable = new Set([
  'invalid_request',
  'invalid_scope',
  'unsupported_response_type',
  'access_denied',
  'login_required',
  'consent_required',
]);

export const authorizeRoutes = (app: FastifyInstance, deps: AuthorizeRoutesDeps): void => {
  const config = { errors: 'browser' } as const;

  /** From where the answer's address is known on, refusals go to the application (S-55). */
  const answering = async (
    request: FastifyRequest,
    reply: FastifyReply,
    target: AnswerTarget,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FoyerError) || !tellable.has(error.code)) throw error;
      const { oauth = error.code, sentence } = errorTable[error.code];
      return sendAnswer(reply, deps.origin.of(request.domain.host), target, {
        error: oauth,
        error_description: error.detail ?? sentence,
      });
    }
  };

  app.get(path, { config }, async (request, reply) => {
    const { domain } = request;
    const target = await readAnswerTarget(deps, domain, request.query as Record<string, unknown>);
    return answering(request, reply, target, async () => {
      const asked = readAuthorizationRequest(target);
      const outcome = await authorize(deps, domain, target, asked, {
        sessionCookie: readSessionCookie(request, deps.origin.secure),
        from: requestOriginOf(request),
      });
      if (outcome.kind === 'answer') {
        return sendAnswer(reply, deps.origin.of(domain.host), target, outcome.params);
      }
      if (outcome.kind === 'sign_in') {
        const { anewAfterMs } = outcome;
        if (anewAfterMs === undefined) return sendToSignIn(reply, deps, domain, request.url);
        const query = markedQuery(await deps.keyring.purposeKey(markPurpose), target.params, anewAfterMs);
        return sendToSignIn(reply, deps, domain, `${path}?${query}`);
      }
      const { application } = target.client;
      const { signedIn } = outcome;
      const cookie = readSessionCookie(request, deps.origin.secure) ?? '';
      const language = pageLanguageOf(request);
      const words = providerWords[language];
      return sendPage(reply, {
        title: words.allow(application.name),
        language,
        formTargets: [formTargetOf(target.redirectUri)],
        body: consentPage({
          words,
          applicationName: application.name,
          domainName: domain.name,
          userName: signedIn.user.name,
          scopes: asked.scopes,
          csrfToken: csrfTokenFor(await deps.keyring.purposeKey('csrf'), cookie),
          query: request.url.slice(request.url.indexOf('?') + 1),
        }),
      });
    });
  });

  // OIDC Core §3.1.2.1 wants POST, too. A GET of the same request brings the session cookie along.
  app.post(path, { config }, async (request, reply) => {
    const query = Object.entries(readParams(request))
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    // The browser would be refused at the next step, and proxies drop answers with such headers.
    if (path.length + query.length > maxUrlBytes) throw new FoyerError('uri_too_long');
    return reply
      .header('cache-control', 'no-store')
      .redirect(`${deps.origin.of(request.domain.host)}${path}?${query}`, 303);
  });

  app.post('/auth/oauth/consent', { config }, async (request, reply) => {
    const { domain } = request;
    const person = await findPerson(deps, request);
    if (!person) throw new FoyerError('unauthorized');
    const params = readParams(request);
    checkCsrf(request, {
      origin: deps.origin.of(domain.host),
      key: await deps.keyring.purposeKey('csrf'),
      sessionCookieValue: person.sessionCookie,
      rawToken: params.csrf,
    });
    const target = await readAnswerTarget(deps, domain, parseQuery(params.request ?? ''));
    return answering(request, reply, target, async () => {
      const answer = await decideConsent(deps, domain, target, readAuthorizationRequest(target), {
        signedIn: person,
        allows: params.decision === 'allow',
        from: requestOriginOf(request),
      });
      return sendAnswer(reply, deps.origin.of(domain.host), target, answer);
    });
  });
};

/** As the server's own query parser answers: repeated names become arrays. */
const parseQuery = (query: string): Record<string, unknown> => {
  const params = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
};
