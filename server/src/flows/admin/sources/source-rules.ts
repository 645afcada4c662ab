/**
 * @module What differs between the kinds of sources when an administrator saves one: names, defaults, which blank
 * members take them, and where secrets are sent.
 */
import type { FieldFailure } from '#base/lib/errors.ts';
import type { Resource } from '#model/access/guards.ts';
import type { SourceKind } from '#model/sources/source.ts';
import { ldapRules } from './ldap-rules.ts';
import { oauth2Rules } from './oauth2-rules.ts';
import { samlRules } from './saml-rules.ts';

export type Settings = Record<string, unknown>;

/**
 * Checks whole settings before they are stored: addresses, reserved parameters, patterns, an issuer that `before` did not
 * have. Injected by the wiring.
 */
export type ValidateSource = (
  kind: SourceKind,
  settings: Readonly<Settings>,
  before: Readonly<Settings>,
) => readonly FieldFailure[] | Promise<readonly FieldFailure[]>;

export interface SourceRules {
  /** Path of the collection. */
  collection: string;
  /** PlaceOS' table name, for `Content-Range`. */
  table: string;
  idPrefix: 'oauth' | 'adfs' | 'ldap';
  resource: Resource;
  /** Other names that members may have. */
  otherNames: Readonly<Record<string, string>>;
  required: readonly string[];
  nonEmpty: readonly string[];
  defaults(): Settings;
  /** When one of these comes blank in a new source, the default is meant: forms send what nobody touched. */
  blankMeansDefault: readonly string[];
  /** Brings values to the form in which they are stored. */
  normalise(settings: Settings): Settings;
  validate(settings: Settings): FieldFailure[];
  /** Where secrets go, by the member that says so: a change needs the secret again (S-96). */
  destinations(settings: Settings): Readonly<Record<string, string>>;
  /** The secrets that are sent there. */
  sentSecrets: readonly string[];
  /** Names of weak behaviours that these settings turn on. */
  weaknesses(settings: Settings): string[];
}

export const rulesOf: Readonly<Record<SourceKind, SourceRules>> = {
  oauth2: oauth2Rules,
  saml: samlRules,
  ldap: ldapRules,
};
