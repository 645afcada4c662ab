/** Every preset, in the order in which they are offered. */
import { anyOauth2, anyOidc } from './any.ts';
import { b2c } from './b2c.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { auth0, keycloak, okta } from './known-oidc.ts';
import { microsoft } from './microsoft.ts';
import type { Preset } from './preset.ts';

export const presets: readonly Preset[] = [
  microsoft,
  google,
  b2c,
  okta,
  auth0,
  keycloak,
  github,
  anyOidc,
  anyOauth2,
];

export const presetOf = (name: string): Preset | undefined => presets.find((preset) => preset.name === name);
