/** The profile of the person who signed in: fetched, and about the same person as the ID token. */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import type { SourceTools } from '../identity-source.ts';
import type { IdTokenClaims } from './id-token.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { refuseStatus } from './provider-refusal.ts';
import { isFormAnswer, readForm } from './read-body.ts';
import { hasScope, type OAuth2Settings } from './settings.ts';

export type Profile = Record<string, unknown>;

const malformed = (detail: string): FoyerError =>
  new FoyerError('bad_profile', {
    detail,
    evidence: { step: 'profile', reason: 'malformed_profile' satisfies Reason },
  });

/** @throws {FoyerError} upstream_refused, source_unavailable, bad_profile, upstream_invalid */
export const readProfile = (answer: EgressResponse): Profile => {
  if (answer.status < 200 || answer.status >= 300) throw refuseStatus(answer, 'profile', 'upstream_refused');
  if (isFormAnswer(answer)) {
    const fields = readForm(answer.text);
    if (fields === undefined) throw malformed('repeated fields');
    return fields;
  }
  const profile = answer.json();
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) {
    throw malformed('not an object');
  }
  return profile as Profile;
};

/**
 * Asks for the profile with the person's own token (RFC 6750 §2.1).
 * @throws {FoyerError} see `readProfile`, and what the egress throws
 */
export const fetchProfile = async (
  { egress }: SourceTools,
  url: string,
  accessToken: string,
): Promise<{ profile: Profile; status: number }> => {
  const answer = await egress.request({
    url,
    method: 'GET',
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    accept: 'profile',
    step: 'profile',
  });
  return { profile: readProfile(answer), status: answer.status };
};

const differs = (detail: string): FoyerError =>
  new FoyerError('subject_mismatch', { detail, evidence: { step: 'profile' } });

const own = (profile: Profile, name: string): unknown =>
  Object.hasOwn(profile, name) ? profile[name] : undefined;

export interface SubjectCheck {
  provider: Pick<ProviderMetadata, 'family' | 'userinfoUrl'>;
  settings: OAuth2Settings;
  profileUrl: string;
  profile: Profile;
  claims: IdTokenClaims;
}

/**
 * Refuses a profile of somebody else than the ID token's subject (S-12).
 *
 * OpenID userinfo says `sub`. Graph's `/me` says `id`, which is the token's `oid`; Entra puts `oid` into ID tokens only
 * for the scope `profile`, so without that scope there is nothing to compare: both answers then rest on one token
 * answer, as in OIDC Core §3.1.3.7. An older Google address says `id` for `sub`.
 * @throws {FoyerError} subject_mismatch
 * @see OpenID Connect Core 1.0 §5.3.2
 */
export const checkSubject = ({ provider, settings, profileUrl, profile, claims }: SubjectCheck): void => {
  const sub = own(profile, 'sub');
  if (sub !== undefined && sub !== null) {
    if (sub !== claims.sub) throw differs('sub of the profile and of the ID token differ');
    return;
  }
  if (provider.userinfoUrl !== undefined && provider.userinfoUrl === profileUrl) {
    throw differs('the userinfo answer has no sub');
  }
  const id = own(profile, 'id');
  if (provider.family === 'google' && id !== undefined && id !== claims.sub) {
    throw differs('id of the profile and sub of the ID token differ');
  }
  if (provider.family === 'entra' && /\/me\/?$/.test(new URL(profileUrl).pathname)) {
    checkGraphUser(id, claims, settings);
  }
};

const checkGraphUser = (id: unknown, { oid }: IdTokenClaims, settings: OAuth2Settings): void => {
  if (oid === undefined && !hasScope(settings, 'profile')) return;
  if (typeof oid !== 'string') throw differs('the ID token has no oid');
  if (typeof id === 'string' && id.toLowerCase() !== oid.toLowerCase()) {
    throw differs('id of the profile and oid of the ID token differ');
  }
};
