import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { type RawParams, readParams } from '#base/http/read-params.ts';
import { clearSessionCookie } from '#base/http/session-cookie.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import { isNotice, sendAccountPage } from './account-page.ts';
import { type BrowserSession, findBrowserSession, findFormSession } from './browser-session.ts';
import { changePassword } from './change-password.ts';
import { type Client, clientOf } from './client.ts';
import type { AccountDeps } from './deps.ts';
import { disconnect } from './disconnect-app.ts';
import { endOneSession } from './end-one-session.ts';
import { readAccount } from './read-account.ts';
import { signOutEverywhere } from './sign-out-everywhere.ts';

const config = { errors: 'browser' } as const;

export const accountRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  app.get('/account', { config }, async (request, reply) => {
    const session = await findBrowserSession(deps, request);
    if (!session) return goTo(deps, request, reply, '/login?continue=%2Faccount', 302);
    const { notice } = readParams(request);
    return showAccount(deps, request, reply, session, isNotice(notice) ? { notice } : {});
  });

  const onPost = (path: string, work: (post: AccountPost) => Promise<FastifyReply>): void => {
    app.post(path, { config }, async (request, reply) => {
      const params = readParams(request);
      const session = await findFormSession(deps, request, params.csrf);
      if (!session) return goTo(deps, request, reply, '/login?continue=%2Faccount', 303);
      return work({ request, reply, session, params, client: clientOf(request) });
    });
  };

  onPost('/account/password', async ({ request, reply, session, params, client }) => {
    try {
      await changePassword(deps, {
        domain: request.domain,
        signedIn: session,
        rawCurrent: params.current_password ?? '',
        rawNew: params.password ?? '',
        rawNewAgain: params.password_again ?? '',
        client,
      });
    } catch (error) {
      if (!isFoyerError(error, 'validation_failed')) throw error;
      return showAccount(deps, request, reply, session, {
        failures: error.failures ?? [],
        status: error.status,
      });
    }
    return goTo(deps, request, reply, '/account?notice=password_changed', 303);
  });

  onPost('/account/sessions/end', async ({ request, reply, session, params, client }) => {
    await endOneSession(deps, {
      domain: request.domain,
      signedIn: session,
      publicId: params.session ?? '',
      client,
    });
    return goTo(deps, request, reply, '/account?notice=session_ended', 303);
  });

  onPost('/account/apps/disconnect', async ({ request, reply, session, params, client }) => {
    const applicationId = Number(params.application);
    await disconnect(deps, { domain: request.domain, signedIn: session, applicationId, client });
    return goTo(deps, request, reply, '/account?notice=app_disconnected', 303);
  });

  onPost('/account/sign-out-everywhere', async ({ request, reply, session, client }) => {
    await signOutEverywhere(deps, { domain: request.domain, signedIn: session, client });
    const { legacy } = request.domain;
    clearSessionCookie(reply, { secure: deps.origin.secure, embedded: legacy.embeddedApps === true });
    return goTo(deps, request, reply, '/login?notice=signed_out_everywhere', 303);
  });
};

interface AccountPost {
  request: FastifyRequest;
  reply: FastifyReply;
  session: BrowserSession;
  params: RawParams;
  client: Client;
}

const goTo = (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  status: 302 | 303,
): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(`${deps.origin.of(request.domain.host)}${path}`, status);

const showAccount = async (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  session: BrowserSession,
  extra: Partial<Parameters<typeof sendAccountPage>[1]>,
): Promise<FastifyReply> =>
  sendAccountPage(reply, {
    language: pageLanguageOf(request),
    domain: request.domain,
    account: await readAccount(deps, request.domain, session),
    session: session.session,
    csrfToken: session.csrfToken,
    now: deps.clock.now(),
    consolePath: deps.origin.consolePath,
    ...extra,
  });
