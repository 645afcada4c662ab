/** The person that a profile makes with settings which nobody saved. Pure: see `person-of.ts`. */
import { parseJsonStrict } from '#base/lib/egress/parse-json-strict.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { createPermission } from './ensure-matching.ts';
import type { IdTokenClaims } from './id-token.ts';
import { findKnownProvider } from './known-provider.ts';
import { type Person, personOf, type Seen } from './person-of.ts';
import { resolveUrls } from './resolve-url.ts';
import { readSettings } from './settings.ts';

export interface PreviewInput {
  profile: Readonly<Record<string, unknown>>;
  /** As if verified. */
  claims: Readonly<Record<string, unknown>> | undefined;
  credentials: Seen['credentials'];
}

// An issuer that only discovery would tell.
const unknownTokenUrl = 'https://unknown.invalid/';

const claimsOf = (claims: PreviewInput['claims'], issuer: string | undefined): IdTokenClaims | undefined => {
  if (claims === undefined) return undefined;
  const { iss, sub } = claims;
  return {
    ...claims,
    iss: typeof iss === 'string' ? iss : (issuer ?? ''),
    sub: typeof sub === 'string' ? sub : '',
  };
};

/** As a profile that came from a provider is read (S-25). @throws {FoyerError} bad_profile */
const readPasted = (profile: PreviewInput['profile']): Record<string, unknown> => {
  const refused = (detail: string): FoyerError =>
    new FoyerError('bad_profile', { detail, evidence: { step: 'profile', reason: 'malformed_profile' } });
  let parsed: ReturnType<typeof parseJsonStrict>;
  try {
    parsed = parseJsonStrict(JSON.stringify(profile));
  } catch (error) {
    throw isFoyerError(error) ? refused(error.detail ?? 'json') : error;
  }
  if (parsed.flaws.length > 0) throw refused(parsed.flaws.join(', '));
  return parsed.value as Record<string, unknown>;
};

/** @throws {FoyerError} as `personOf` */
export const previewPerson = (raw: Readonly<Record<string, unknown>>, input: PreviewInput): Person => {
  const settings = readSettings(raw);
  const known = findKnownProvider(settings);
  const { token } = resolveUrls(settings);
  return personOf(
    { settings, known, checkPermitted: createPermission(settings.ensureMatching) },
    {
      profile: readPasted(input.profile),
      claims: claimsOf(input.claims, known?.issuer),
      credentials: input.credentials,
      knownIssuer: known?.issuer,
      tokenUrl: URL.canParse(token) ? token : unknownTokenUrl,
    },
  );
};
