/**
 * @module Opens an OAuth2 or OpenID Connect source. All that depends on its settings alone is worked out here, once;
 * a sign-in is then a URL to build, and on the way back two requests: the token's and the profile's. Discovery and keys
 * are fetched when first needed and kept (`cached-document.ts`).
 *
 * finishRedirect: callback checked (S-03, S-08, S-13) → code exchanged → ID token verified (S-06, S-07) → profile
 * fetched and of the same person (S-12) → conditions (S-22) → mapped (S-25, S-32) → key (S-27, S-28).
 */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import type {
  Identity,
  IdentitySource,
  OpenSource,
  RedirectFinish,
  RedirectStart,
} from '../identity-source.ts';
import { checkCallbackIssuer, readCode } from './callback.ts';
import { describeExchange, describeNavigation } from './describe-exchange.ts';
import { githubEmailsUrl, withVerifiedEmail } from './github-email.ts';
import { type IdTokenClaims, readUnverifiedIssuer, verifyIdToken } from './id-token.ts';
import { missingSettings } from './missing-settings.ts';
import { personOf } from './person-of.ts';
import { type Prepared, prepareSource } from './prepare-source.ts';
import { checkSubject, type Profile, profileRequest, readProfile } from './profile.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { freshTokens, refreshTokens, requestTokens } from './request-tokens.ts';
import { type OnStep, traced, tracedAsWhole } from './trace.ts';

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
    startRedirect: async (start) =>
      tracedAsWhole(start.onStep, tools.clock, async (onStep) => startRedirect(ready(), start, onStep)),
    finishRedirect: async (finish) =>
      tracedAsWhole(finish.onStep, tools.clock, async (onStep) => finishRedirect(ready(), finish, onStep)),
    refresh: async (refreshToken) => refreshTokens(ready(), refreshToken),
  };
};

/** An unknown provider's issuer is what its ID token names, if that issuer's document leads back to this source. */
const learnProvider = async (
  source: Prepared,
  rawIdToken: string,
  onStep: OnStep,
): Promise<ProviderMetadata> => {
  try {
    return await source.learn(readUnverifiedIssuer(rawIdToken), onStep);
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
  onStep: OnStep,
): Promise<{ claims: IdTokenClaims; provider: ProviderMetadata }> => {
  const { settings, tools } = source;
  if (rawIdToken === undefined) {
    throw new FoyerError('id_token_invalid', {
      detail: 'no ID token although openid was asked for',
      evidence: { step: 'token', reason: 'no_id_token' satisfies Reason },
    });
  }
  const signer = provider ?? (await learnProvider(source, rawIdToken, onStep));
  // An issuer that only the token names is compared with the callback's now (S-08).
  if (provider === undefined) checkCallbackIssuer(finish.rawParams, signer);
  const claims = await traced(onStep, tools.clock, 'id_token', async (detail) => {
    const verified = await verifyIdToken(rawIdToken, source.keyFinder(signer.keysUrl)(onStep), {
      provider: signer,
      clientId: settings.clientId,
      nonce: finish.nonce,
      algorithms: source.algorithms,
      tenants: settings.tidAllow,
      now: tools.clock.now(),
    });
    if (detail) Object.assign(detail, { issuer: verified.iss, claims: Object.keys(verified).slice(0, 100) });
    return verified;
  });
  return { claims, provider: signer };
};

const startRedirect = async (source: Prepared, start: RedirectStart, onStep: OnStep): Promise<string> => {
  const build = await source.authorizeUrl(onStep);
  return traced(onStep, source.tools.clock, 'authorize', (detail) => {
    const url = build(start);
    if (detail) detail.exchange = () => describeNavigation(url);
    return url;
  });
};

/** The profile, asked for and compared with the ID token; without an address for it the ID token says it all. */
const askForProfile = async (
  source: Prepared,
  accessToken: string,
  verified: { claims: IdTokenClaims; provider: ProviderMetadata } | undefined,
  rawClientInfo: string | undefined,
  onStep: OnStep,
): Promise<Profile> => {
  const { profileUrl, settings, tools } = source;
  if (profileUrl === '') return { ...verified?.claims };
  return traced(onStep, tools.clock, 'profile', async (detail) => {
    const request = profileRequest(profileUrl, accessToken);
    let answer: EgressResponse | undefined;
    if (detail && URL.canParse(profileUrl)) {
      detail.host = new URL(profileUrl).host;
      // Of a profile that came nothing is shown: its values are the person's.
      const isProfile = (): boolean => answer !== undefined && answer.status >= 200 && answer.status < 300;
      detail.exchange = () => describeExchange(request, answer, { members: !isProfile() });
    }
    answer = await tools.egress.request(request);
    if (detail) detail.httpStatus = answer.status;
    const profile = readProfile(answer);
    if (detail) detail.keys = Object.keys(profile).slice(0, 200);
    if (verified !== undefined) checkSubject({ ...verified, settings, profileUrl, profile, rawClientInfo });
    const emailsUrl = githubEmailsUrl(profileUrl, settings);
    if (emailsUrl === undefined) return profile;
    return withVerifiedEmail(profile, await tools.egress.request(profileRequest(emailsUrl, accessToken)));
  });
};

const finishRedirect = async (
  source: Prepared,
  finish: RedirectFinish,
  onStep: OnStep,
): Promise<Identity> => {
  const { settings, tools, fetchMetadata } = source;
  const { clock } = tools;
  // Nothing is asked of anybody for a callback that cannot lead anywhere.
  const code = await traced(onStep, clock, 'callback', (detail) => {
    if (detail) detail.exchange = () => describeNavigation(finish.redirectUri, finish.rawParams);
    return readCode(finish.rawParams);
  });
  const metadata = await fetchMetadata?.(onStep);
  checkCallbackIssuer(finish.rawParams, metadata);
  const answer = await requestTokens(
    source,
    {
      type: 'authorization_code',
      code,
      redirectUri: finish.redirectUri,
      codeVerifier: settings.pkce ? finish.codeVerifier : undefined,
      clientInfo: source.isOidc && source.known?.family === 'entra',
    },
    onStep,
  );
  const verified = source.isOidc
    ? await readIdToken(source, answer.rawIdToken, metadata, finish, onStep)
    : undefined;
  const claims = verified?.claims;
  const tokens = await freshTokens(source, answer.tokens, onStep);
  const profile = await askForProfile(source, tokens.accessToken, verified, answer.rawClientInfo, onStep);
  const tokenUrl = await source.tokenUrl();
  finish.onProfile?.({ profile, claims });

  return traced(onStep, clock, 'mapping', (detail) => {
    const person = personOf(source, {
      profile,
      claims,
      credentials: { refreshToken: tokens.refreshToken !== undefined, expiresAt: tokens.expiresAt },
      knownIssuer: metadata?.issuer,
      tokenUrl,
    });
    if (detail) {
      const { issuer, subjectKey, mapping } = person;
      Object.assign(detail, { issuer, uid: subjectKey, ...mapping });
    }
    return { ...person, tokens, rawProfile: profile, ...(claims === undefined ? {} : { rawClaims: claims }) };
  });
};
