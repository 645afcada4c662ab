/** @module The audit log on the wire: read and exported, never changed. */
import type { Static } from 'typebox';
import { AnyObject, ListOfDomainQuery, UnixTime } from './engine.ts';
import { Type } from './schema.ts';

/** `GET /audit` (JSON) and `GET /audit/export` (CSV, same filters). `authority_id=installation`: the server itself. */
export const AuditListQuery = Type.Object({
  ...ListOfDomainQuery.properties,
  action: Type.Optional(Type.String({ description: 'exact, or a beginning such as source.' })),
  outcome: Type.Optional(Type.String({ description: 'ok or denied' })),
  actor_id: Type.Optional(Type.String()),
  target: Type.Optional(Type.String()),
  source_id: Type.Optional(Type.String()),
  since: Type.Optional(Type.Integer({ description: 'Unix time' })),
  until: Type.Optional(Type.Integer({ description: 'Unix time' })),
});

export const AuditView = Type.Object({
  id: Type.String(),
  authority_id: Type.String(),
  at: UnixTime,
  action: Type.String(),
  outcome: Type.String(),
  reason: Type.Optional(Type.String()),
  actor: Type.Object({
    kind: Type.String(),
    id: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
  }),
  source_id: Type.Optional(Type.String()),
  source_name: Type.Optional(Type.String({ description: 'absent when the source is gone' })),
  application_id: Type.Optional(Type.String()),
  application_name: Type.Optional(Type.String({ description: 'absent when the application is gone' })),
  target: Type.Optional(Type.String()),
  target_name: Type.Optional(Type.String()),
  fields: Type.Array(Type.String()),
  detail: AnyObject,
  ip: Type.Optional(Type.String()),
  user_agent: Type.Optional(Type.String()),
  request_id: Type.Optional(Type.String()),
});
export type AuditView = Static<typeof AuditView>;
