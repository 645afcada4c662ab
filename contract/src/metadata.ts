/** Named JSON documents beside a parent (here: a person) on the wire. */
import type { Static } from 'typebox';
import { UnixTime } from './engine.ts';
import { Type } from './schema.ts';

const name = Type.String({ maxLength: 256 });

/** `details` is replaced by PUT and merged by PATCH (RFC 7396). `editors` and `schema_id` only by support people. */
export const MetadataBody = Type.Object({
  name: Type.Optional(name),
  description: Type.Optional(Type.String()),
  details: Type.Optional(
    Type.Union([
      Type.Record(Type.String(), Type.Unknown()),
      Type.Array(Type.Unknown()),
      Type.String(),
      Type.Number(),
      Type.Boolean(),
    ]),
  ),
  editors: Type.Optional(
    Type.Array(Type.String({ maxLength: 256, description: 'a group' }), { maxItems: 1000 }),
  ),
  schema_id: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])),
});
export type MetadataBody = Static<typeof MetadataBody>;

export const MetadataRename = Type.Object({
  current_name: Type.Optional(name),
  new_name: Type.Optional(name),
});

export const MetadataQuery = Type.Object({ name: Type.Optional(Type.String()) });

export const MetadataHistoryQuery = Type.Object({
  ...MetadataQuery.properties,
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 100 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
});

export const MetadataBulkQuery = Type.Object({
  parent_ids: Type.Optional(Type.String({ description: 'separated by commas' })),
});

export const MetadataView = Type.Object({
  name: Type.String(),
  description: Type.String(),
  details: Type.Unknown(),
  parent_id: Type.String(),
  editors: Type.Array(Type.String()),
  schema_id: Type.Optional(Type.String()),
  modified_by_id: Type.Optional(Type.String()),
  created_at: UnixTime,
  updated_at: UnixTime,
});
export type MetadataView = Static<typeof MetadataView>;

/** By name, or by parent for a bulk read. */
export const MetadataMap = Type.Record(Type.String(), MetadataView);
export const MetadataHistoryMap = Type.Record(Type.String(), Type.Array(MetadataView));
