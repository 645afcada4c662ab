/** @module ID tokens: issued beside an access token with scope `openid`, and read again as a hint at sign-out. */
import { sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { SigningKeys } from '#model/keys/signing-keys.ts';

export interface IdTokenDeps {
  signingKeys: SigningKeys;
  clock: Clock;
  origin: PublicOrigin;
}

const ttlSeconds = 120;
const signOffLoop = promisify(sign);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @see OIDC Core §2 */
export const issueIdToken = async (
  deps: IdTokenDeps,
  domain: Domain,
  token: {
    userId: string;
    clientId: string;
    nonce: string | undefined;
    authTime: Date | undefined;
    sessionPublicId: string | undefined;
  },
): Promise<string> => {
  const key = await deps.signingKeys.current();
  const iat = unixSeconds(deps.clock.now());
  const signed = `${encode({ typ: 'JWT', kid: key.kid, alg: 'RS256' })}.${encode({
    iss: deps.origin.of(domain.host),
    sub: token.userId,
    aud: token.clientId,
    iat,
    exp: iat + ttlSeconds,
    ...(token.nonce !== undefined && { nonce: token.nonce }),
    ...(token.authTime && { auth_time: unixSeconds(token.authTime) }),
    ...(token.sessionPublicId !== undefined && { sid: token.sessionPublicId }),
  })}`;
  return `${signed}.${(await signOffLoop('sha256', Buffer.from(signed), key.privateKey)).toString('base64url')}`;
};

export interface IdTokenHint {
  userId: string;
  clientId: string;
}

const parse = (part: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** An ID token that we issued for this domain, expired or not; `undefined` for everything else. @see OIDC RP-Initiated Logout §2 */
export const readIdTokenHint = async (
  deps: IdTokenDeps,
  domain: Domain,
  rawToken: string,
): Promise<IdTokenHint | undefined> => {
  const [rawHeader = '', rawPayload = '', rawSignature = '', ...more] = rawToken.split('.');
  const header = parse(rawHeader);
  if (more.length > 0 || header.alg !== 'RS256' || header.typ !== 'JWT' || typeof header.kid !== 'string') {
    return undefined;
  }
  const key = await deps.signingKeys.byKid(header.kid);
  const signature = Buffer.from(rawSignature, 'base64url');
  if (!key || !verify('sha256', Buffer.from(`${rawHeader}.${rawPayload}`), key.publicKey, signature)) {
    return undefined;
  }
  const { iss, sub, aud } = parse(rawPayload);
  if (iss !== deps.origin.of(domain.host) || typeof sub !== 'string' || typeof aud !== 'string')
    return undefined;
  return { userId: sub, clientId: aud };
};
