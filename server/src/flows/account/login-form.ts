/**
 * The sign-in form's protection. There is no session yet to bind a token to, so it is bound to a cookie of its own.
 * Backoffice and static login apps post without our token; for them the browser's word on the sender counts (T-5).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csrfTokenFor, isSameOrigin } from '#base/http/csrf.ts';
import { readHostCookie, setHostCookie } from '#base/http/host-cookie.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { randomToken } from '#base/lib/ids.ts';
import type { AccountDeps } from './deps.ts';

type Deps = Pick<AccountDeps, 'keyring' | 'origin'>;

const cookie = 'foyer_form';

/** The token for the hidden field, with the cookie that it belongs to. */
export const startLoginForm = async (
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> => {
  const { secure } = deps.origin;
  const value = readFormCookie(request, secure) ?? randomToken();
  setHostCookie(reply, cookie, value, { secure });
  return csrfTokenFor(await deps.keyring.purposeKey('csrf'), value);
};

const readFormCookie = (request: FastifyRequest, secure: boolean): string | undefined => {
  const value = readHostCookie(request, cookie, secure);
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
};

/**
 * A page of this origin may sign in. A request that says nothing of its sender needs the form's token, or the
 * domain's switch for scripts.
 *
 * @throws {FoyerError} `csrf_refused`
 */
export const checkLoginForm = async (
  deps: Deps,
  request: FastifyRequest,
  rawToken: string | undefined,
): Promise<void> => {
  const sameOrigin = isSameOrigin(request, deps.origin.of(request.domain.host));
  if (sameOrigin === true) return;
  if (sameOrigin === false)
    throw new FoyerError('csrf_refused', { detail: 'not sent by a page of this site' });
  if (request.domain.legacy.scriptedSignIn) return;
  const value = readFormCookie(request, deps.origin.secure);
  const token = value && csrfTokenFor(await deps.keyring.purposeKey('csrf'), value);
  if (token === undefined || rawToken !== token) {
    throw new FoyerError('csrf_refused', {
      detail: 'neither Origin nor Sec-Fetch-Site, and no token of a form',
    });
  }
};
