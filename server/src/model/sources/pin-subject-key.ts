/**
 * A source whose mapping offers several keys for the user id is bound to the first one ever used, so that nobody's
 * identity can move to another claim (D-06). The key is kept as the setting `uid_key`.
 */
import { statement } from '#base/db/database.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

const pin = statement(
  'source_pin_subject_key',
  `update sources
      set settings = case when coalesce(settings->>'uid_key', '') = ''
                          then settings || jsonb_build_object('uid_key', $3::text) else settings end
    where domain_id = $1 and id = $2
   returning settings->>'uid_key' as uid_key`,
);

/** @throws {FoyerError} `bad_profile` when the source was bound to another key in the meantime. */
export const pinSubjectKey = async (
  db: Tx,
  domainId: DomainId,
  id: SourceId,
  subjectKey: string,
): Promise<void> => {
  const [row] = await db.run<{ uid_key: string }>(pin, [domainId, id, subjectKey]);
  if (row?.uid_key !== subjectKey) {
    throw new FoyerError('bad_profile', { detail: `the user id must come from "${row?.uid_key ?? ''}"` });
  }
};
