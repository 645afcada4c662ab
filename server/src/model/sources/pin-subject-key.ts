/**
 * A source whose mapping offers several keys for the user id is bound to the first one that anybody came with, so that
 * nobody's identity can move to another claim (D-06). The key is kept as the setting `uid_key`, which no client can
 * write; it does not count as a change of the source, so flows under way go on. An administrator unbinds it by mapping
 * `uid` to other keys: then the next sign-in binds anew.
 */
import { statement } from '#base/db/database.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Db } from '#model/tables.ts';

const pin = statement(
  'source_pin_subject_key',
  `update sources
      set settings = settings || jsonb_build_object('uid_key', $3::text)
    where domain_id = $1 and id = $2
      and coalesce(settings->>'uid_key', '') <> $3
      and (coalesce(settings->>'uid_key', '') = ''
           or settings->>'uid_key' <> all (
                regexp_split_to_array(trim(coalesce(settings->'info_mappings'->>'uid', '')), '\\s*,\\s*')))
   returning id`,
);

const read = statement(
  'source_read_subject_key',
  `select settings->>'uid_key' as uid_key from sources where domain_id = $1 and id = $2`,
);

/** @throws {FoyerError} `bad_profile` when the source was bound to another key in the meantime. */
export const pinSubjectKey = async (
  db: Db,
  actor: Actor,
  domainId: DomainId,
  id: SourceId,
  subjectKey: string,
): Promise<void> => {
  const bound = await db.transaction(async (tx) => {
    if ((await tx.run(pin, [domainId, id, subjectKey])).length > 0) {
      const fields = ['uid_key'];
      await writeAudit(tx, domainId, actor, { action: 'source.bind_uid', sourceId: id, target: id, fields });
      return subjectKey;
    }
    // Nothing was updated: it is bound, or the source is gone.
    const [row] = await tx.run<{ uid_key: string | null }>(read, [domainId, id]);
    return row ? (row.uid_key ?? '') : undefined;
  });
  if (bound === undefined) throw new FoyerError('source_not_found', { detail: 'deleted meanwhile' });
  if (bound !== subjectKey) {
    throw new FoyerError('bad_profile', { detail: `the user id must come from "${bound}"` });
  }
};
