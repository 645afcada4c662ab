/** The public keys of an issuer, and which of them signed a token. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { FoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { createCachedDocument } from './cached-document.ts';
import { fetchDocument } from './fetch-document.ts';
import type { OnStep } from './trace.ts';

const maxKeys = 100;
const publicTypes = new Set(['RSA', 'EC', 'OKP']);

/** Public signing keys only; what is no such key is passed over. @throws {FoyerError} upstream_invalid */
const readKeySet = (document: Record<string, unknown>): JSONWebKeySet => {
  const { keys } = document;
  if (!Array.isArray(keys)) {
    throw new FoyerError('upstream_invalid', { detail: 'no keys', evidence: { step: 'keys' } });
  }
  const isUsable = (key: unknown): boolean => {
    if (typeof key !== 'object' || key === null) return false;
    const { kty } = key as { kty?: unknown };
    return typeof kty === 'string' && publicTypes.has(kty);
  };
  return { keys: keys.slice(0, maxKeys).filter(isUsable) as JSONWebKeySet['keys'] };
};

/** For one sign-in; what has to be fetched for it is told to whoever listens. */
export type KeyFinder = (onStep?: OnStep) => JWTVerifyGetKey;

/**
 * Finds the key of a token by `kid` and `alg` among the issuer's own, whatever else its header says (`jku`, `x5u`, `jwk`
 * and `x5c` are not looked at). A token without `kid` needs a set with one candidate. An unknown `kid` may have the
 * set fetched again. Its errors are those of `jose` and those of the egress.
 */
export const createKeyFinder = (keysUrl: string, tools: SourceTools): KeyFinder => {
  const document = createCachedDocument(tools.clock, 'keys', async (detail) =>
    createLocalJWKSet(readKeySet(await fetchDocument(tools, keysUrl, 'keys', detail))),
  );
  return (onStep) => async (header, token) => {
    const find = await document.get(onStep);
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const newest = await document.refetch(onStep);
      if (newest === undefined) throw error;
      return newest(header, token);
    }
  };
};
