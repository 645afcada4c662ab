/**
 * @module Joining a further source to an account. Two ways lead here: a signed-in person asks for it and signs in at
 * the source (S-33); or a sign-in met an account with the same address, and the person proved that it is theirs (S-34).
 * Both end with the person who is signed in at that moment, or not at all.
 */
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Domain } from '#model/domains/domain.ts';
import { claimFlow } from '#model/identities/flow-uses.ts';
import { addIdentity, wasUnlinkedSince } from '#model/identities/identity-store.ts';
import type { SignedIn } from '#model/sessions/session.ts';
import { signInPolicyOf } from '#model/sources/sign-in-policy.ts';
import type { Source } from '#model/sources/source.ts';
import { storeGrant } from '#model/upstream-grants/store-grant.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';
import type { SignInDeps } from './deps.ts';
import type { Flow } from './flow.ts';
import type { PendingLink } from './pending-link.ts';
import { pinSubject } from './pin-subject.ts';
import { actorOf, type RequestContext } from './request-context.ts';

const freshMs = 5 * 60_000;

/** @throws {FoyerError} `unauthorized` without a session, `reauthentication_required` when it is older than 5 min. */
export const requireFreshSession = (signedIn: SignedIn | undefined, clock: Clock): SignedIn => {
  if (!signedIn) throw new FoyerError('unauthorized');
  if (clock.nowMs() - signedIn.session.authenticatedAt.getTime() > freshMs) {
    throw new FoyerError('reauthentication_required', {
      page: { next: { href: '/login?continue=%2Faccount', label: 'Sign in again' } },
    });
  }
  return signedIn;
};

export interface LinkIdentity {
  domain: Domain;
  source: Source;
  link: NonNullable<Flow['link']>;
  identity: Identity;
  signedIn: SignedIn | undefined;
  context: RequestContext;
}

type Deps = Pick<SignInDeps, 'db' | 'keyring' | 'sources' | 'clock' | 'origin'>;

/**
 * Ends a linking flow.
 * @throws {FoyerError} `state_mismatch` when another person (or nobody) is signed in by now, `account_exists` when the
 *   identity belongs to another account, `not_permitted` when the source may not be linked.
 */
export const linkIdentity = async (
  deps: Deps,
  { domain, source, link, identity, signedIn, context }: LinkIdentity,
): Promise<void> => {
  if (signedIn?.user.id !== link.userId || signedIn.session.publicId !== link.sessionPublicId) {
    throw new FoyerError('state_mismatch', { detail: 'another session than the one that began the link' });
  }
  await pinSubject(deps, { domain, source, identity, context });
  await join(
    deps,
    domain,
    source,
    { ...identity, userId: link.userId, email: identity.fields.email },
    context,
  );
};

/**
 * Connects the account that a person has just signed in to with the sign-in that they tried before.
 * @throws {FoyerError} `state_mismatch` (other person, expired, unlinked since), `flow_used`, `source_not_found`.
 */
export const confirmPendingLink = async (
  deps: Deps,
  confirmation: {
    domain: Domain;
    pending: PendingLink | undefined;
    signedIn: SignedIn;
    context: RequestContext;
  },
): Promise<void> => {
  const { domain, pending, signedIn, context } = confirmation;
  if (!pending || pending.userId !== signedIn.user.id) {
    throw new FoyerError('state_mismatch', { detail: 'no link of this person and browser' });
  }
  const { userId, sourceId, createdAtMs } = pending;
  const found = await deps.sources.find(domain.id, sourceId);
  if (!found?.source.enabled) throw new FoyerError('source_not_found');
  if (await wasUnlinkedSince(deps.db, domain.id, userId, sourceId, createdAtMs)) {
    throw new FoyerError('state_mismatch', { detail: 'the source was unlinked since' });
  }
  if (!(await claimFlow(deps.db, domain.id, pending.id, sourceId))) throw new FoyerError('flow_used');
  await join(deps, domain, found.source, { ...pending, tokens: undefined }, context);
};

const join = async (
  deps: Deps,
  domain: Domain,
  source: Source,
  identity: Pick<Identity, 'issuer' | 'subject' | 'tokens'> & {
    userId: SignedIn['user']['id'];
    email: string | undefined;
  },
  context: RequestContext,
): Promise<void> => {
  if (!signInPolicyOf(source).linking) {
    throw new FoyerError('not_permitted', { detail: 'linking is off for this source' });
  }
  const { issuer, subject, tokens, userId, email } = identity;
  const key = { domainId: domain.id, sourceId: source.id, issuer, subject };
  await deps.db.transaction(async (tx) => {
    await addIdentity(tx, domain.id, userId, { sourceId: source.id, issuer, subject, email });
    if (tokens) await storeGrant(tx, deps.keyring, key, tokens);
    await writeAudit(tx, domain.id, actorOf(context, userId), {
      action: 'identity.link',
      sourceId: source.id,
      target: userId,
    });
  });
};
