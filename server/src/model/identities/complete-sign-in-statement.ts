/**
 * @module The one statement that completes a sign-in: it finds or makes the person by (domain, source, issuer,
 * subject), keeps the provider's tokens, starts the session and writes the audit row; all of it or nothing.
 *
 * What it must not decide alone it answers as an outcome: an account with the same e-mail address, a disabled one,
 * no account where none may be made. Two first sign-ins at the same instant meet in a unique index; the loser's whole
 * statement is undone, and it finds the winner's account at the second try (S-36).
 */
import { isUniqueViolation, statement } from '#base/db/database.ts';
import { type DomainId, newUserId, type SourceId, type UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import { canonicalEmail, displayName, isEmail } from '#model/users/user.ts';

/** Fields of the user row that a source may fill (S-32); absent ones keep what is stored. */
export interface PersonFields {
  email?: string;
  name?: string;
  first_name?: string;
  last_name?: string;
  nickname?: string;
  login_name?: string;
  staff_id?: string;
  phone?: string;
  country?: string;
  image?: string;
  ui_theme?: string;
  building?: string;
  card_number?: string;
  department?: string;
  preferred_language?: string;
  misc?: string;
  groups?: string[];
}

export interface SealedGrant {
  accessTokenSealed: Buffer;
  /** Absent: the provider gave none, and an older one stays. */
  refreshTokenSealed: Buffer | undefined;
  tokenType: string;
  scope: string;
  expiresAt: Date | undefined;
}

export interface SignInRecord {
  sourceId: SourceId;
  provider: 'oauth2' | 'adfs' | 'ldap';
  issuer: string;
  subject: string;
  fields: PersonFields;
  /** The source vouches for the address, and is trusted to. */
  emailVerified: boolean;
  mayProvision: boolean;
  /** Whether an account with the same address is taken for the same person: see `SignInPolicy`. */
  mayLink: 'never' | 'verified' | 'always';
  grant: SealedGrant | undefined;
  session: {
    idHash: Buffer;
    publicId: string;
    idleSeconds: number;
    absoluteSeconds: number;
  };
  ip: string | undefined;
  userAgent: string | undefined;
  requestId: string | undefined;
}

export type SignInOutcome =
  | { kind: 'signed_in'; how: 'returning' | 'linked' | 'created'; userId: UserId }
  | { kind: 'account_exists'; userId: UserId }
  | { kind: 'account_disabled' }
  | { kind: 'not_provisioned' };

const fieldColumns = [
  'first_name',
  'last_name',
  'nickname',
  'login_name',
  'staff_id',
  'phone',
  'country',
  'image',
  'ui_theme',
  'building',
  'card_number',
  'department',
  'preferred_language',
  'misc',
] as const;

const firstField = 27;
const at = (column: (typeof fieldColumns)[number]): string =>
  `$${firstField + fieldColumns.indexOf(column)}::text`;
// A value that is unique in the domain stays with whoever has it.
const isUnique = (column: string): column is 'login_name' | 'staff_id' =>
  column === 'login_name' || column === 'staff_id';
const updates = fieldColumns
  .map((column) =>
    isUnique(column)
      ? `${column} = case when d.${column}_free then coalesce(${at(column)}, u.${column}) else u.${column} end`
      : `${column} = coalesce(${at(column)}, u.${column})`,
  )
  .join(', ');
const inserts = fieldColumns
  .map((column) => {
    if (isUnique(column)) return `case when d.${column}_free then ${at(column)} end`;
    return column === 'ui_theme' ? `coalesce(${at(column)}, 'light')` : at(column);
  })
  .join(', ');
const isFree = (column: 'login_name' | 'staff_id'): string =>
  `coalesce((select t.id from users t where t.domain_id = $1 and t.${column} = ${at(column)}), user_id) = user_id
           as ${column}_free`;

/**
 * Who signs in, and what becomes of it: read by the sign-in below and by `foresee-sign-in.ts`, in the same words.
 * Parameters: $1 domain, $2 source, $3 issuer, $4 subject; the others wherever the statement has them.
 */
export const whoSignsIn = (at: {
  emailCanonical: string;
  newUserId: string;
  mayProvision: string;
  mayLink: string;
}): string => `known as (
  select user_id from identities where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4
), holder as (
  select id, disabled_at is null and deleted_at is null
           and (${at.mayLink} = 'always' or (${at.mayLink} = 'verified' and email_verified)) as joinable
    from users where domain_id = $1 and email_canonical = ${at.emailCanonical}::text
), choice as materialized (
  select (select user_id from known) as known_id, (select id from holder) as holder_id,
         (select id from users where domain_id = $1 and id = (select user_id from known)
             and disabled_at is null and deleted_at is null) as active_id,
         (select joinable and not exists (
            select 1 from identities o where o.domain_id = $1 and o.user_id = (select id from holder)
               and o.source_id = $2 and o.issuer = $3) from holder) as joinable
), person_of as materialized (
  select coalesce(known_id, holder_id, ${at.newUserId}::text) as user_id,
         case when active_id is not null then 'returning'
              when known_id is not null then 'account_disabled'
              when joinable then 'linked'
              when holder_id is not null then 'account_exists'
              when ${at.mayProvision}::boolean then 'created'
              else 'not_provisioned' end as outcome,
         holder_id is null or known_id is null or holder_id = known_id as email_free
    from choice
)`;

// Every table is reached by a whole unique key whose parts are parameters or scalar subqueries. A join would let the
// planner, which has no statistics on a young or embedded store, walk through all users of the domain instead.
const completeSignIn = statement(
  'sign_in_complete',
  `with ${whoSignsIn({ emailCanonical: '$6', newUserId: '$8', mayProvision: '$9', mayLink: '$10' })}, decision as (
  select user_id, outcome, email_free, ${isFree('login_name')},
         ${isFree('staff_id')}
    from person_of
), updated as (
  update users u
     set email = case when d.email_free then coalesce($5::text, u.email) else u.email end,
         email_canonical = case when d.email_free then coalesce($6::text, u.email_canonical) else u.email_canonical end,
         email_verified = case when $6::text is null or not d.email_free then u.email_verified
                               else $7::boolean or (u.email_verified and u.email_canonical = $6::text) end,
         name = case when btrim(coalesce(${at('first_name')}, u.first_name, '')) <> ''
                     then btrim(coalesce(${at('first_name')}, u.first_name) || ' ' ||
                                coalesce(${at('last_name')}, u.last_name, ''))
                     else coalesce($25::text, u.name) end,
         groups = coalesce($26::text[], u.groups), ${updates},
         login_count = u.login_count + 1, last_login = now()
    from decision d
   where u.domain_id = $1 and u.id = (select user_id from decision where outcome in ('returning', 'linked'))
     and u.disabled_at is null and u.deleted_at is null
  returning u.id
), created as (
  insert into users (domain_id, id, email, email_canonical, email_verified, name, groups,
                     ${fieldColumns.join(', ')}, login_count, last_login)
  select $1, d.user_id, $5, $6, $7 and $6::text is not null, $24, coalesce($26::text[], '{}'), ${inserts}, 1, now()
    from decision d where d.outcome = 'created'
  returning id
), person as (
  select id, outcome, email_free, login_name_free, staff_id_free
    from (select id from updated union all select id from created) p, decision
), joined as (
  insert into identities (domain_id, source_id, issuer, subject, user_id, email, last_sign_in_at)
  select $1, $2, $3, $4, id, $5, now() from person where outcome in ('linked', 'created')
), seen as (
  update identities i set last_sign_in_at = now(), email = coalesce($5::text, email)
   where domain_id = $1 and source_id = $2 and issuer = $3 and subject = $4
     and (last_sign_in_at < now() - interval '10 minutes' or email is distinct from coalesce($5::text, email))
     and exists (select 1 from person)
), kept as (
  insert into upstream_grants as g (domain_id, source_id, issuer, subject, access_token_sealed,
                                    refresh_token_sealed, token_type, scope, expires_at)
  select $1, $2, $3, $4, $19::bytea, $20::bytea, $21, $22, $23::timestamptz from person where $19::bytea is not null
  on conflict (domain_id, source_id, issuer, subject) do update
     set access_token_sealed = excluded.access_token_sealed,
         refresh_token_sealed = coalesce(excluded.refresh_token_sealed, g.refresh_token_sealed),
         token_type = excluded.token_type, scope = excluded.scope, expires_at = excluded.expires_at,
         refreshed_at = now(), state = 'live', refusal = null, version = g.version + 1
), session as (
  insert into sessions (domain_id, id_hash, public_id, user_id, source_id, provider, idle_expires_at, expires_at,
                        ip, user_agent)
  select $1, $11, $12, id, $2, $13, now() + make_interval(secs => $14), now() + make_interval(secs => $15),
         $16::text, $17::text
    from person
), written as (
  insert into audit (domain_id, action, outcome, actor_kind, actor_id, source_id, target, detail, ip, user_agent,
                     request_id)
  select $1, 'sign_in', 'ok', 'user', id, $2, id,
         jsonb_build_object('how', outcome, 'session', $12::text) ||
           case when email_free and login_name_free and staff_id_free then '{}'
                else jsonb_build_object('kept', array_remove(array[case when not email_free then 'email' end,
                       case when not login_name_free then 'login_name' end,
                       case when not staff_id_free then 'staff_id' end], null)) end,
         $16, $17, $18::text
    from person
)
select case when outcome in ('returning', 'linked', 'created') and not exists (select 1 from person)
            then 'account_disabled' else outcome end as outcome, user_id
  from decision`,
);

interface OutcomeRow {
  outcome: 'returning' | 'linked' | 'created' | 'account_exists' | 'account_disabled' | 'not_provisioned';
  user_id: string;
}

/** Runs the statement; at a lost race once more. Nothing is written unless the outcome is `signed_in`. */
export const completeSignInStatement = async (
  db: Tx,
  domainId: DomainId,
  record: SignInRecord,
): Promise<SignInOutcome> => {
  const parameters = parametersOf(domainId, record);
  let row: OutcomeRow | undefined;
  try {
    [row] = await db.run<OutcomeRow>(completeSignIn, parameters);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    [row] = await db.run<OutcomeRow>(completeSignIn, parameters);
  }
  const { outcome, user_id } = row as OutcomeRow;
  const userId = user_id as UserId;
  if (outcome === 'account_exists') return { kind: outcome, userId };
  if (outcome === 'account_disabled' || outcome === 'not_provisioned') return { kind: outcome };
  return { kind: 'signed_in', how: outcome, userId };
};

/** What is no address cannot be anybody's; the person signs in without one. */
export const addressOf = ({ email }: Pick<PersonFields, 'email'>): string | undefined =>
  email !== undefined && isEmail(email.trim()) ? email.trim() : undefined;

const parametersOf = (domainId: DomainId, record: SignInRecord): unknown[] => {
  const { fields, session, grant } = record;
  const email = addressOf(fields) ?? null;
  const name = displayName({
    name: fields.name,
    firstName: fields.first_name,
    lastName: fields.last_name,
    nickname: fields.nickname,
    email: email ?? undefined,
  });
  return [
    domainId,
    record.sourceId,
    record.issuer,
    record.subject,
    email,
    email === null ? null : canonicalEmail(email),
    record.emailVerified,
    newUserId(),
    record.mayProvision,
    record.mayLink,
    session.idHash,
    session.publicId,
    record.provider,
    session.idleSeconds,
    session.absoluteSeconds,
    record.ip ?? null,
    record.userAgent?.slice(0, 300) ?? null,
    record.requestId ?? null,
    grant?.accessTokenSealed ?? null,
    grant?.refreshTokenSealed ?? null,
    grant?.tokenType ?? 'Bearer',
    grant?.scope ?? '',
    grant?.expiresAt ?? null,
    name,
    fields.name ?? null,
    fields.groups ?? null,
    ...fieldColumns.map((column) => fields[column] ?? null),
  ];
};
