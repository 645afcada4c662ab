/** Proof of the client by a signed assertion instead of a secret. @see RFC 7523 §2.2, OpenID Connect Core 1.0 §9 */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import { newUuid } from '#base/lib/ids.ts';

const lifetimeSeconds = 300;

export interface ClientKey {
  key: KeyObject;
  alg: string;
  /** SHA-256 thumbprint of the certificate, by which Entra finds the public key. */
  thumbprint: string | undefined;
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

const algorithmOf = (key: KeyObject, hasCertificate: boolean): string | undefined => {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  // Entra wants PS256 beside a thumbprint in SHA-256; RS256 is what everybody else understands.
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return hasCertificate ? 'PS256' : 'RS256';
  if (key.asymmetricKeyType === 'ec') return curves[namedCurve];
  return key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : undefined;
};

export type ClientKeyFlaw = 'client_private_key' | 'client_certificate';

/** Reads the key and, if there is one, its certificate (both PEM). Answers the field that is wrong. */
export const readClientKey = (privateKey: string, certificate: string): ClientKey | ClientKeyFlaw => {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey);
  } catch {
    return 'client_private_key';
  }
  const alg = algorithmOf(key, certificate !== '');
  if (alg === undefined) return 'client_private_key';
  if (certificate === '') return { key, alg, thumbprint: undefined };
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(key)) return 'client_certificate';
    return { key, alg, thumbprint: createHash('sha256').update(parsed.raw).digest('base64url') };
  } catch {
    return 'client_certificate';
  }
};

/** One assertion, for one request. @param audience the provider's issuer, or its token address */
export const signClientAssertion = (
  { key, alg, thumbprint }: ClientKey,
  clientId: string,
  audience: string,
  clock: Clock,
): Promise<string> => {
  const now = unixSeconds(clock.now());
  return new SignJWT({ iss: clientId, sub: clientId, aud: audience, jti: newUuid() })
    .setProtectedHeader({ alg, typ: 'JWT', ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }) })
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(key);
};
