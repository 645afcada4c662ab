/**
 * @module What a sign-in would decide, read and not tried: the questions of the sign-in statement, in its own words, with
 * the reason in a sentence. Nothing is written.
 */
import { statement } from '#base/db/database.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { Language } from '#base/lib/language.ts';
import { accountRules, isTrustedFor, type SignInPolicy } from '#model/sources/sign-in-policy.ts';
import type { Tx } from '#model/tables.ts';
import { canonicalEmail } from '#model/users/user.ts';
import { addressOf, whoSignsIn } from './complete-sign-in-statement.ts';
import { type ForeseenWords, foreseenWords, type NotLinked } from './foreseen-words.ts';

export interface ForeseenPerson {
  /** Of the source, which need not exist yet. */
  sourceId: SourceId;
  issuer: string;
  subject: string;
  /** The key of the profile that the subject came from, and all that are mapped. */
  subjectKey?: string | undefined;
  subjectKeys: readonly string[];
  email: string | undefined;
  /** As the provider says. */
  emailVerified: boolean;
}

export interface Foreseen {
  kind: 'sign_in' | 'link' | 'create' | 'refuse';
  code?: ErrorCode;
  because: string;
  user?: { id: UserId; name: string; email: string };
}

interface Row {
  outcome: 'returning' | 'linked' | 'created' | 'account_exists' | 'account_disabled' | 'not_provisioned';
  user_id: string;
  name: string | null;
  email: string | null;
  usable: boolean | null;
  verified: boolean | null;
  joined: boolean;
  uid_key: string | null;
}

const foresee = statement(
  'sign_in_foresee',
  `with ${whoSignsIn({ emailCanonical: '$5', newUserId: "''", mayProvision: '$6', mayLink: '$7' })}
select p.outcome, p.user_id, u.name, u.email, u.disabled_at is null and u.deleted_at is null as usable,
       u.email_verified as verified,
       exists (select 1 from identities o where o.domain_id = $1 and o.user_id = p.user_id
                  and o.source_id = $2 and o.issuer = $3) as joined,
       (select settings->>'uid_key' from sources where domain_id = $1 and id = $2) as uid_key
  from person_of p left join users u on u.domain_id = $1 and u.id = p.user_id`,
);

/** What would become of this person, by the rules of `policy`. */
export const foreseeSignIn = async (
  db: Tx,
  domainId: DomainId,
  policy: SignInPolicy,
  person: ForeseenPerson,
  language: Language = 'en',
): Promise<Foreseen> => {
  const words = foreseenWords[language];
  const rules = accountRules(policy, person);
  const email = addressOf({ ...(person.email !== undefined && { email: person.email }) });
  const [row] = await db.run<Row>(foresee, [
    domainId,
    person.sourceId,
    person.issuer,
    person.subject,
    email === undefined ? null : canonicalEmail(email),
    rules.mayProvision,
    rules.mayLink,
  ]);
  const found = row as Row;
  const pinned = found.uid_key ?? '';
  if (person.subjectKey !== undefined && pinned !== '' && pinned !== person.subjectKey) {
    if (person.subjectKeys.includes(pinned)) {
      const because = words.otherKey(pinned, person.subjectKey);
      return { kind: 'refuse', code: 'bad_profile', because };
    }
  }
  const name = found.name ?? '';
  const user =
    found.name === null ? {} : { user: { id: found.user_id as UserId, name, email: found.email ?? '' } };
  switch (found.outcome) {
    case 'returning':
      return { kind: 'sign_in', because: words.known(name), ...user };
    case 'linked':
      return { kind: 'link', because: whyLinked(policy, words, name, email ?? ''), ...user };
    case 'created':
      return { kind: 'create', because: whyCreated(words, email), ...user };
    case 'account_exists':
      return {
        kind: 'refuse',
        code: 'account_exists',
        because: words.notLinked(name, whyNotLinked(policy, person, found)),
        ...user,
      };
    case 'account_disabled':
      return { kind: 'refuse', code: 'account_disabled', because: words.disabled(name), ...user };
    default:
      return { kind: 'refuse', code: 'not_provisioned', because: words.noProvisioning };
  }
};

const whyLinked = (policy: SignInPolicy, words: ForeseenWords, name: string, email: string): string =>
  policy.linkByEmail ? words.linkByEmail(name, email) : words.trusted(name, email);

const whyCreated = (words: ForeseenWords, email: string | undefined): string =>
  email === undefined ? words.createdWithoutEmail : words.created(email);

/** The first of the conditions of S-29 that does not hold. */
const whyNotLinked = (policy: SignInPolicy, person: ForeseenPerson, found: Row): NotLinked => {
  if (!policy.linking) return 'linking_off';
  if (found.usable === false) return 'disabled';
  if (found.joined) return 'joined';
  if (!person.emailVerified) return 'not_verified';
  const isTrusted = isTrustedFor(policy, person.email && canonicalEmail(person.email));
  return isTrusted ? 'own_unverified' : 'not_trusted';
};
