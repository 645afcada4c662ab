/**
 * @module The proof that a dry run of exactly one configuration has passed. It is sealed for its domain, counts for the
 * administrator who ran it, for one day, and says nothing to anybody else.
 */
import { isFoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, type SecretKey, sealWith } from '#base/lib/secret-box.ts';
import type { Keyring } from '#model/keys/keyring.ts';

export interface DryRunPass {
  domainId: DomainId;
  /** Of the configuration that passed: `digestOf`. */
  digest: string;
  /** The administrator who ran it. */
  userId: string;
  atMs: number;
}

const lifeMs = 24 * 3_600_000;
/** Clocks of two nodes may differ by as much. */
const skewMs = 60_000;

const place = (domainId: DomainId): SealedPlace => ({
  domainId,
  table: 'dry_run_pass',
  column: 'pass',
  rowId: '',
});

/** Key of `sealPass` and `openPass`. */
export const passKey = (keyring: Keyring): Promise<SecretKey> => keyring.sealingKey('dry-run-pass');

export const sealPass = (key: SecretKey, pass: DryRunPass): string =>
  sealWith(key, 1, place(pass.domainId), JSON.stringify(pass)).toString('base64url');

/** The pass, or `undefined` when it is none of this domain's, or too old. */
export const openPass = (
  key: SecretKey,
  domainId: DomainId,
  rawPass: string,
  nowMs: number,
): DryRunPass | undefined => {
  if (rawPass.length > 2_000) return undefined;
  try {
    const text = openWith(key, place(domainId), Buffer.from(rawPass, 'base64url'));
    const pass = JSON.parse(text) as DryRunPass;
    const ageMs = nowMs - pass.atMs;
    return ageMs > lifeMs || ageMs < -skewMs ? undefined : pass;
  } catch (error) {
    if (isFoyerError(error, 'secret_unreadable')) return undefined;
    throw error;
  }
};
