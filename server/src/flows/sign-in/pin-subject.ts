import type { Domain } from '#model/domains/domain.ts';
import { pinSubjectKey } from '#model/sources/pin-subject-key.ts';
import type { Source } from '#model/sources/source.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';
import type { SignInDeps } from './deps.ts';
import { actorOf, type RequestContext } from './request-context.ts';

/**
 * Binds the source to the key that its user id came from, before the identity is stored (D-06). One write in the life of
 * a source; after that nothing happens here.
 * @throws {FoyerError} `bad_profile` when it is bound to another key by now.
 */
export const pinSubject = async (
  deps: Pick<SignInDeps, 'db' | 'sources'>,
  {
    domain,
    source,
    identity,
    context,
  }: { domain: Domain; source: Source; identity: Identity; context: RequestContext },
): Promise<void> => {
  const { subjectKey } = identity;
  if (subjectKey === undefined || source.settings.uid_key === subjectKey) return;
  await pinSubjectKey(deps.db, actorOf(context), domain.id, source.id, subjectKey);
  deps.sources.forget(domain.id, source.id);
};
