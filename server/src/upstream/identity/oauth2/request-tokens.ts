/** The two calls to a source's token endpoint: for a code, and for a refresh token. */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { UpstreamTokens } from '../identity-source.ts';
import { signClientAssertion } from './client-assertion.ts';
import { describeExchange } from './describe-exchange.ts';
import type { Prepared } from './prepare-source.ts';
import { processTokenResponse, type TokenAnswer } from './process-token-response.ts';
import { buildTokenRequest, type Grant } from './token-request.ts';
import { type OnStep, traced } from './trace.ts';

/** Of the assertion: the issuer where it is known, so that no other server can use it; Entra wants the address. */
const audienceOf = ({ known }: Prepared, tokenUrl: string): string =>
  known?.family === 'entra' ? tokenUrl : (known?.issuer ?? tokenUrl);

const assertionFor = async (
  source: Prepared,
  key: Prepared['clientKey'],
  tokenUrl: string,
): Promise<string | undefined> => {
  if (key === undefined) return undefined;
  if (typeof key === 'string') {
    throw new FoyerError('source_misconfigured', { detail: `unusable: ${key}`, evidence: { fields: [key] } });
  }
  const { settings, tools } = source;
  return signClientAssertion(key, settings.clientId, audienceOf(source, tokenUrl), tools.clock);
};

/** @throws {FoyerError} see `processTokenResponse`, and what the egress throws */
export const requestTokens = (source: Prepared, grant: Grant, onStep?: OnStep): Promise<TokenAnswer> => {
  const { settings, tools, scope } = source;
  const step = grant.type === 'refresh_token' ? 'refresh' : 'token';
  return traced(onStep, tools.clock, step, (detail) =>
    source.secrets.use(async (clientSecret, slot) => {
      if (detail) Object.assign(detail, { secret: slot === 'second' ? slot : undefined });
      const tokenUrl = await source.tokenUrl();
      const assertion = await assertionFor(source, source.clientKey, tokenUrl);
      const { clientId, authScheme, tokenMethod } = settings;
      const client = { clientId, clientSecret, authScheme, tokenMethod, tokenUrl };
      const request = buildTokenRequest(client, grant, assertion);
      let answer: EgressResponse | undefined;
      if (detail) {
        Object.assign(detail, { host: new URL(tokenUrl).host, tokenMethod, authScheme });
        const hidden = [settings.clientSecret, settings.nextClientSecret];
        detail.exchange = () => describeExchange(request, answer, { hidden });
      }
      answer = await tools.egress.request(request);
      if (detail) detail.httpStatus = answer.status;
      const read = processTokenResponse(answer, { step, now: tools.clock.now(), scope });
      if (detail) {
        Object.assign(detail, {
          scope: read.tokens.scope,
          expiresAt: read.tokens.expiresAt,
          hasRefreshToken: read.tokens.refreshToken !== undefined,
          hasIdToken: read.rawIdToken !== undefined,
        });
      }
      return read;
    }),
  );
};

/** One refresh, at this source and nowhere else (S-48, D-47). @throws {FoyerError} as `requestTokens` */
export const refreshTokens = async (
  source: Prepared,
  refreshToken: string,
  onStep?: OnStep,
): Promise<UpstreamTokens> => {
  const { tokens } = await requestTokens(source, { type: 'refresh_token', refreshToken }, onStep);
  // RFC 6749 §6: a provider that sends no new one leaves the old one valid.
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
};

/** Some providers hand out tokens that are over already; one refresh makes them usable (contract §1.9). */
export const freshTokens = async (
  source: Prepared,
  tokens: UpstreamTokens,
  onStep?: OnStep,
): Promise<UpstreamTokens> => {
  const { expiresAt, refreshToken } = tokens;
  const isOver = expiresAt !== undefined && expiresAt <= source.tools.clock.now();
  return isOver && refreshToken !== undefined ? refreshTokens(source, refreshToken, onStep) : tokens;
};
