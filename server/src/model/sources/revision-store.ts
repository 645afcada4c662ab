/**
 * @module Every query on the revisions of sources. A revision is a copy of the source's row, made by the transaction that
 * wrote it, so the two can never tell different stories. Revisions are never changed, but for the stamp of a dry run.
 */
import { type Selectable, sql } from 'kysely';
import { recordOf } from '#base/db/json-column.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Actor } from '#model/audit/audit.ts';
import type { SourceRevisionTable, Tx } from '#model/tables.ts';
import { readSecretNotes, type SecretNotes } from './secret-notes.ts';

export type RevisionCause = SourceRevisionTable['cause'];

/** A dry run of exactly this configuration has passed. */
export interface TestStamp {
  at: Date;
  /** Id of the administrator who ran it. */
  by: string;
}

export interface RevisionReason {
  actor: Actor;
  cause: RevisionCause;
  /** Of the configuration (`digestOf`). */
  digest: string;
  /** roll_back: the version that came back. */
  restoredVersion?: number;
  test?: TestStamp;
}

export interface Revision {
  version: number;
  name: string;
  /** Absent: from before revisions were kept. */
  enabled: boolean | undefined;
  settings: Record<string, unknown>;
  /** Sealed for the place of the source's own secrets. */
  secrets: Record<string, string>;
  secretNotes: SecretNotes;
  /** Empty: from before revisions were kept. */
  digest: string;
  cause: RevisionCause;
  restoredVersion: number | undefined;
  actor: Pick<Actor, 'kind' | 'id'>;
  at: Date;
  test: TestStamp | undefined;
}

const toRevision = (row: Selectable<SourceRevisionTable>): Revision => ({
  version: row.version,
  name: row.name,
  enabled: row.enabled ?? undefined,
  settings: recordOf(row.settings),
  secrets: recordOf(row.secrets) as Record<string, string>,
  secretNotes: readSecretNotes(row.secret_notes),
  digest: row.digest,
  cause: row.cause,
  restoredVersion: row.restored_version ?? undefined,
  actor: { kind: row.actor_kind as Actor['kind'], ...(row.actor_id !== null && { id: row.actor_id }) },
  at: row.at,
  test: row.tested_at === null ? undefined : { at: row.tested_at, by: row.tested_by ?? '' },
});

/**
 * Keeps the source as it stands as the revision of its version. A configuration that was tested before takes over its
 * stamp. The revision may be there already: then only its digest and stamp are set. Nothing happens when the source is not
 * at `version` any more.
 */
export const recordRevision = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
  version: number,
  { actor, cause, digest, restoredVersion, test }: RevisionReason,
): Promise<void> => {
  await sql`
    insert into source_revisions (domain_id, source_id, version, name, enabled, settings, secrets, secret_notes, digest,
                                  cause, restored_version, actor_kind, actor_id, tested_at, tested_by)
    select s.domain_id, s.id, s.version, s.name, s.enabled, s.settings, s.secrets, s.secret_notes, ${digest}::text,
           ${cause}::text, ${restoredVersion ?? null}::bigint, ${actor.kind}::text, ${actor.id ?? null}::text,
           coalesce(${test?.at ?? null}::timestamptz, t.tested_at), coalesce(${test?.by ?? null}::text, t.tested_by)
      from sources s
      left join lateral (
        select r.tested_at, r.tested_by
          from source_revisions r
         where r.domain_id = s.domain_id and r.source_id = s.id and r.digest = ${digest}::text
           and r.tested_at is not null
         order by r.version desc
         limit 1) t on true
     where s.domain_id = ${domainId} and s.id = ${id} and s.version = ${version}
    on conflict (domain_id, source_id, version) do update
       set digest = excluded.digest, tested_at = excluded.tested_at, tested_by = excluded.tested_by`.execute(
    tx.kysely,
  );
};

export const findRevision = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
  version: number,
): Promise<Revision | undefined> => {
  const row = await tx.kysely
    .selectFrom('source_revisions')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('source_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && toRevision(row);
};

/** Newest first. */
export const listRevisions = async (
  tx: Tx,
  domainId: DomainId,
  id: SourceId,
  { limit, offset }: { limit: number; offset: number },
): Promise<Revision[]> => {
  const rows = await tx.kysely
    .selectFrom('source_revisions')
    .selectAll()
    .where('domain_id', '=', domainId)
    .where('source_id', '=', id)
    .orderBy('version', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(toRevision);
};

export const countRevisions = async (tx: Tx, domainId: DomainId, id: SourceId): Promise<number> => {
  const { total } = await tx.kysely
    .selectFrom('source_revisions')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('domain_id', '=', domainId)
    .where('source_id', '=', id)
    .executeTakeFirstOrThrow();
  return Number(total);
};
