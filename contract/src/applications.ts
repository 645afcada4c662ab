/** An application (PlaceOS: OAuth app) on the wire: a client of Foyer's provider. */
import type { Static } from 'typebox';
import { UnixTime } from './engine.ts';
import { Type } from './schema.ts';

/** Weak behaviours for old clients; each off by default, and audited when it is turned on. */
export const ApplicationLegacyView = Type.Object({
  implicit: Type.Optional(Type.Boolean({ description: 'response_type=token' })),
  password: Type.Optional(Type.Boolean({ description: 'the password grant' })),
  no_pkce: Type.Optional(Type.Boolean({ description: 'authorization codes without PKCE' })),
  query_secrets: Type.Optional(
    Type.Boolean({ description: 'secrets, passwords and refresh tokens in the query of the token request' }),
  ),
});
export type ApplicationLegacyView = Static<typeof ApplicationLegacyView>;

/** What may be written; `uid` and `secret` never are. */
export const ApplicationBody = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 256 })),
  owner_id: Type.Optional(Type.String({ description: 'the domain; cannot be changed later' })),
  redirect_uri: Type.Optional(
    Type.String({ maxLength: 2000, description: 'exact; several are separated by spaces' }),
  ),
  scopes: Type.Optional(
    Type.String({ maxLength: 4000, description: 'separated by spaces; blank on create: public' }),
  ),
  confidential: Type.Optional(Type.Boolean()),
  skip_authorization: Type.Optional(Type.Boolean({ description: 'trusted: no consent page' })),
  subsystems: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 100 })),
  preserve_client_id: Type.Optional(
    Type.Boolean({ description: 'keep the client id although the redirect URI changes' }),
  ),
  legacy: Type.Optional(ApplicationLegacyView),
});
export type ApplicationBody = Static<typeof ApplicationBody>;

export const ApplicationView = Type.Object({
  id: Type.Integer(),
  uid: Type.String({ description: 'client id: MD5 of the exact redirect URI' }),
  name: Type.String(),
  owner_id: Type.String(),
  redirect_uri: Type.String(),
  scopes: Type.String(),
  confidential: Type.Boolean(),
  skip_authorization: Type.Boolean(),
  subsystems: Type.Array(Type.String()),
  secret_set: Type.Boolean(),
  legacy: Type.Optional(ApplicationLegacyView),
  created_at: UnixTime,
  updated_at: UnixTime,
});

export const NewApplicationView = Type.Object({
  ...ApplicationView.properties,
  secret: Type.String({ description: 'shown this once' }),
});
