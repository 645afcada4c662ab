/**
 * @module Everything that can be made to go wrong, by name. Tests and generated docs walk `faults`.
 *
 * The numbered ones (`AADSTS50076`) come from `aadsts-table.ts`; the rest are behaviours of a server that is broken,
 * slow, dishonest or badly set up.
 */

import type { AadstsCode } from './aadsts.ts';
import { type AadstsEntry, aadstsTable } from './aadsts-table.ts';

export type FaultEndpoint = 'token' | 'authorize' | 'keys' | 'discovery' | 'me' | 'userinfo' | 'any';

export interface FaultDescription {
  readonly name: FaultName;
  readonly endpoint: FaultEndpoint;
  readonly description: string;
  /** What Microsoft calls it, as the client reads it off the wire; null where nothing on the wire names it. */
  readonly provider_code: string | null;
}

export interface FaultOptions {
  /** How many requests it hits; without it, every one until cleared. */
  times?: number;
  /** Only requests of this client. */
  client_id?: string;
  /** Only token requests of this grant type. */
  grant_type?: string;
  /** Where a numbered fault shows: token endpoint, redirect to the app, or a page at Microsoft. */
  at?: 'token' | 'redirect' | 'page';
  /** Which endpoint a transport fault (`slow`, `hang`, `drop_connection`, `empty_body`, …) hits; default token. */
  endpoint?: FaultEndpoint;
  /** The request is carried out first and only its answer is lost (`hang`, `drop_connection`). */
  after?: boolean;
  /** `slow`: how long, in milliseconds. */
  ms?: number;
  /** `short_lived_token`, `skewed_clock`, `future_iat`: how far, in seconds. */
  seconds?: number;
  /** `profile_429`, `token_429`, `token_503`: seconds for the Retry-After header; null leaves it out. */
  retry_after?: number | null;
  /** `huge_body`: how many bytes. */
  bytes?: number;
}

type Row = readonly [endpoint: FaultEndpoint, description: string, providerCode: string | null];

const behaviours = {
  // on the way back from the authorize page
  cancel: ['authorize', 'the person pressed Cancel', 'access_denied'],
  access_denied: ['authorize', 'the person declined the consent page', 'AADSTS65004'],
  consent_required: ['authorize', 'prompt=none would need a consent page', 'consent_required'],
  interaction_required: ['authorize', 'prompt=none would need a step by the person', 'interaction_required'],
  login_required: ['authorize', 'prompt=none and nobody is signed in', 'AADSTS50058'],
  server_error: ['authorize', 'Microsoft failed and says so by redirect', 'server_error'],
  temporarily_unavailable: ['authorize', 'Microsoft is too busy and says so by redirect', 'AADSTS90033'],
  invalid_scope: ['authorize', 'a scope of the request is not valid', 'AADSTS70011'],
  wrong_state: ['authorize', 'the state comes back changed', null],
  missing_state: ['authorize', 'the state does not come back', null],
  missing_code: ['authorize', 'neither code nor error comes back', null],
  // the token answer as a piece of HTTP
  token_503: ['token', 'service unavailable with an HTML page and Retry-After', null],
  token_429: ['token', 'throttled, with Retry-After', 'AADSTS90055'],
  html_token: ['token', 'an HTML page with status 200 in place of the token', null],
  redirect_token: ['token', 'the token endpoint redirects elsewhere (302)', null],
  garbage_token: ['token', 'valid JSON of a wrong shape in place of the token', null],
  missing_access_token: ['token', 'token answer without an access token', null],
  no_refresh_token: ['token', 'no refresh token although offline_access was asked for', null],
  short_lived_token: ['token', 'access token that lives 5 s (`seconds`)', null],
  no_expires_in: ['token', 'token answer without expires_in', null],
  string_expires_in: ['token', 'expires_in as a string, as old endpoints send it', null],
  // the ID token
  missing_id_token: ['token', 'no ID token although openid was asked for', null],
  wrong_nonce: ['token', 'ID token with the nonce of another sign-in', null],
  missing_nonce: ['token', 'ID token without nonce', null],
  wrong_aud: ['token', 'ID token meant for another app', null],
  wrong_iss: ['token', 'ID token of another issuer', null],
  expired_id_token: ['token', 'ID token that expired an hour ago', null],
  future_iat: ['token', 'ID token issued an hour from now (`seconds`)', null],
  alg_none: ['token', 'unsigned ID token (alg none)', null],
  alg_hs256: ['token', 'ID token signed HS256 with the public key as the secret', null],
  bad_signature: ['token', 'ID token whose signature does not verify', null],
  unknown_kid: ['token', 'ID token signed by a key that is never published', null],
  rotated_keys: ['token', 'the keys are rotated just before the ID token is signed', null],
  missing_sub: ['token', 'ID token without sub', null],
  no_oid: ['token', 'ID token without oid', null],
  garbage_client_info: ['token', 'client_info that cannot be read', null],
  other_tenant_tid: ['token', 'ID token of the same app, but with the tid of another tenant', null],
  skewed_clock: ['token', "Microsoft's clock is 10 minutes ahead when it issues tokens (`seconds`)", null],
  // metadata
  keys_unreachable: ['keys', 'the key set cannot be reached', null],
  keys_500: ['keys', 'the key set answers 500', null],
  keys_empty: ['keys', 'the key set is empty', null],
  discovery_500: ['discovery', 'the discovery document answers 500', null],
  discovery_wrong_issuer: ['discovery', 'the discovery document names another issuer', null],
  // the profile
  null_mail: ['me', 'profile whose mail is null', null],
  null_mail_and_upn: ['me', 'profile whose mail and userPrincipalName are null', null],
  missing_id: ['me', 'profile without id', null],
  garbage_profile: ['me', 'profile that is valid JSON, but a list', null],
  html_profile: ['me', 'an HTML page with status 200 in place of the profile', null],
  other_profile: ['me', 'profile of another person than the one who signed in', null],
  profile_401: ['me', 'Graph says that the token expired', 'InvalidAuthenticationToken'],
  profile_401_claims: ['me', 'Graph asks for a new sign-in (claims challenge)', 'InvalidAuthenticationToken'],
  profile_403: ['me', 'Graph says that a permission is missing', 'Authorization_RequestDenied'],
  profile_404: ['me', 'Graph does not know the person', 'Request_ResourceNotFound'],
  profile_429: ['me', 'Graph throttles, with Retry-After', 'TooManyRequests'],
  profile_500: ['me', 'Graph fails', 'generalException'],
  profile_503: ['me', 'Graph is unavailable, with Retry-After', 'serviceNotAvailable'],
  userinfo_other_subject: ['userinfo', "userinfo with another subject than the ID token's", null],
  // transport, at the endpoint named in the options
  slow: ['any', 'the answer comes after 2 s (`ms`)', null],
  hang: ['any', 'the answer never comes', null],
  drop_connection: ['any', 'the connection is cut instead of an answer', null],
  empty_body: ['any', 'status 200 with an empty body', null],
  truncated_json: ['any', 'the JSON stops in the middle', null],
  wrong_content_type: ['any', 'the right JSON as text/plain', null],
  huge_body: ['any', 'a JSON body of 32 MiB (`bytes`)', null],
} as const satisfies Record<string, Row>;

type BehaviourName = keyof typeof behaviours;
export type FaultName = BehaviourName | `AADSTS${AadstsCode}`;

const numberedFaults = (Object.entries(aadstsTable) as [`${AadstsCode}`, AadstsEntry][]).map(
  ([code, entry]): FaultDescription => ({
    name: `AADSTS${code}`,
    endpoint: entry.at && entry.at !== 'token' ? 'authorize' : 'token',
    description: entry.about,
    provider_code: `AADSTS${code}`,
  }),
);

const behaviourFaults = (Object.entries(behaviours) as [BehaviourName, Row][]).map(
  ([name, [endpoint, description, providerCode]]): FaultDescription => ({
    name,
    endpoint,
    description,
    provider_code: providerCode,
  }),
);

/** Every fault, once. */
export const faults: readonly FaultDescription[] = [...numberedFaults, ...behaviourFaults];

export function isFaultName(rawName: string): rawName is FaultName {
  return faults.some((fault) => fault.name === rawName);
}
