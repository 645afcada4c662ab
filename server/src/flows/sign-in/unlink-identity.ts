import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { removeIdentity } from '#model/identities/identity-store.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import type { SignInDeps } from './deps.ts';
import { actorOf, type RequestContext } from './request-context.ts';

export interface UnlinkIdentity {
  domain: Domain;
  signedIn: SignedIn;
  /** `ref` of the identity, from a form of the account page. */
  rawRef: string;
  context: RequestContext;
}

/**
 * Takes a source, and its stored tokens, from the account of the person who is signed in.
 * @throws {FoyerError} `not_found`, `last_sign_in_method` (S-38).
 */
export const unlinkIdentity = async (
  deps: Pick<SignInDeps, 'db'>,
  { domain, signedIn, rawRef, context }: UnlinkIdentity,
): Promise<void> => {
  const userId = signedIn.user.id;
  await deps.db.transaction(async (tx) => {
    const { passwordSignIn } = domain;
    const { sourceId } = await removeIdentity(tx, domain.id, userId, rawRef, { passwordSignIn });
    await writeAudit(tx, domain.id, actorOf(context, userId), {
      action: 'identity.unlink',
      sourceId,
      target: userId,
    });
  });
};
