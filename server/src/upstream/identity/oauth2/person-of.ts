/**
 * @module Who a profile describes, by the settings of a source: whether they may sign in, their fields, and the key of
 * their identity. Sign-in, dry runs and the mapping lab all ask this one function, so they cannot disagree. Pure.
 */
import type { Identity } from '../identity-source.ts';
import { isEmailVerified } from './email-verified.ts';
import type { CheckPermitted } from './ensure-matching.ts';
import type { IdTokenClaims } from './id-token.ts';
import { identityKeyOf } from './identity-key.ts';
import type { KnownProvider } from './known-provider.ts';
import { type MappingInput, mapProfile } from './map-profile.ts';
import type { OAuth2Settings } from './settings.ts';

/** What depends on the source alone. */
export interface PersonRules {
  settings: OAuth2Settings;
  known: KnownProvider | undefined;
  checkPermitted: CheckPermitted;
}

export interface Seen {
  profile: Readonly<Record<string, unknown>>;
  /** Of the verified ID token. */
  claims: IdTokenClaims | undefined;
  credentials: MappingInput['credentials'];
  /** The issuer that is known without an ID token. */
  knownIssuer: string | undefined;
  tokenUrl: string;
}

export type Person = Pick<Identity, 'issuer' | 'subject' | 'fields' | 'emailVerified'> & {
  subjectKey: string;
  mapping: NonNullable<Identity['mapping']>;
};

/** @throws {FoyerError} not_permitted (S-22), bad_profile (S-25, S-28) */
export const personOf = ({ settings, known, checkPermitted }: PersonRules, seen: Seen): Person => {
  const { profile, claims, credentials, knownIssuer, tokenUrl } = seen;
  checkPermitted(profile, claims);
  const { fields, winners, ignored } = mapProfile({
    infoMappings: settings.infoMappings,
    profile,
    claims,
    credentials,
  });
  const key = identityKeyOf({ settings, knownIssuer, tokenUrl, profile, claims });
  return {
    ...key,
    fields,
    emailVerified: isEmailVerified(known?.family ?? 'other', fields.email, profile, claims),
    mapping: { winners, ignored },
  };
};
