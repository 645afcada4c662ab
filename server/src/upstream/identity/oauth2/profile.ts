/** The profile of the person who signed in: fetched, and about the same person as the ID token. */
import type { EgressRequest, EgressResponse } from '#base/lib/egress/egress.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import { readObjectId } from './client-info.ts';
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

/** Asks for the profile with the person's own token (RFC 6750 §2.1). */
export const profileRequest = (url: string, accessToken: string): EgressRequest => ({
  url,
  method: 'GET',
  headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
  accept: 'profile',
  step: 'profile',
});

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
  rawClientInfo?: string | undefined;
}

/**
 * Refuses a profile of somebody else than the ID token's subject (S-12).
 *
 * OpenID userinfo says `sub`. Graph's `/me` says `id`, which is the ID token's `oid`. Entra puts `oid` into ID tokens only
 * for the scope `profile`; without that scope it is the object id in `client_info` of the same token answer. For a guest
 * who signs in without that scope neither is told: what is left is that access token and ID token came in one answer.
 * An older Google address says `id` for `sub`.
 * @throws {FoyerError} subject_mismatch
 * @see OpenID Connect Core 1.0 §5.3.2
 */
export const checkSubject = (check: SubjectCheck): void => {
  const { provider, profileUrl, profile, claims } = check;
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
    checkGraphUser(id, check);
  }
};

/** Graph writes the id of a personal account without the zeros that its `oid` begins with. */
const asObjectId = (id: string): string =>
  id.toLowerCase().replace(/^([0-9a-f]{4})([0-9a-f]{12})$/, '00000000-0000-0000-$1-$2');

const checkGraphUser = (id: unknown, { claims, rawClientInfo, settings }: SubjectCheck): void => {
  const { oid, tid } = claims;
  if (oid === undefined && !hasScope(settings, 'profile')) {
    const objectId = readObjectId(rawClientInfo, tid);
    if (typeof id === 'string' && objectId !== undefined && asObjectId(id) !== asObjectId(objectId)) {
      throw differs('id of the profile and uid of client_info differ');
    }
    return;
  }
  if (typeof oid !== 'string') throw differs('the ID token has no oid');
  if (typeof id === 'string' && asObjectId(id) !== asObjectId(oid)) {
    throw differs('id of the profile and oid of the ID token differ');
  }
};
