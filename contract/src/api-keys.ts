/** API keys on the wire, and the payload that every credential stands for. */
import type { Static } from 'typebox';
import { DomainView } from './domains.ts';
import { UnixTime } from './engine.ts';
import { Type } from './schema.ts';
import { PublicUserView } from './users.ts';

const Permission = Type.Union(
  ['user', 'support', 'admin', 'admin_support'].map((name) => Type.Literal(name)),
);

export const ApiKeyBody = Type.Object({
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String({ description: 'the owner; cannot be changed later' })),
  scopes: Type.Optional(Type.Array(Type.String({ description: 'name, name.read or name.write' }))),
  permissions: Type.Optional(Type.Union([Type.String(), Type.Integer(), Type.Null()])),
  expires_at: Type.Optional(Type.Union([UnixTime, Type.Null()])),
  ttl: Type.Optional(Type.Union([Type.Integer({ description: 'seconds' }), Type.Null()])),
});
export type ApiKeyBody = Static<typeof ApiKeyBody>;

const { internals: _internals, ...domainFields } = DomainView.properties;

export const ApiKeyView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  scopes: Type.Array(Type.String()),
  permissions: Permission,
  user_id: Type.String(),
  authority_id: Type.String(),
  user: Type.Optional(PublicUserView),
  authority: Type.Optional(Type.Object(domainFields)),
  expires_at: Type.Optional(UnixTime),
  created_at: UnixTime,
  updated_at: UnixTime,
});

export const NewApiKeyView = Type.Object({
  ...ApiKeyView.properties,
  x_api_key: Type.String({ description: 'shown this once' }),
});

export const TokenPayloadView = Type.Object({
  iss: Type.String(),
  iat: UnixTime,
  exp: UnixTime,
  aud: Type.String(),
  sub: Type.String(),
  scope: Type.Array(Type.String()),
  u: Type.Object({
    n: Type.String(),
    e: Type.String(),
    p: Type.Integer(),
    r: Type.Array(Type.String()),
  }),
});
