/**
 * @module The `state` of a dry run. It says by itself, sealed, where its answer goes: to the window of the console that
 * began it, and to no other origin. So the callback has nothing to look up (docs/decisions/0008).
 */
import { isFoyerError } from '#base/lib/errors.ts';
import { type DomainId, randomToken } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, type SecretKey, sealWith } from '#base/lib/secret-box.ts';
import type { Keyring } from '#model/keys/keyring.ts';

const prefix = 'dry-';

const place = (domainId: DomainId): SealedPlace => ({
  domainId,
  table: 'dry_run',
  column: 'state',
  rowId: '',
});

/** Key of the two functions below. */
export const dryRunStateKey = (keyring: Keyring): Promise<SecretKey> => keyring.sealingKey('dry-run-state');

/** @param consoleOrigin of the window that waits */
export const sealDryRunState = (key: SecretKey, domainId: DomainId, consoleOrigin: string): string =>
  prefix +
  sealWith(key, 1, place(domainId), JSON.stringify([consoleOrigin, randomToken(12)])).toString('base64url');

export const isDryRunState = (rawState: string | undefined): rawState is string =>
  rawState?.startsWith(prefix) === true;

/** The origin that may have the answer; `undefined` when the state is none of ours, or of another domain. */
export const openDryRunState = (key: SecretKey, domainId: DomainId, rawState: string): string | undefined => {
  if (rawState.length > 1_000) return undefined;
  try {
    const text = openWith(key, place(domainId), Buffer.from(rawState.slice(prefix.length), 'base64url'));
    return (JSON.parse(text) as [string])[0];
  } catch (error) {
    if (isFoyerError(error, 'secret_unreadable')) return undefined;
    throw error;
  }
};
