/** The server about itself. */
import Type from 'typebox';

export const VersionView = Type.Object({
  service: Type.String(),
  commit: Type.String(),
  version: Type.String(),
  build_time: Type.String(),
  platform_version: Type.String(),
});

export const PlatformView = Type.Object({ version: Type.String(), changelog: Type.String() });
