/**
 * @module The catalogue of what goes wrong at identity providers: its shape, and the data.
 *
 * `catalogue.json` is the data: one entry per cause, with who mends it and how. An entry is chosen by
 * its `match`: every condition that it names must hold, and a condition holds when any of its values fits.
 * To add an entry, add it to the data; the tests tell when it is hidden by another one.
 */
import type { ErrorCode } from '#base/lib/errors.ts';
import rawCatalogue from './catalogue.json' with { type: 'json' };

/** Where in a sign-in (or a renewal of its token) the failure was seen. */
export const steps = [
  'authorize',
  'callback',
  'token',
  'refresh',
  'keys',
  'profile',
  'mapping',
  'discovery',
] as const;
export type Step = (typeof steps)[number];

/** Whose vocabulary an entry speaks. */
export const providers = ['microsoft', 'google', 'oauth2', 'oidc', 'tls', 'network', 'foyer'] as const;
export type Provider = (typeof providers)[number];

/** Who can mend it: of the Foyer domain, of the provider, the person, of Foyer's server, or nobody but time. */
export const menders = ['administrator', 'provider_administrator', 'person', 'operator', 'wait'] as const;
export type Mender = (typeof menders)[number];

/** What Foyer itself found out, where its error code alone is too coarse to name the field. */
export const reasons = [
  'html',
  'not_json',
  'too_large',
  'no_access_token',
  'no_refresh_token',
  'no_id_token',
  'missing_uid',
  'missing_email',
  'malformed_profile',
  'claim_missing',
  'claim_mismatch',
  'tenant_not_allowed',
  'never_returned',
  'clock_skew',
  'unknown_key',
  'bad_signature',
  'bad_audience',
  'id_token_expired',
  'iss_missing',
  'cookie_missing',
] as const;
export type Reason = (typeof reasons)[number];

/** The fields of a source that an entry may point at, as they are called on the wire. */
export const sourceFields = [
  'client_id',
  'client_secret',
  'site',
  'scope',
  'token_method',
  'auth_scheme',
  'token_url',
  'authorize_url',
  'raw_info_url',
  'info_mappings',
  'authorize_params',
  'ensure_matching',
] as const;
export type SourceField = (typeof sourceFields)[number];

export interface Match {
  /** AADSTS numbers. */
  code?: readonly number[];
  suberror?: readonly string[];
  /** The provider's own `error`, compared without regard to case. */
  error?: readonly string[];
  /** Node's or undici's `error.code`. */
  node_code?: readonly string[];
  reason?: readonly Reason[];
  /** Status of the provider's answer. */
  http_status?: readonly number[];
  foyer_code?: readonly ErrorCode[];
  step?: readonly Step[];
  /** A part of the provider's text; with `^` in front, its beginning. Plain text, never a regular expression. */
  description_pattern?: readonly string[];
}

export interface CatalogueEntry {
  id: string;
  provider: Provider;
  match: Match;
  /** What happened, in a few plain words. For administrators. */
  title: string;
  cause: string;
  /** What the person at the sign-in page is told. Gives nothing away about the set-up. */
  person: string;
  who: Mender;
  /** Steps, in order, that name the place where the hand has to go. */
  fix: readonly string[];
  field?: SourceField;
  /** Whether the same person may succeed by trying again, with nothing changed. */
  retry: boolean;
  /** The provider uses this code as a wrapper: another code in the same answer says more. */
  generic?: boolean;
  link?: string;
}

export const catalogue = rawCatalogue as unknown as readonly CatalogueEntry[];
