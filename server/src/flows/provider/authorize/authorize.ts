/**
 * @module The authorization endpoint's decision: who is signed in (the same predicate as `/auth/authority`), whether
 * that is recent enough, whether the application may, and then a code. One read and one write in the common case.
 */
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { findSignedIn } from '#model/sessions/session-store.ts';
import type { Db } from '#model/tables.ts';
import { issueCode } from '#model/token-families/code-store.ts';
import { hasConsent } from '#model/token-families/consent-store.ts';
import { beginFamily } from '#model/token-families/family-store.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import { accessTokenTtlSeconds, type IssueDeps, issueAccessToken } from '#model/tokens/access-token.ts';
import type { AnswerTarget, AuthorizationRequest } from './read-authorization-request.ts';
import { isReauthenticated, markPurpose } from './reauthentication.ts';

export interface AuthorizeDeps extends IssueDeps {
  db: Db;
  clock: Clock;
  keyring: Keyring;
}

export type Authorization =
  /** Parameters of the answer beside `state` and `iss`. */
  | { kind: 'answer'; params: Record<string, string> }
  /** To the sign-in page; `anewAfterMs` when the present session does not do. */
  | { kind: 'sign_in'; anewAfterMs: number | undefined }
  | { kind: 'consent'; signedIn: SignedIn };

/** @throws {FoyerError} `login_required`, `consent_required` for `prompt=none` (OIDC Core §3.1.2.6) */
export const authorize = async (
  deps: AuthorizeDeps,
  domain: Domain,
  target: AnswerTarget,
  request: AuthorizationRequest,
  browser: { sessionCookie: string | undefined; from: RequestOrigin },
): Promise<Authorization> => {
  const signedIn =
    browser.sessionCookie === undefined
      ? undefined
      : await findSignedIn(deps.db, domain.id, browser.sessionCookie, sessionLifetimeOf(domain).idleSeconds);
  const silent = request.prompts.includes('none');
  const fresh = signedIn && (await isFreshEnough(deps, target, request, signedIn));
  if (!signedIn || !fresh) {
    if (silent) throw new FoyerError('login_required');
    const anew = request.prompts.includes('login') || signedIn !== undefined;
    const since = signedIn?.session.authenticatedAt.getTime() ?? deps.clock.nowMs();
    return { kind: 'sign_in', anewAfterMs: anew ? since : undefined };
  }
  if (await needsConsent(deps, domain, target, request, signedIn)) {
    if (silent) throw new FoyerError('consent_required');
    return { kind: 'consent', signedIn };
  }
  const params = await grantAuthorization(deps, domain, target, request, { signedIn, from: browser.from });
  return { kind: 'answer', params };
};

/** Whether the person signed in as recently as the request asks (`prompt=login`, `max_age`; S-73). */
export const isFreshEnough = async (
  deps: AuthorizeDeps,
  { params }: AnswerTarget,
  { prompts, maxAgeSeconds }: AuthorizationRequest,
  { session }: SignedIn,
): Promise<boolean> => {
  const ageMs = deps.clock.nowMs() - session.authenticatedAt.getTime();
  const tooOld = maxAgeSeconds !== undefined && (maxAgeSeconds === 0 || ageMs > maxAgeSeconds * 1_000);
  if (!prompts.includes('login') && !tooOld) return true;
  return isReauthenticated(await deps.keyring.purposeKey(markPurpose), params, session);
};

const needsConsent = async (
  deps: AuthorizeDeps,
  domain: Domain,
  { client: { application } }: AnswerTarget,
  { scopes, prompts }: AuthorizationRequest,
  { user }: SignedIn,
): Promise<boolean> => {
  if (application.skipAuthorization) return false;
  if (prompts.includes('consent')) return true;
  return !(await hasConsent(deps.db, domain.id, user.id, application.id, scopes));
};

/** The answer to a request that the person, or the administrator before them, has allowed. */
export const grantAuthorization = async (
  deps: AuthorizeDeps,
  domain: Domain,
  { client: { application }, redirectUri }: AnswerTarget,
  { responseType, scopes, codeChallenge, nonce }: AuthorizationRequest,
  { signedIn: { session, user }, from }: { signedIn: SignedIn; from: RequestOrigin },
): Promise<Record<string, string>> => {
  const grant = {
    applicationId: application.id,
    userId: user.id,
    sessionPublicId: session.publicId,
    authTime: session.authenticatedAt,
    scope: scopes.join(' '),
  };
  if (responseType === 'code') {
    return { code: await issueCode(deps.db, domain.id, { ...grant, redirectUri, codeChallenge, nonce }) };
  }
  const familyId = await beginFamily(deps.db, domain.id, {
    ...grant,
    grant: 'implicit',
    refreshToken: undefined,
    ttlSeconds: accessTokenTtlSeconds,
    from,
  });
  const { token, expiresInSeconds } = await issueAccessToken(deps, {
    domain,
    user,
    scopes,
    clientId: application.uid,
    familyId,
    sessionPublicId: session.publicId,
  });
  return { access_token: token, token_type: 'Bearer', expires_in: String(expiresInSeconds) };
};
