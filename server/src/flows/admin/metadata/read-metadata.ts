import type { Caller } from '#model/access/caller.ts';
import type { Metadata } from '#model/metadata/metadata.ts';
import { listMetadata } from '#model/metadata/metadata-store.ts';
import type { Tx } from '#model/tables.ts';
import { failField, reasons } from '../assign.ts';

/**
 * The documents of one name that these parents of the caller's domain have.
 * @throws {FoyerError} `validation_failed` without parents
 */
export const listOfParents = async (
  tx: Tx,
  caller: Caller,
  rawParentIds: string | undefined,
  name: string,
): Promise<Metadata[]> => {
  const ids = (rawParentIds ?? failField('parent_ids', reasons.nil)).split(',').map((id) => id.trim());
  return listMetadata(tx, caller.domainId, ids, name);
};
