import { FoyerError } from '#base/lib/errors.ts';
import type { StoredSource } from '#model/sources/source-store.ts';
import { digestOfStored } from './compose-source.ts';
import { stampOf } from './dry-run-stamp.ts';
import { type Saver, type SaveSourceDeps, stampSource } from './save-source.ts';

/**
 * Notes that a dry run of exactly the stored revision has passed.
 * @throws {FoyerError} `not_tested` when the pass is for another configuration or administrator, or too old
 */
export const acceptPass = async (
  deps: Pick<SaveSourceDeps, 'db' | 'keyring' | 'clock'>,
  { actor, userId }: Saver,
  source: StoredSource,
  rawPass: string | undefined,
): Promise<void> => {
  const digest = await digestOfStored(deps, source);
  const test = await stampOf(deps, source.domainId, digest, { rawPass, userId });
  if (!test) throw new FoyerError('not_tested', { detail: 'The pass is not one for this configuration' });
  await stampSource(deps, actor, source, digest, test);
};
