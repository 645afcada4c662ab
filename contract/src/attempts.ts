/** @module The flight recorder on the wire: sign-in attempts of a source, and how far they come. */
import type { Static } from 'typebox';
import { Advice, StepView } from './dry-runs.ts';
import { AnyObject, ListOfDomainQuery, UnixTime } from './engine.ts';
import { Type } from './schema.ts';

/** `GET /sign_in_attempts?authority_id=&source_id=&outcome=&q=<short id>`, newest first. */
export const AttemptListQuery = Type.Object({
  ...ListOfDomainQuery.properties,
  source_id: Type.Optional(Type.String()),
  outcome: Type.Optional(Type.String({ description: 'ok or denied' })),
});

export const AttemptSummary = Type.Object({
  id: Type.String({ description: 'the short id that the person saw' }),
  authority_id: Type.String(),
  source_id: Type.Optional(Type.String()),
  version: Type.Optional(Type.Integer()),
  at: UnixTime,
  duration_ms: Type.Integer(),
  outcome: Type.String({ description: 'ok or denied' }),
  reason: Type.Optional(Type.String({ description: 'error code' })),
  failed_step: Type.Optional(Type.String()),
  title: Type.Optional(Type.String({ description: 'of the advice' })),
  user: Type.Optional(Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() })),
});
export type AttemptSummary = Static<typeof AttemptSummary>;

/** `GET /sign_in_attempts/:id` */
export const AttemptView = Type.Object({
  ...AttemptSummary.properties,
  steps: Type.Array(StepView),
  advice: Type.Optional(Advice),
  evidence: AnyObject,
  request_id: Type.Optional(Type.String()),
});
export type AttemptView = Static<typeof AttemptView>;

export const FunnelStage = Type.Object({
  stage: Type.String({ description: 'started, returned, token, profile, signed_in' }),
  count: Type.Integer(),
});

/** `GET /sources/:id/funnel?hours=` (1 to 168, default 168). */
export const FunnelView = Type.Object({
  hours: Type.Integer(),
  stages: Type.Array(FunnelStage),
  p50_ms: Type.Optional(
    Type.Integer({ description: 'our own part of a sign-in, without the time at the provider' }),
  ),
  p95_ms: Type.Optional(Type.Integer()),
  series: Type.Array(
    Type.Object({ hour: UnixTime, started: Type.Integer(), ok: Type.Integer(), denied: Type.Integer() }),
    { description: 'one entry for each hour that had any' },
  ),
  top_errors: Type.Array(
    Type.Object({
      reason: Type.String(),
      title: Type.String(),
      count: Type.Integer(),
      last_id: Type.String(),
      last_at: UnixTime,
    }),
  ),
});
export type FunnelView = Static<typeof FunnelView>;
