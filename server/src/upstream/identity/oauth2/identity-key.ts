/**
 * @module The key of an identity: issuer and subject (D-04 to D-06, S-27, S-28, S-30). With the domain and the source it
 * decides which account a person gets, so it must not change while the person stays the same.
 *
 * **Issuer.** It follows from the settings and from verified claims alone:
 * - an issuer that is known (explicit, Google, one Entra tenant) is the key's issuer whether or not `openid` is asked
 *   for, so adding or removing that scope changes nobody;
 * - a provider with an issuer per tenant (Entra's `common` and `organizations`), or one that only its token names: the
 *   `iss` of the verified ID token;
 * - plain OAuth2 has nobody who vouches: origin and path of the token address stand for it. There, adding `openid` or
 *   an issuer later makes everyone new; setting `issuer` from the start avoids that.
 *
 * **Subject.** The mapped `uid`, as PlaceOS kept it, so imported people are found again (for Entra the `id` of Graph's
 * profile, which is the `oid`: `sub` differs per app registration and would not survive a new one). Without a mapping it
 * is the ID token's `sub`. Of several mapped keys only the pinned one counts once there is one (D-06): otherwise a person
 * whose profile lost a value would become somebody else.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import type { IdTokenClaims } from './id-token.ts';
import { createLookUp, isCleanText, splitKeys } from './look-up.ts';
import type { OAuth2Settings } from './settings.ts';

export interface IdentityKey {
  issuer: string;
  subject: string;
  /** The key of the profile that the subject came from. */
  subjectKey: string;
}

export interface IdentityKeyInput {
  settings: OAuth2Settings;
  /** The issuer that is known without an ID token. */
  knownIssuer: string | undefined;
  tokenUrl: string;
  profile: Readonly<Record<string, unknown>>;
  claims: IdTokenClaims | undefined;
}

const bad = (detail: string): FoyerError =>
  new FoyerError('bad_profile', {
    detail,
    evidence: { step: 'mapping', target: 'uid', reason: 'missing_uid' satisfies Reason },
  });

const maxSubjectLength = 255;

/**
 * OpenID Connect subjects are texts. Plain OAuth2 providers (GitHub) number their users: whole numbers that JSON can
 * carry exactly are taken, everything else could make two people one.
 */
const toSubject = (value: unknown, isOidc: boolean): string => {
  const subject = !isOidc && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof subject !== 'string') throw bad('the user id is not a text');
  if (subject === '' || subject.trim() !== subject) throw bad('the user id is blank or has blanks around it');
  if (subject.length > maxSubjectLength) throw bad('the user id is too long');
  if (!isCleanText(subject) || /[\u0000-\u001f\u007f]/.test(subject)) {
    throw bad('the user id has control characters');
  }
  return subject;
};

/** The keys that a source's user id may come from now. */
export const subjectKeys = (settings: OAuth2Settings): string[] => {
  const keys = splitKeys(settings.infoMappings.uid ?? '');
  return settings.uidKey !== '' && keys.includes(settings.uidKey) ? [settings.uidKey] : keys;
};

const findSubject = ({ settings, profile, claims }: IdentityKeyInput): { key: string; value: unknown } => {
  const keys = subjectKeys(settings);
  if (keys.length === 0 && claims !== undefined) return { key: 'sub', value: claims.sub };
  const inProfile = createLookUp(profile);
  const inClaims = createLookUp(claims ?? {});
  for (const key of keys) {
    const value = inProfile(key) ?? inClaims(key);
    if (value !== undefined) return { key, value };
  }
  throw bad(keys.length === 0 ? 'no key is mapped to uid' : `the profile has no ${keys.join(', ')}`);
};

const addressOf = (tokenUrl: string): string => {
  const { origin, pathname } = new URL(tokenUrl);
  return `${origin}${pathname}`;
};

/** @throws {FoyerError} bad_profile when there is no usable subject (D-05) */
export const identityKeyOf = (input: IdentityKeyInput): IdentityKey => {
  const { key, value } = findSubject(input);
  const subject = toSubject(value, input.claims !== undefined);
  const issuer = input.claims?.iss ?? input.knownIssuer ?? addressOf(input.tokenUrl);
  return { issuer, subject, subjectKey: key };
};
