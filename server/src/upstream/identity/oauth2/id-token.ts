/** Verification of ID tokens (S-06, S-07). @see OpenID Connect Core 1.0 §3.1.3.7 */
import { decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import { tenantOf } from './known-provider.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

export interface IdTokenClaims extends Record<string, unknown> {
  /** As identities are kept under it; the provider may have spelled it otherwise. */
  iss: string;
  sub: string;
}

export interface IdTokenExpectation {
  provider: Pick<ProviderMetadata, 'family' | 'acceptIssuer'>;
  clientId: string;
  nonce: string;
  algorithms: readonly string[];
  /** Tenants of Entra whose people may sign in; empty: every one that the issuer allows. */
  tenants: readonly string[];
  now: Date;
}

const maxLength = 64 * 1024;
const toleranceSeconds = 60;
/** Entra dates its tokens back by five minutes; beyond that and the tolerance a clock is wrong. */
const maxAgeSeconds = 480;

const invalid = (detail: string, claim?: string, reason?: Reason, cause?: unknown): FoyerError =>
  new FoyerError('id_token_invalid', {
    detail,
    cause,
    evidence: { step: 'token', ...(claim === undefined ? {} : { claim }), ...(reason ? { reason } : {}) },
  });

/** The claim `iss` before anything is verified; for finding out whose keys to ask for. @throws {FoyerError} id_token_invalid */
export const readUnverifiedIssuer = (rawIdToken: string): string => {
  try {
    const { iss } = decodeJwt(rawIdToken);
    if (typeof iss === 'string' && iss.length <= 1024) return iss;
  } catch (cause) {
    throw invalid('not a JWT', undefined, undefined, cause);
  }
  throw invalid('no issuer', 'iss');
};

const fromJose = (error: unknown): FoyerError => {
  if (isFoyerError(error)) return error;
  if (error instanceof errors.JWTExpired) return invalid('expired', 'exp', 'id_token_expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const reason = error.claim === 'nbf' && error.reason === 'check_failed' ? 'clock_skew' : undefined;
    return invalid(`claim ${error.claim} ${error.reason}`, error.claim, reason, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalid('signature', undefined, 'bad_signature', error);
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return invalid('unknown key', undefined, 'unknown_key', error);
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalid('more than one key fits', undefined, 'unknown_key', error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid('algorithm not allowed', 'alg', undefined, error);
  return invalid('cannot be verified', undefined, undefined, error);
};

type Payload = Readonly<Record<string, unknown>>;

const checkAudience = ({ aud, azp }: Payload, clientId: string): void => {
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(clientId)) throw invalid('meant for another client', 'aud', 'bad_audience');
  const needsAzp = audiences.length > 1 || azp !== undefined;
  if (needsAzp && azp !== clientId) throw invalid('issued to another client', 'azp', 'bad_audience');
};

const checkIssuedAt = ({ iat }: Payload, now: Date): void => {
  if (typeof iat !== 'number' || !Number.isFinite(iat)) throw invalid('no time of issue', 'iat');
  const ageSeconds = now.getTime() / 1000 - iat;
  if (ageSeconds < -toleranceSeconds || ageSeconds > maxAgeSeconds) {
    throw invalid(`issued ${Math.round(ageSeconds)} s ago by our clock`, 'iat', 'clock_skew');
  }
};

const checkTenant = ({ tid }: Payload, issuer: string, expected: IdTokenExpectation): void => {
  if (expected.provider.family !== 'entra') return;
  const tenant = tenantOf(issuer);
  if (tid !== undefined && tid !== tenant) throw invalid('tenant and issuer differ', 'tid');
  if (expected.tenants.length > 0 && !(tenant !== undefined && expected.tenants.includes(tenant))) {
    throw new FoyerError('not_permitted', {
      detail: `tenant ${tenant} is not allowed`,
      evidence: { step: 'token', claim: 'tid', reason: 'tenant_not_allowed' satisfies Reason },
    });
  }
};

/** Checks the claims of a token whose signature and lifetime are good. Pure. */
const checkClaims = (payload: Payload, expected: IdTokenExpectation): IdTokenClaims => {
  const iss = expected.provider.acceptIssuer(payload.iss);
  if (iss === undefined) throw invalid('another issuer', 'iss');
  checkAudience(payload, expected.clientId);
  checkIssuedAt(payload, expected.now);
  const { sub } = payload;
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 255) throw invalid('no subject', 'sub');
  if (payload.nonce !== expected.nonce) {
    throw new FoyerError('nonce_mismatch', {
      detail: payload.nonce === undefined ? 'the ID token has no nonce' : 'the ID token has another nonce',
      evidence: { step: 'token', claim: 'nonce' },
    });
  }
  checkTenant(payload, iss, expected);
  return { ...payload, iss, sub };
};

/**
 * Verifies an ID token that came from the token endpoint.
 * @throws {FoyerError} id_token_invalid, nonce_mismatch, not_permitted (a tenant that is not allowed), and whatever
 * fetching the keys throws
 */
export const verifyIdToken = async (
  rawIdToken: string,
  findKey: JWTVerifyGetKey,
  expected: IdTokenExpectation,
): Promise<IdTokenClaims> => {
  if (rawIdToken.length > maxLength) throw invalid('too long');
  const verified = await jwtVerify(rawIdToken, findKey, {
    algorithms: [...expected.algorithms],
    clockTolerance: toleranceSeconds,
    currentDate: expected.now,
    requiredClaims: ['exp', 'iat', 'sub'],
  }).catch((error: unknown) => {
    throw fromJose(error);
  });
  return checkClaims(verified.payload, expected);
};
