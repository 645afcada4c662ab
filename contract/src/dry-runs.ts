/**
 * @module Trying a source out before anyone depends on it: checks while typing, the mapping lab, the dry run. None of them
 * writes anything. A dry run: `POST /dry_runs` with the draft → the console sends a pop-up to `authorize_url` → the
 * callback hands its parameters to the console (`postMessage`, see `DryRunMessage`) → `POST /dry_runs/finish` with the
 * ticket and the parameters → every step, and what sign-in would have decided.
 */
import type { Static } from 'typebox';
import { AnyObject, UnixTime } from './engine.ts';
import { Type } from './schema.ts';
import { SourceKindName } from './source-lifecycle.ts';

/** Members as in the body of the kind's collection (`client_id`, `client_secret`, …), under either name. */
export const DraftBody = Type.Object({
  authority_id: Type.Optional(Type.String()),
  kind: Type.Optional(SourceKindName),
  source_id: Type.Optional(
    Type.String({ description: 'of the stored source, or the reserved id; kept secrets come from it' }),
  ),
  reservation: Type.Optional(Type.String()),
  draft: Type.Optional(AnyObject),
});
export type DraftBody = Static<typeof DraftBody>;

/** One finding of `POST /source_checks`. The console words it by `code`; `message` and `fix` are the English words. */
export const SourceCheck = Type.Object({
  field: Type.String({ description: 'wire name of the field, or "" for the source as a whole' }),
  level: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('ok')]),
  code: Type.String(),
  message: Type.String(),
  fix: Type.Optional(Type.String()),
  values: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'to fill into the words of the code' }),
  ),
});
export type SourceCheck = Static<typeof SourceCheck>;

/** `network: true` also asks the hosts: reachable, certificate, clock, discovery. */
export const SourceCheckBody = Type.Object({
  ...DraftBody.properties,
  network: Type.Optional(Type.Boolean()),
});

/** `POST /source_checks/discover`: what an issuer, a discovery URL, or a Microsoft tenant's domain says of itself. */
export const DiscoverBody = Type.Object({ issuer: Type.Optional(Type.String({ maxLength: 2000 })) });
export const DiscoveredProvider = Type.Object({
  issuer: Type.String(),
  authorize_url: Type.String(),
  token_url: Type.String(),
  raw_info_url: Type.Optional(Type.String()),
  scopes: Type.Array(Type.String()),
  auth_schemes: Type.Array(Type.String()),
  tenant_id: Type.Optional(Type.String({ description: 'Microsoft' })),
});
export type DiscoveredProvider = Static<typeof DiscoveredProvider>;

export const MappingWinnerView = Type.Object({
  key: Type.String(),
  from: Type.String({ description: 'profile, id_token or credentials' }),
});

/** What sign-in would do with this person, and why. */
export const Decision = Type.Object({
  kind: Type.Union([
    Type.Literal('sign_in'),
    Type.Literal('link'),
    Type.Literal('create'),
    Type.Literal('refuse'),
  ]),
  code: Type.Optional(Type.String({ description: 'refuse: the error code' })),
  because: Type.String({ description: 'in words: English, or German by Accept-Language' }),
  user: Type.Optional(Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() })),
});
export type Decision = Static<typeof Decision>;

/** What the catalogue knows of a failure, in English or German: the answers that carry it follow `Accept-Language`. */
export const Advice = Type.Object({
  title: Type.String(),
  cause: Type.String(),
  who: Type.String(),
  fix: Type.Array(Type.String()),
  field: Type.Optional(Type.String()),
  person: Type.String({ description: 'what the person at the sign-in page is told' }),
  link: Type.Optional(Type.String()),
  known: Type.Boolean(),
});
export type Advice = Static<typeof Advice>;

export const MappedPerson = Type.Object({
  fields: AnyObject,
  winners: Type.Record(Type.String(), MappingWinnerView),
  ignored: Type.Array(Type.String({ description: 'targets that no mapping can fill' })),
  issuer: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  subject_key: Type.Optional(Type.String()),
  email_verified: Type.Boolean(),
});
export type MappedPerson = Static<typeof MappedPerson>;

/** `POST /mapping_previews`: the mapping lab, by the same function that sign-in uses. */
export const MappingPreviewBody = Type.Object({
  ...DraftBody.properties,
  profile: Type.Optional(AnyObject),
  claims: Type.Optional(AnyObject),
});
export const MappingPreview = Type.Object({
  person: Type.Optional(MappedPerson),
  refusal: Type.Optional(
    Type.Object({ code: Type.String(), detail: Type.Optional(Type.String()), advice: Advice }),
  ),
  decision: Type.Optional(Decision),
});
export type MappingPreview = Static<typeof MappingPreview>;

/**
 * What the callback's page posts to the window that opened it, to the origin of the console only; and to the
 * `BroadcastChannel` named `foyer-dry-run` of that origin, over `/auth/dry-run` there when the callback has another one
 * and the tie between the windows was cut.
 */
export interface DryRunMessage {
  type: 'foyer-dry-run';
  state: string;
  /** Query and form of the callback. */
  params: Record<string, string>;
}

export const DryRunFinishBody = Type.Object({
  ticket: Type.Optional(Type.String()),
  params: Type.Optional(Type.Record(Type.String(), Type.String())),
  abandoned: Type.Optional(
    Type.Boolean({
      description: 'the pop-up was closed without coming back; `shown_code` may say what it showed',
    }),
  ),
  shown_code: Type.Optional(
    Type.String({ maxLength: 200, description: 'e.g. AADSTS50011, as the provider showed it' }),
  ),
});

export const StepName = Type.Union([
  Type.Literal('authorize'),
  Type.Literal('callback'),
  Type.Literal('discovery'),
  Type.Literal('token'),
  Type.Literal('keys'),
  Type.Literal('id_token'),
  Type.Literal('profile'),
  Type.Literal('mapping'),
  Type.Literal('decision'),
  Type.Literal('refresh'),
]);

/** One step. `request` and `answer` are redacted: secrets, codes and tokens are named, never shown. */
export const StepView = Type.Object({
  name: StepName,
  outcome: Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('skipped')]),
  started_at: Type.Optional(Type.String({ description: 'ISO 8601 with milliseconds' })),
  duration_ms: Type.Optional(Type.Number()),
  request: Type.Optional(
    Type.Object({
      method: Type.String(),
      url: Type.String(),
      params: Type.Record(Type.String(), Type.String()),
    }),
  ),
  answer: Type.Optional(
    Type.Object({ status: Type.Optional(Type.Integer()), members: Type.Optional(AnyObject) }),
  ),
  detail: Type.Optional(AnyObject),
  advice: Type.Optional(Advice),
});
export type StepView = Static<typeof StepView>;

export const DryRunResult = Type.Object({
  outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed')]),
  steps: Type.Array(StepView),
  failed_step: Type.Optional(Type.String()),
  advice: Type.Optional(Advice),
  code: Type.Optional(Type.String({ description: 'error code of the failure' })),
  person: Type.Optional(MappedPerson),
  raw_profile: Type.Optional(AnyObject),
  raw_claims: Type.Optional(AnyObject),
  scopes_asked: Type.Array(Type.String()),
  scopes_granted: Type.Array(Type.String()),
  refresh_token: Type.Boolean(),
  token_expires_at: Type.Optional(UnixTime),
  decision: Type.Optional(Decision),
  pass: Type.Optional(
    Type.String({
      description: 'proof that exactly this draft passed; send it as `dry_run_pass` when saving',
    }),
  ),
});
export type DryRunResult = Static<typeof DryRunResult>;

/** `result`: the run failed before anybody could be sent anywhere. */
export const DryRunStarted = Type.Object({
  ticket: Type.String({ description: 'sealed; opens for the administrator who began it, for ten minutes' }),
  state: Type.String({ description: 'the callback must carry it' }),
  authorize_url: Type.String({ description: 'where the pop-up goes; empty when there is a `result`' }),
  redirect_uri: Type.String(),
  steps: Type.Array(StepView, { description: 'the part of the run that already happened' }),
  result: Type.Optional(DryRunResult),
});
export type DryRunStarted = Static<typeof DryRunStarted>;
