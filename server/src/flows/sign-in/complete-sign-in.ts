/**
 * Signs the identified person in: one statement finds or makes their account and starts the session. What that
 * statement must not decide becomes a refusal here.
 */
import { sqlStateOf } from '#base/db/database.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { randomToken, sha256, type UserId } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import {
  completeSignInStatement,
  type SealedGrant,
  type SignInOutcome,
} from '#model/identities/complete-sign-in-statement.ts';
import { sessionLifetimeOf } from '#model/sessions/session-lifetime.ts';
import { supersedeSession } from '#model/sessions/supersede-session.ts';
import { accountRules, signInPolicyOf } from '#model/sources/sign-in-policy.ts';
import { providerOf, type Source } from '#model/sources/source.ts';
import { sealTokens } from '#model/upstream-grants/seal-grant.ts';
import type { Identity } from '#upstream/identity/identity-source.ts';
import type { SignInDeps } from './deps.ts';
import { pinSubject } from './pin-subject.ts';
import type { RequestContext } from './request-context.ts';

export interface CompleteSignIn {
  domain: Domain;
  source: Source;
  identity: Identity;
  /** Of the session that this browser has had until now; it ends (S-17). */
  oldSessionCookie: string | undefined;
  context: RequestContext;
}

export interface SignedInPerson {
  userId: UserId;
  how: 'returning' | 'linked' | 'created';
  /** The new session cookie's value and life. */
  sessionCookie: string;
  maxAgeSeconds: number;
}

/** An account that the person may connect to after proving that it is theirs (S-29). */
export class AccountExists extends FoyerError {
  readonly userId: UserId;
  constructor(userId: UserId) {
    super('account_exists', { detail: `another account has the e-mail address: ${userId}` });
    this.userId = userId;
  }
}

type Deps = Pick<SignInDeps, 'db' | 'keyring' | 'sources' | 'onSignedIn'>;

/** @throws {FoyerError} `account_exists`, `account_disabled`, `not_provisioned`, `bad_profile`. */
export const completeSignIn = async (deps: Deps, sign: CompleteSignIn): Promise<SignedInPerson> => {
  const { domain, source, identity, context } = sign;
  checkIdentity(identity);
  await pinSubject(deps, sign);
  const sessionCookie = randomToken();
  const publicId = randomToken(12);
  const { idleSeconds, absoluteSeconds } = sessionLifetimeOf(domain);
  const { issuer, subject, fields } = identity;
  const provider = providerOf[source.kind];
  const outcome = await run(deps, domain, {
    sourceId: source.id,
    provider,
    issuer,
    subject,
    fields,
    ...accountRules(signInPolicyOf(source), {
      email: fields.email,
      emailVerified: identity.emailVerified,
    }),
    grant: await sealGrant(deps, sign),
    session: { idHash: sha256(sessionCookie), publicId, idleSeconds, absoluteSeconds },
    ...context,
  });
  if (outcome.kind === 'account_exists') throw new AccountExists(outcome.userId);
  if (outcome.kind !== 'signed_in') throw new FoyerError(outcome.kind);
  const { userId, how } = outcome;
  if (sign.oldSessionCookie) {
    await supersedeSession(deps.db, domain.id, sign.oldSessionCookie, { publicId, userId });
  }
  deps.onSignedIn?.({ userId, provider });
  return { userId, how, sessionCookie, maxAgeSeconds: absoluteSeconds };
};

/** An identity is a key of the database: it must be there, short, and text (S-25, S-28). */
const checkIdentity = ({ issuer, subject }: Identity): void => {
  for (const part of [issuer, subject]) {
    if (typeof part !== 'string' || part.trim() === '' || part.length > 512 || part.includes('\0')) {
      throw new FoyerError('bad_profile', {
        detail: 'no usable subject',
        evidence: { step: 'mapping', reason: 'missing_uid' },
      });
    }
  }
};

const sealGrant = async (
  deps: Deps,
  { domain, source, identity }: CompleteSignIn,
): Promise<SealedGrant | undefined> => {
  const { tokens, issuer, subject } = identity;
  if (!tokens) return undefined;
  const key = { domainId: domain.id, sourceId: source.id, issuer, subject };
  const { tokenType, scope, expiresAt } = tokens;
  return { ...(await sealTokens(deps.keyring, key, tokens)), tokenType, scope, expiresAt };
};

const run = async (
  deps: Deps,
  domain: Domain,
  record: Parameters<typeof completeSignInStatement>[2],
): Promise<SignInOutcome> => {
  try {
    return await completeSignInStatement(deps.db, domain.id, record);
  } catch (cause) {
    // 22021, 22P05: text that the database cannot hold. 54000: too long for an index. 23503: the source is gone.
    const state = sqlStateOf(cause);
    if (state === '22021' || state === '22P05' || state === '54000') {
      throw new FoyerError('bad_profile', { cause, detail: 'a field cannot be stored' });
    }
    if (state === '23503') throw new FoyerError('source_not_found', { cause, detail: 'deleted meanwhile' });
    throw cause;
  }
};
