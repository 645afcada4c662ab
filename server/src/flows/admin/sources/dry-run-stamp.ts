import type { Clock } from '#base/lib/clock.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { openPass, passKey } from '#model/sources/dry-run-pass.ts';
import type { TestStamp } from '#model/sources/revision-store.ts';

interface Deps {
  keyring: Keyring;
  clock: Clock;
}

export interface GivenPass {
  rawPass: string | undefined;
  /** Who saves: a pass counts for the administrator who ran the dry run. */
  userId: string | undefined;
}

/** The stamp that a pass earns for exactly this configuration; `undefined` when it is for another, or none. */
export const stampOf = async (
  { keyring, clock }: Deps,
  domainId: DomainId,
  digest: string,
  { rawPass, userId }: GivenPass,
): Promise<TestStamp | undefined> => {
  if (!rawPass || userId === undefined) return undefined;
  const pass = openPass(await passKey(keyring), domainId, rawPass, clock.nowMs());
  if (pass?.digest !== digest || pass.userId !== userId) return undefined;
  return { at: new Date(pass.atMs), by: userId };
};
