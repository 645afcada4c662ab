/**
 * @module A source's life, the same for every protocol: `/sources`. Its settings are written through the collection of its
 * kind (`sources.ts`); here are its id before it exists, its state in words, its revisions, and going live.
 */
import type { Static } from 'typebox';
import { UnixTime } from './engine.ts';
import { Type } from './schema.ts';

export const SourceKindName = Type.Union([
  Type.Literal('oauth2'),
  Type.Literal('saml'),
  Type.Literal('ldap'),
]);
export type SourceKindName = Static<typeof SourceKindName>;

/** `POST /sources/reservations`: the id that a source will have, so that its callback can be registered first. */
export const ReservationBody = Type.Object({
  authority_id: Type.Optional(Type.String()),
  kind: Type.Optional(SourceKindName),
  id: Type.Optional(
    Type.String({ description: 'with `reservation`: reads an earlier one again, after a reload' }),
  ),
  reservation: Type.Optional(Type.String()),
});

export const SourceAddresses = Type.Object({
  callback_url: Type.String({
    description: 'the form to register: with the id in the query, except for Azure AD B2C',
  }),
  callback_url_path: Type.String({
    description: 'with the id in the path, for providers that refuse a query (B2C)',
  }),
  login_url: Type.String({ description: 'begins a sign-in through this source' }),
  consent_state: Type.Optional(
    Type.String({
      description:
        'OAuth2: the `state` with which a link for administrator consent ends, at `callback_url`, on a page of its own',
    }),
  ),
  entity_id: Type.Optional(Type.String({ description: 'SAML: who Foyer is' })),
  acs_url: Type.Optional(Type.String({ description: 'SAML: where assertions are posted' })),
});
export type SourceAddresses = Static<typeof SourceAddresses>;

/** What the page at the end of a consent says on the channel `foyer-consent` of its origin: it was given. */
export interface ConsentMessage {
  type: 'foyer-consent';
  /** The `consent_state` of the source. */
  state: string;
}

export const ReservationView = Type.Object({
  id: Type.String(),
  kind: SourceKindName,
  authority_id: Type.String(),
  reservation: Type.String({
    description: 'send it with `id` when the source is created; it does not expire',
  }),
  ...SourceAddresses.properties,
});
export type ReservationView = Static<typeof ReservationView>;

/** What is known of a secret; never the secret. */
export const SecretNote = Type.Object({
  set: Type.Boolean(),
  last_four: Type.Optional(Type.String()),
  fingerprint: Type.Optional(
    Type.String({ description: '8 hex digits of a keyed hash: equal secrets look equal' }),
  ),
  set_at: Type.Optional(UnixTime),
  expires_at: Type.Optional(UnixTime),
});
export type SecretNote = Static<typeof SecretNote>;

/**
 * draft: never offered, not tested. tested: not offered, a dry run of this revision has passed. live: offered.
 * failing: offered, and nothing but failures since `failing_since`. disabled: was live once, is not offered.
 */
export const SourceState = Type.Union([
  Type.Literal('draft'),
  Type.Literal('tested'),
  Type.Literal('live'),
  Type.Literal('failing'),
  Type.Literal('disabled'),
]);
export type SourceState = Static<typeof SourceState>;

export const SourceDay = Type.Object({
  day: Type.String({ description: 'YYYY-MM-DD, UTC' }),
  ok: Type.Integer(),
  denied: Type.Integer(),
});

/** `GET /sources?authority_id=`: every source of a domain with how it is doing. */
export const SourceSummary = Type.Object({
  id: Type.String(),
  kind: SourceKindName,
  name: Type.String(),
  authority_id: Type.String(),
  enabled: Type.Boolean(),
  is_default: Type.Boolean({ description: 'the domain sends people straight to it' }),
  state: SourceState,
  failing_since: Type.Optional(UnixTime),
  last_success_at: Type.Optional(UnixTime),
  last_failure_at: Type.Optional(UnixTime),
  week: Type.Array(SourceDay, { description: 'the last seven days, oldest first' }),
  version: Type.Integer(),
  tested_at: Type.Optional(UnixTime),
  tested_by: Type.Optional(Type.String({ description: 'name of the administrator whose dry run passed' })),
  secrets: Type.Record(Type.String(), SecretNote),
  secret_days_left: Type.Optional(
    Type.Integer({ description: 'of the secret that ends first; negative when it has' }),
  ),
  users: Type.Integer({ description: 'people who have signed in through it' }),
  updated_at: UnixTime,
  ...SourceAddresses.properties,
});
export type SourceSummary = Static<typeof SourceSummary>;

export const RevisionChange = Type.Object({
  field: Type.String(),
  before: Type.Optional(
    Type.Unknown({ description: 'absent: the field was not there; a secret is its fingerprint' }),
  ),
  after: Type.Optional(Type.Unknown()),
});

/** `GET /sources/:id/revisions`, newest first. */
export const RevisionView = Type.Object({
  version: Type.Integer(),
  at: UnixTime,
  cause: Type.String({ description: 'create, edit, roll_back, promote_secret or import' }),
  restored_version: Type.Optional(Type.Integer()),
  actor: Type.Object({
    kind: Type.String(),
    id: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  changes: Type.Array(RevisionChange, { description: 'against the revision before' }),
  tested_at: Type.Optional(UnixTime),
  current: Type.Boolean(),
});
export type RevisionView = Static<typeof RevisionView>;

export const RollBackBody = Type.Object({ version: Type.Optional(Type.Integer()) });

/** `POST /sources/:id/passes`: notes that a dry run of exactly the stored revision has passed. */
export const PassBody = Type.Object({
  pass: Type.Optional(Type.String({ description: 'from the dry run' })),
});

/**
 * `POST /sources/:id/default`. Refused with 409 `not_tested` or `no_break_glass` unless `override` is true; overriding is
 * audited. `DELETE /sources/:id/default` gives the choice back to the sign-in page.
 */
export const MakeDefaultBody = Type.Object({
  override: Type.Optional(Type.Boolean()),
  reason: Type.Optional(Type.String({ maxLength: 500, description: 'why; audited with an override' })),
});

/** `GET /sources/:id/impact`: who would lose their way in without it. */
export const SourceImpact = Type.Object({
  is_default: Type.Boolean(),
  users: Type.Integer(),
  only_way_in: Type.Integer({ description: 'people with no other source and no password' }),
  people: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() }), {
    description: 'the first twenty of them',
  }),
  other_sources: Type.Integer({ description: 'enabled ones' }),
});
export type SourceImpact = Static<typeof SourceImpact>;

/** `GET /domains/:id/readiness`: what keeps a source from becoming the default. */
export const DomainReadiness = Type.Object({
  break_glass: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      last_password_sign_in_at: Type.Optional(UnixTime),
    }),
    { description: 'administrators who can sign in by password whatever the sources do' },
  ),
  sign_in_page: Type.String({ description: 'where they do it' }),
  default_source_id: Type.Optional(Type.String()),
});
export type DomainReadiness = Static<typeof DomainReadiness>;

/** `GET /domains/:id/impact`: what goes with a domain. */
export const DomainImpact = Type.Object({
  users: Type.Integer(),
  sources: Type.Integer(),
  applications: Type.Integer(),
  api_keys: Type.Integer(),
  sessions: Type.Integer(),
});
export type DomainImpact = Static<typeof DomainImpact>;
