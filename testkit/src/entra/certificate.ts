import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/**
 * A self-signed X.509 v3 certificate, in DER: enough for `x5c` in a key set, for a client certificate of
 * `private_key_jwt`, and for TLS on loopback.
 *
 * @see RFC 5280 §4.1
 */
export function selfSignedCertificate(parts: {
  commonName: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  /** DNS names and IPv4 addresses for TLS. */
  altNames?: readonly string[];
}): Buffer {
  const name = sequence(set(sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(parts.commonName, 'utf8')))));
  const sha256WithRsa = sequence(oid('1.2.840.113549.1.1.11'), der(0x05, Buffer.alloc(0)));
  // 16 random bytes with the top bits 01: positive and without a leading zero
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sha256WithRsa,
    name,
    sequence(utcTime(parts.notBefore), utcTime(parts.notAfter)),
    name,
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    ...(parts.altNames ? [der(0xa3, sequence(subjectAltName(parts.altNames)))] : []),
  );
  const signature = sign('sha256', toBeSigned, parts.privateKey);
  return sequence(toBeSigned, sha256WithRsa, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

export function certificatePem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function subjectAltName(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  return sequence(oid('2.5.29.17'), der(0x04, sequence(...entries)));
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content]);
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xffff ? 6 : size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return der(0x06, Buffer.from(bytes));
}

// UTCTime serves until 2049 (RFC 5280 §4.1.2.5.1)
function utcTime(at: Date): Buffer {
  return der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}
