/**
 * @module Opens an OAuth2 or OpenID Connect source. All that depends on its settings alone is worked out here, once;
 * a sign-in is then a URL to build, and on the way back two requests: the token's and the profile's. Discovery and keys
 * are fetched when first needed and kept (`cached-document.ts`).
 *
 * finishRedirect: callback checked (S-03, S-08, S-13) → code exchanged → ID token verified (S-06, S-07) → profile
 * fetched and of the same person (S-12) → conditions (S-22) → mapped (S-25, S-32) → key (S-27, S-28).
 */
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import type { Identity, IdentitySource, OpenSource, RedirectFinish } from '../identity-source.ts';
import { checkCallbackIssuer, readCode } from './callback.ts';
import { isEmailVerified } from './email-verified.ts';
import { type IdTokenClaims, readUnverifiedIssuer, verifyIdToken } from './id-token.ts';
import { identityKeyOf } from './identity-key.ts';
import { mapProfile } from './map-profile.ts';
import { missingSettings } from './missing-settings.ts';
import { type Prepared, prepareSource } from './prepare-source.ts';
import { checkSubject, fetchProfile, type Profile } from './profile.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { freshTokens, refreshTokens, requestTokens } from './request-tokens.ts';
import { traced } from './trace.ts';

/** @see IdentitySource; every capability throws {FoyerError} source_misconfigured while the source is incomplete. */
export const openOAuth2: OpenSource = (rawSettings, tools): IdentitySource => {
  const missing = missingSettings(rawSettings);
  const source = missing.length === 0 ? prepareSource(rawSettings, tools) : undefined;
  const ready = (): Prepared => {
    if (source !== undefined) return source;
    throw new FoyerError('source_misconfigured', {
      detail: `missing: ${missing.join(', ')}`,
      evidence: { step: 'authorize', fields: missing },
    });
  };
  return {
    startRedirect: async (start) => (await ready().authorizeUrl())(start),
    finishRedirect: async (finish) => finishRedirect(ready(), finish),
    refresh: async (refreshToken) => refreshTokens(ready(), refreshToken),
  };
};

/** An unknown provider's issuer is what its ID token names, if that issuer's document leads back to this source. */
const learnProvider = async (source: Prepared, rawIdToken: string): Promise<ProviderMetadata> => {
  try {
    return await source.learn(readUnverifiedIssuer(rawIdToken));
  } catch (error) {
    const isNoDocument = isFoyerError(error, 'upstream_invalid') || isFoyerError(error, 'egress_denied');
    if (!isNoDocument) throw error;
    throw new FoyerError('id_token_invalid', {
      detail: 'the issuer of the ID token publishes no discovery document: set the issuer of the source',
      cause: error,
      evidence: { ...error.evidence, step: 'discovery' },
    });
  }
};

const readIdToken = async (
  source: Prepared,
  rawIdToken: string | undefined,
  provider: ProviderMetadata | undefined,
  finish: RedirectFinish,
): Promise<{ claims: IdTokenClaims; provider: ProviderMetadata }> => {
  const { settings, tools } = source;
  if (rawIdToken === undefined) {
    throw new FoyerError('id_token_invalid', {
      detail: 'no ID token although openid was asked for',
      evidence: { step: 'token', reason: 'no_id_token' satisfies Reason },
    });
  }
  const signer = provider ?? (await learnProvider(source, rawIdToken));
  // An issuer that only the token names is compared with the callback's now (S-08).
  if (provider === undefined) checkCallbackIssuer(finish.rawParams, signer);
  const claims = await traced(tools, 'id_token', async (detail) => {
    const verified = await verifyIdToken(rawIdToken, source.keyFinder(signer.keysUrl), {
      provider: signer,
      clientId: settings.clientId,
      nonce: finish.nonce,
      algorithms: source.algorithms,
      tenants: settings.tidAllow,
      now: tools.clock.now(),
    });
    detail.issuer = verified.iss;
    return verified;
  });
  return { claims, provider: signer };
};

const readProfile = async (
  source: Prepared,
  accessToken: string,
  claims: IdTokenClaims | undefined,
): Promise<Profile> => {
  const { profileUrl, tools } = source;
  if (profileUrl === '') return { ...claims };
  return traced(tools, 'profile', async (detail) => {
    detail.host = URL.parse(profileUrl)?.host;
    const { profile, status } = await fetchProfile(tools, profileUrl, accessToken);
    Object.assign(detail, { httpStatus: status, keys: Object.keys(profile).slice(0, 200) });
    return profile;
  });
};

const finishRedirect = async (source: Prepared, finish: RedirectFinish): Promise<Identity> => {
  const { settings, tools, fetchMetadata, profileUrl } = source;
  // Nothing is asked of anybody for a callback that cannot lead anywhere.
  const code = await traced(tools, 'callback', () => readCode(finish.rawParams));
  const metadata = await fetchMetadata?.();
  checkCallbackIssuer(finish.rawParams, metadata);
  const answer = await requestTokens(source, {
    type: 'authorization_code',
    code,
    redirectUri: finish.redirectUri,
    codeVerifier: settings.pkce ? finish.codeVerifier : undefined,
    clientInfo: source.isOidc && source.known?.family === 'entra',
  });
  const verified = source.isOidc ? await readIdToken(source, answer.rawIdToken, metadata, finish) : undefined;
  const claims = verified?.claims;
  const tokens = await freshTokens(source, answer.tokens);
  const profile = await readProfile(source, tokens.accessToken, claims);

  return traced(tools, 'mapping', async (detail) => {
    if (verified !== undefined && profileUrl !== '') {
      const { provider, claims } = verified;
      const { rawClientInfo } = answer;
      checkSubject({ provider, settings, profileUrl, profile, claims, rawClientInfo });
    }
    source.checkPermitted(profile, claims);
    const mapping = mapProfile({
      infoMappings: settings.infoMappings,
      profile,
      claims,
      credentials: { refreshToken: tokens.refreshToken !== undefined, expiresAt: tokens.expiresAt },
    });
    const key = identityKeyOf({
      settings,
      knownIssuer: metadata?.issuer,
      tokenUrl: await source.tokenUrl(),
      profile,
      claims,
    });
    const { fields } = mapping;
    const family = source.known?.family ?? 'other';
    Object.assign(detail, { issuer: key.issuer, uid: key.subjectKey, winners: mapping.winners });
    return {
      ...key,
      fields,
      emailVerified: isEmailVerified(family, fields.email, profile, claims),
      tokens,
      rawProfile: profile,
      ...(claims === undefined ? {} : { rawClaims: claims }),
    };
  });
};
