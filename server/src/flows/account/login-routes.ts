import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readHostCookie, setHostCookie } from '#base/http/host-cookie.ts';
import { pageLanguageOf } from '#base/http/page-language.ts';
import { type RawParams, readParams } from '#base/http/read-params.ts';
import { readSessionCookie, setSessionCookie, verifiedKeyPurpose } from '#base/http/session-cookie.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import { returnUrlOf } from '#model/domains/return-url-of.ts';
import { listSignInChoices } from '#model/sources/list-sign-in-choices.ts';
import { hasBreakGlassAccount } from '#model/users/break-glass.ts';
import { findBrowserSession } from './browser-session.ts';
import { clientOf } from './client.ts';
import type { AccountDeps } from './deps.ts';
import { formTargetsOf } from './form-targets.ts';
import { checkLoginForm, startLoginForm } from './login-form.ts';
import { isShownProblem, type LoginPage, sendLoginPage } from './login-page.ts';
import { type PasswordSignedIn, signInWithPassword } from './sign-in-with-password.ts';

const knownBrowserCookie = 'foyer_known';
const yearSeconds = 365 * 86_400;

export const loginRoutes = (app: FastifyInstance, deps: AccountDeps): void => {
  const config = { errors: 'browser' } as const;

  app.get('/', { config }, async (request, reply) => {
    const session = await findBrowserSession(deps, request);
    return redirect(deps, request, reply, session ? '/account' : '/login');
  });

  app.get('/login', { config }, async (request, reply) => {
    const params = readParams(request);
    const session = await findBrowserSession(deps, request);
    const page = await preparePage(deps, request, reply, params, params.local === '1');
    const { error, notice } = params;
    return sendLoginPage(reply, {
      ...page,
      ...(isShownProblem(error) && { problem: error }),
      ...((notice === 'signed_out' || notice === 'signed_out_everywhere') && { notice }),
      ...(session && { signedInAs: session.user.name || session.user.email }),
    });
  });

  app.post('/auth/signin', { config }, async (request, reply) => {
    refusePasswordInQuery(request);
    const params = readParams(request);
    await checkLoginForm(deps, request, params.csrf);
    try {
      const signedIn = await signInWithPassword(deps, {
        domain: request.domain,
        rawEmail: params.email ?? '',
        rawPassword: params.password ?? '',
        client: clientOf(request),
        rawKnownBrowserMark: readHostCookie(request, knownBrowserCookie, deps.origin.secure),
        oldCookieValue: readSessionCookie(request, deps.origin.secure),
      });
      await setCookies(deps, request, reply, signedIn);
    } catch (error) {
      return refuse(deps, request, reply, params, error);
    }
    reply.header('cache-control', 'no-store');
    if (params.continue === undefined) return reply.code(202).send();
    return redirect(deps, request, reply, returnUrlOf(deps.origin, request.domain, params.continue));
  });
};

const redirect = (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  target: string,
): FastifyReply => {
  const url = new URL(target, deps.origin.of(request.domain.host));
  return reply.header('cache-control', 'no-store').redirect(url.href, 302);
};

const preparePage = async (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  params: RawParams,
  wantsLocal: boolean,
): Promise<LoginPage> => {
  const { domain } = request;
  const continueTo = returnUrlOf(deps.origin, domain, params.continue);
  return {
    language: pageLanguageOf(request),
    domain,
    choices: await listSignInChoices(deps.db, domain.id),
    passwordForm: await passwordFormOf(deps, domain, wantsLocal),
    continueTo,
    csrfToken: await startLoginForm(deps, request, reply),
    formTargets: await formTargetsOf(deps, domain, continueTo),
  };
};

/** Where nobody but break-glass accounts has a password to enter, the form is out of the others' way. */
const passwordFormOf = async (
  { db }: AccountDeps,
  domain: Domain,
  wantsLocal: boolean,
): Promise<LoginPage['passwordForm']> => {
  if (domain.passwordSignIn) return 'for all';
  if (!(await hasBreakGlassAccount(db, domain.id))) return 'none';
  return wantsLocal ? 'for administrators' : 'behind a link';
};

/** Query strings end in logs and histories (S-70); only scripts of old, by the domain's switch, may put one there. */
const refusePasswordInQuery = (request: FastifyRequest): void => {
  const query = request.query as Record<string, unknown>;
  if ('password' in query && !request.domain.legacy.scriptedSignIn) {
    throw new FoyerError('bad_request', { detail: 'a password in the query' });
  }
};

const setCookies = async (
  { origin: { secure }, keyring }: AccountDeps,
  { domain }: FastifyRequest,
  reply: FastifyReply,
  { cookieValue, maxAgeSeconds, knownBrowserMark }: PasswordSignedIn,
): Promise<void> => {
  const embedded = domain.legacy.embeddedApps === true;
  const verifiedKey = await keyring.sealingKey(verifiedKeyPurpose);
  setSessionCookie(reply, cookieValue, { secure, embedded, maxAgeSeconds, verifiedKey });
  setHostCookie(reply, knownBrowserCookie, knownBrowserMark, { secure, maxAgeSeconds: yearSeconds });
};

/** People get the page again, with the reason; programs the bare status, as from PlaceOS. Nobody is sent elsewhere (S-16). */
const refuse = async (
  deps: AccountDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  params: RawParams,
  error: unknown,
): Promise<FastifyReply> => {
  if (!isFoyerError(error, 'bad_credentials') && !isFoyerError(error, 'rate_limited')) throw error;
  request.log.info({ code: error.code, detail: error.detail }, 'refused');
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  const isForm = params.continue !== undefined && (request.headers.accept ?? '').includes('text/html');
  if (!isForm && error.code === 'bad_credentials') {
    return reply.code(error.status).header('cache-control', 'no-store').send();
  }
  if (!isForm) throw error;
  const page = await preparePage(deps, request, reply, params, true);
  const email = (params.email ?? '').slice(0, 254);
  return sendLoginPage(reply, { ...page, problem: error.code, email, status: error.status });
};
