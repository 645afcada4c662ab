import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { saveConsent } from '#model/token-families/consent-store.ts';
import type { RequestOrigin } from '#model/token-families/token-family.ts';
import { type AuthorizeDeps, grantAuthorization, isFreshEnough } from './authorize.ts';
import type { AnswerTarget, AuthorizationRequest } from './read-authorization-request.ts';

/**
 * Records the person's answer and, if they allowed it, grants the request. Killed in between, the consent stands and
 * the next request is answered without a page.
 * @throws {FoyerError} `access_denied`, `login_required`
 */
export const decideConsent = async (
  deps: AuthorizeDeps,
  domain: Domain,
  target: AnswerTarget,
  request: AuthorizationRequest,
  person: { signedIn: SignedIn; allows: boolean; from: RequestOrigin },
): Promise<Record<string, string>> => {
  // Who answers the consent page must have passed the same test as who was shown it.
  if (!(await isFreshEnough(deps, target, request, person.signedIn))) throw new FoyerError('login_required');
  const { id } = target.client.application;
  const { user } = person.signedIn;
  const { ip, userAgent, requestId } = person.from;
  const actor = {
    kind: 'user',
    id: user.id,
    ip,
    ...(userAgent !== undefined && { userAgent }),
    requestId,
  } as const;
  const entry = { applicationId: String(id), detail: { scope: request.scopes.join(' ') } };
  if (!person.allows) {
    await writeAudit(deps.db, domain.id, actor, {
      ...entry,
      action: 'consent.grant',
      outcome: 'denied',
      reason: 'access_denied',
    });
    throw new FoyerError('access_denied', { detail: 'the person did not allow it' });
  }
  await deps.db.transaction(async (tx) => {
    await saveConsent(tx, domain.id, user.id, id, request.scopes);
    await writeAudit(tx, domain.id, actor, { ...entry, action: 'consent.grant' });
  });
  return grantAuthorization(deps, domain, target, request, person);
};
