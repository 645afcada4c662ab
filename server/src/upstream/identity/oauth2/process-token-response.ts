/** What the token endpoint answered, checked. Pure: the request is made in `open.ts`. @see RFC 6749 §5.1, §5.2 */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { parseJsonStrict } from '#base/lib/egress/parse-json-strict.ts';
import { type ErrorCode, FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Reason } from '#upstream/diagnosis/catalogue.ts';
import { parseProviderError } from '#upstream/diagnosis/parse-provider-error.ts';
import type { UpstreamTokens } from '../identity-source.ts';
import { refuseStatus } from './provider-refusal.ts';
import { isFormAnswer, isJsonAnswer, readForm } from './read-body.ts';

type TokenStep = 'token' | 'refresh';

export interface TokenAnswer {
  tokens: UpstreamTokens;
  rawIdToken: string | undefined;
  rawClientInfo: string | undefined;
}

// Above every token that providers are known to send.
const maxTokenLength = 32 * 1024;
const maxLifetimeSeconds = 10 * 365 * 24 * 3600;

/** Answers to a refresh after which only the person can help (RFC 6749 §5.2, OIDC Core §3.1.2.6; the last is GitHub's). */
const finalErrors = new Set([
  'invalid_grant',
  'interaction_required',
  'consent_required',
  'login_required',
  'bad_refresh_token',
]);

type Fields = Readonly<Record<string, unknown>>;

const unusable = (step: TokenStep, detail: string, reason?: Reason): FoyerError =>
  new FoyerError('upstream_invalid', {
    detail,
    evidence: { step, httpStatus: 200, ...(reason ? { reason } : {}) },
  });

const parseAnswer = (text: string, step: TokenStep): unknown => {
  try {
    const { value, flaws } = parseJsonStrict(text);
    if (!flaws.includes('duplicate_key')) return value;
  } catch (error) {
    throw unusable(step, isFoyerError(error) ? (error.detail ?? 'json') : 'json');
  }
  throw unusable(step, 'duplicate_key');
};

const readFields = (answer: EgressResponse, step: TokenStep): Fields => {
  if (answer.text === '') throw unusable(step, 'empty');
  if (/^\s*</.test(answer.text)) throw unusable(step, 'html');
  if (isFormAnswer(answer)) return readForm(answer.text) ?? {};
  if (!isJsonAnswer(answer)) throw unusable(step, 'content type');
  const value = parseAnswer(answer.text, step);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unusable(step, 'json');
  return value as Fields;
};

const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const readToken = (fields: Fields, name: string, step: TokenStep): string | undefined => {
  const value = own(fields, name);
  if (value === undefined || value === null || value === '') return undefined;
  // RFC 6749 appendix A.12: visible ASCII; anything else could not be sent in a header.
  if (typeof value !== 'string' || value.length > maxTokenLength || !/^[\x20-\x7e]+$/.test(value)) {
    throw unusable(step, `${name} is not a token`);
  }
  return value;
};

const seconds = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
};

/** `expires_in`, or what older providers send: `expires` in seconds, `expires_at` as unix time. */
const readExpiry = (fields: Fields, now: Date): Date | undefined => {
  const inSeconds = seconds(own(fields, 'expires_in')) ?? seconds(own(fields, 'expires'));
  if (inSeconds !== undefined) {
    return new Date(now.getTime() + Math.min(inSeconds, maxLifetimeSeconds) * 1000);
  }
  const at = seconds(own(fields, 'expires_at'));
  return at === undefined || at > now.getTime() / 1000 + maxLifetimeSeconds ? undefined : new Date(at * 1000);
};

const readType = (fields: Fields, step: TokenStep): string => {
  const type = own(fields, 'token_type') ?? 'Bearer';
  // RFC 6749 §7.1: a token of a kind that we do not know must not be used.
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') throw unusable(step, 'token_type');
  return type;
};

const readScope = (fields: Fields, requested: string): string => {
  const scope = own(fields, 'scope');
  // RFC 6749 §5.1: left out when it is what was asked for.
  if (typeof scope !== 'string' || scope === '' || scope.length > 8192) return requested;
  return scope;
};

const codeFor = (step: TokenStep, error: string | undefined): ErrorCode =>
  step === 'refresh' && error !== undefined && finalErrors.has(error.toLowerCase())
    ? 'needs_consent'
    : 'upstream_refused';

export interface TokenResponseContext {
  step: TokenStep;
  now: Date;
  /** Scopes that were asked for. */
  scope: string;
}

/**
 * Reads the tokens out of the answer, which may be JSON or a form.
 * @throws {FoyerError} upstream_refused (the provider's `error` is in the evidence), needs_consent (a refresh was
 * refused for good), source_unavailable (429, 5xx), upstream_invalid (not a token answer)
 */
export const processTokenResponse = (answer: EgressResponse, context: TokenResponseContext): TokenAnswer => {
  const { step, now } = context;
  if (answer.status < 200 || answer.status >= 300) {
    const { error } = parseProviderError(answer.text, answer.status);
    throw refuseStatus(answer, step, codeFor(step, error));
  }
  const fields = readFields(answer, step);
  if (own(fields, 'error') !== undefined && own(fields, 'access_token') === undefined) {
    // GitHub and others refuse with status 200.
    const evidence = parseProviderError(fields, answer.status);
    throw new FoyerError(codeFor(step, evidence.error), {
      detail: 'the provider answered with an error',
      evidence: { step, ...evidence },
    });
  }
  const accessToken = readToken(fields, 'access_token', step);
  if (accessToken === undefined) throw unusable(step, 'no access token', 'no_access_token');
  return {
    tokens: {
      accessToken,
      refreshToken: readToken(fields, 'refresh_token', step),
      tokenType: readType(fields, step),
      scope: readScope(fields, context.scope),
      expiresAt: readExpiry(fields, now),
    },
    rawIdToken: readText(fields, 'id_token'),
    rawClientInfo: readText(fields, 'client_info'),
  };
};

/** Whatever it is: `id-token.ts` and `client-info.ts` judge it, and only where it was asked for. */
const readText = (fields: Fields, name: string): string | undefined => {
  const value = own(fields, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};
