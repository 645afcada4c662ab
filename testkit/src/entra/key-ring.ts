import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './certificate.ts';

const generateRsa = promisify(generateKeyPair);

interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  certificate: Buffer;
}

export type Claims = Record<string, unknown>;

/** How a token is signed when something is to be wrong with it. */
export type Signing = 'current' | 'none' | 'hs256' | 'bad_signature' | 'unpublished_key';

/**
 * Entra's signing keys: one signs, one waits beside it in the key set, retired ones still verify at Graph.
 */
export class KeyRing {
  #published: [current: SigningKey, next: SigningKey];
  #unpublished: SigningKey;
  #retired: SigningKey[] = [];

  constructor(keys: readonly [SigningKey, SigningKey, SigningKey]) {
    this.#published = [keys[0], keys[1]];
    this.#unpublished = keys[2];
  }

  static async create(): Promise<KeyRing> {
    return new KeyRing(await Promise.all([makeKey(), makeKey(), makeKey()]));
  }

  get currentKid(): string {
    return this.#published[0].kid;
  }

  /** Both published keys go at once, as after a compromise: a client that caches keys must fetch again. */
  async rotate(): Promise<void> {
    const fresh = await Promise.all([makeKey(), makeKey()]);
    this.#retired.push(...this.#published);
    this.#published = fresh;
  }

  jwks(issuer: string): { keys: Record<string, unknown>[] } {
    return {
      keys: this.#published.map((key) => ({
        kty: 'RSA',
        use: 'sig',
        kid: key.kid,
        x5t: key.kid,
        ...rsaNumbers(key),
        x5c: [key.certificate.toString('base64')],
        cloud_instance_name: 'microsoftonline.com',
        issuer,
      })),
    };
  }

  /** A token of Entra's own audience: anyone may verify it with the published keys. */
  signJwt(claims: Claims, signing: Signing = 'current'): string {
    const key = signing === 'unpublished_key' ? this.#unpublished : this.#published[0];
    if (signing === 'none') return `${encode({ typ: 'JWT', alg: 'none' })}.${encode(claims)}.`;
    if (signing === 'hs256') {
      const input = `${encode({ typ: 'JWT', alg: 'HS256', kid: key.kid })}.${encode(claims)}`;
      const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    }
    const input = `${encode({ typ: 'JWT', alg: 'RS256', kid: key.kid })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(input), key.privateKey);
    if (signing === 'bad_signature') signature[10] = (signature[10] ?? 0) ^ 0xff;
    return `${input}.${signature.toString('base64url')}`;
  }

  /**
   * A token for Graph. Its header carries a nonce and the signature covers the nonce's hash instead, so only
   * Graph can verify it: to every client it is opaque, as Microsoft says.
   */
  signGraphJwt(claims: Claims, nonce: string): string {
    const key = this.#published[0];
    const header = { typ: 'JWT', nonce, alg: 'RS256', x5t: key.kid, kid: key.kid };
    const input = `${encode({ ...header, nonce: hashNonce(nonce) })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(input), key.privateKey).toString('base64url');
    return `${encode(header)}.${encode(claims)}.${signature}`;
  }

  /** The claims of a token that one of our keys signed, retired ones included; undefined otherwise. */
  verifyJwt(rawToken: string): Claims | undefined {
    const [rawHeader = '', rawClaims = '', rawSignature = '', ...rest] = rawToken.split('.');
    if (rest.length > 0) return undefined;
    try {
      const header = decode(rawHeader);
      if (header.alg !== 'RS256') return undefined;
      const key = [...this.#published, ...this.#retired].find(({ kid }) => kid === header.kid);
      if (!key) return undefined;
      const nonce = header.nonce;
      const signedHeader =
        typeof nonce === 'string' ? encode({ ...header, nonce: hashNonce(nonce) }) : rawHeader;
      const input = Buffer.from(`${signedHeader}.${rawClaims}`);
      const ok = verify('sha256', input, key.publicKey, Buffer.from(rawSignature, 'base64url'));
      return ok ? decode(rawClaims) : undefined;
    } catch {
      return undefined;
    }
  }
}

async function makeKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateRsa('rsa', { modulusLength: 2048 });
  const certificate = selfSignedCertificate({
    commonName: 'accounts.accesscontrol.windows.net',
    publicKey,
    privateKey,
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2049-01-01T00:00:00Z'),
  });
  const kid = createHash('sha1').update(certificate).digest('base64url');
  return { kid, privateKey, publicKey: createPublicKey(privateKey), certificate };
}

function rsaNumbers(key: SigningKey): { n: string; e: string } {
  const { n = '', e = '' } = key.publicKey.export({ format: 'jwk' });
  return { n, e };
}

function hashNonce(nonce: string): string {
  return createHash('sha256').update(nonce).digest('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(rawPart: string): Claims {
  const value: unknown = JSON.parse(Buffer.from(rawPart, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value as Claims;
}
