/**
 * @module What all resources of the engine API share: base path, list parameters, refusals.
 */
import { Type } from './schema.ts';

export const enginePath = '/api/engine/v2';

/** Seconds since 1970, whole. */
export const UnixTime = Type.Integer({ description: 'Unix time in seconds' });
export const StringMap = Type.Record(Type.String(), Type.String());
export const StringLists = Type.Record(Type.String(), Type.Array(Type.String()));
export const AnyObject = Type.Record(Type.String(), Type.Unknown());

export const IdParams = Type.Object({ id: Type.String() });

export const ListQuery = Type.Object({
  q: Type.Optional(Type.String({ description: 'words to search for; the last one may be unfinished' })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 100 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
});

export const ListOfDomainQuery = Type.Object({
  ...ListQuery.properties,
  authority_id: Type.Optional(Type.String({ description: 'only of this domain' })),
});

export const ApiError = Type.Object({
  error: Type.String(),
  code: Type.Optional(Type.String({ description: 'stable code' })),
  request_id: Type.Optional(Type.String()),
});

export const ValidationError = Type.Object({
  error: Type.String(),
  failures: Type.Array(Type.Object({ field: Type.String(), reason: Type.String() })),
  request_id: Type.Optional(Type.String()),
});
