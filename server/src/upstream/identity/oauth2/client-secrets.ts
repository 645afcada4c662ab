/**
 * @module The two secrets that a source may have while it changes from one to the other. The one that worked last is sent
 * first; when the provider refuses the client, the other is tried with the same grant, once. A provider looks at the
 * client before the grant (RFC 6749 §3.2.1, §4.1.3), so a refused client has used no code up.
 */
import { isFoyerError } from '#base/lib/errors.ts';
import type { OAuth2Settings } from './settings.ts';

export type SecretSlot = 'first' | 'second';

export interface ClientSecrets {
  /** Runs `request` with the secret to send, and again with the other one when it was the secret that was refused. */
  use<T>(request: (clientSecret: string, slot: SecretSlot) => Promise<T>): Promise<T>;
}

const other: Readonly<Record<SecretSlot, SecretSlot>> = { first: 'second', second: 'first' };

export const createClientSecrets = ({
  authScheme,
  clientSecret,
  nextClientSecret,
}: Pick<OAuth2Settings, 'authScheme' | 'clientSecret' | 'nextClientSecret'>): ClientSecrets => {
  const secrets = { first: clientSecret, second: nextClientSecret };
  const isSent = authScheme === 'request_body' || authScheme === 'basic_auth';
  const hasSecond = isSent && nextClientSecret !== '' && nextClientSecret !== clientSecret;
  let works: SecretSlot = 'first';
  return {
    async use(request) {
      const slot = works;
      try {
        return await request(secrets[slot], slot);
      } catch (error) {
        if (!hasSecond || !isSecretRefused(error)) throw error;
        try {
          const answer = await request(secrets[other[slot]], other[slot]);
          works = other[slot];
          return answer;
        } catch (second) {
          // Both are wrong: what the provider says of the one in use is the news.
          throw isSecretRefused(second) ? error : second;
        }
      }
    },
  };
};

/** RFC 6749 §5.2, and GitHub's word for it. */
const errors: readonly unknown[] = ['invalid_client', 'incorrect_client_credentials'];
/** Entra: wrong secret, expired secret. */
const codes = new Set([7000215, 7000222]);

const isSecretRefused = (error: unknown): boolean => {
  if (!isFoyerError(error)) return false;
  const { error: name, errorCodes } = error.evidence ?? {};
  return errors.includes(name) || (Array.isArray(errorCodes) && errorCodes.some((code) => codes.has(code)));
};
