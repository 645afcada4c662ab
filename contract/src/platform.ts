/** The server about itself. */
import type { Static } from 'typebox';
import { UnixTime } from './engine.ts';
import { Type } from './schema.ts';

export const VersionView = Type.Object({
  service: Type.String(),
  commit: Type.String(),
  version: Type.String(),
  build_time: Type.String(),
  platform_version: Type.String(),
});

export const PlatformView = Type.Object({ version: Type.String(), changelog: Type.String() });

/** `GET /platform/status`, for administrators of the installation. */
export const PlatformStatus = Type.Object({
  version: Type.String(),
  node: Type.String({ description: 'version of Node.js' }),
  store: Type.String({ description: 'postgres or pglite' }),
  store_version: Type.String(),
  durable: Type.Boolean({ description: 'whether an acknowledged write survives a power failure' }),
  ready: Type.Boolean(),
  started_at: UnixTime,
  public_url: Type.String(),
  domains: Type.Integer(),
  users: Type.Integer(),
  migrations: Type.Array(Type.String()),
  signing_keys: Type.Array(
    Type.Object({
      kid: Type.String(),
      alg: Type.String(),
      state: Type.String({ description: 'next, active or retired' }),
      active_from: UnixTime,
      retired_at: Type.Optional(UnixTime),
    }),
  ),
  key_encryption_keys: Type.Array(
    Type.Object({ id: Type.String(), sealing: Type.Boolean(), data_keys: Type.Integer() }),
  ),
  mail: Type.Boolean({ description: 'SMTP is configured' }),
  administrators: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      authority_id: Type.String(),
    }),
  ),
});
export type PlatformStatus = Static<typeof PlatformStatus>;
