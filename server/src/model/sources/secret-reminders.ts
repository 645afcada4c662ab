/**
 * @module Which warnings before the end of a secret were given: one for each of its last days that count, however many
 * nodes look. A warning is claimed by its row, with its audit row; delivering it is tried a few times, by one node at a
 * time.
 */
import { sql } from 'kysely';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import type { Db, Tx } from '#model/tables.ts';

export type Channel = 'webhook' | 'mail';

/** Days before the end at which people are warned; 0: it has ended. */
export const warningDays = [60, 30, 14, 7, 1, 0] as const;
const dayMs = 86_400_000;
const deliveryTries = 5;
const leaseMs = 10 * 60_000;

export interface SecretEnd {
  domainId: DomainId;
  sourceId: SourceId;
  field: string;
  expiresAt: Date;
}

/** The step that a secret is at, by the days it has left; `undefined` when its end is far away. */
export const warningStep = (expiresAt: Date, now: Date): number | undefined => {
  const days = (expiresAt.getTime() - now.getTime()) / dayMs;
  return warningDays.findLast((step) => days <= step);
};

/** Whole days until the end, the begun one included; 0 when it is over. */
export const daysLeft = (expiresAt: Date, now: Date): number =>
  Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs));

/**
 * Secrets that end within sixty days or have ended, of sources that people sign in through, or did, each with the step
 * that was warned of last.
 */
export const listEndingSecrets = async (
  tx: Tx,
  now: Date,
): Promise<(SecretEnd & { warned: number | undefined })[]> => {
  const horizon = Math.floor(now.getTime() / 1_000) + 60 * 86_400;
  const { rows } = await sql<{
    domain_id: string;
    source_id: string;
    field: string;
    expires_at: number;
    warned: number | null;
  }>`
    select e.*, (select min(r.days_left) from secret_reminders r
                  where r.domain_id = e.domain_id and r.source_id = e.source_id and r.field = e.field
                    and r.secret_expires_at = to_timestamp(e.expires_at)) as warned
      from (select s.domain_id, s.id as source_id, n.key as field,
                   case when jsonb_typeof(n.value -> 'expires_at') = 'number'
                        then (n.value ->> 'expires_at')::float8 end as expires_at
              from sources s cross join lateral jsonb_each(
                     case when jsonb_typeof(s.secret_notes) = 'object' then s.secret_notes else '{}' end) n
             where jsonb_exists(s.secrets, n.key)
               and (s.enabled or exists (select 1 from identities i
                                          where i.domain_id = s.domain_id and i.source_id = s.id))) e
     where e.expires_at between 0 and ${horizon}::float8`.execute(tx.kysely);
  return rows.map((row) => ({
    domainId: row.domain_id as DomainId,
    sourceId: row.source_id as SourceId,
    field: row.field,
    expiresAt: new Date(row.expires_at * 1_000),
    warned: row.warned ?? undefined,
  }));
};

/** Claims a warning and writes its audit row; false when another node was faster, or the source is gone. */
export const claimWarning = async (
  db: Db,
  end: SecretEnd,
  { step, now, channels }: { step: number; now: Date; channels: readonly Channel[] },
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const source = await tx.kysely
      .selectFrom('sources')
      .select('id')
      .where('domain_id', '=', end.domainId)
      .where('id', '=', end.sourceId)
      .forKeyShare()
      .executeTakeFirst();
    if (!source) return false;
    const claimed = await tx.kysely
      .insertInto('secret_reminders')
      .values({
        domain_id: end.domainId,
        source_id: end.sourceId,
        field: end.field,
        secret_expires_at: end.expiresAt,
        days_left: step,
        sent_at: now,
        channels: [...channels],
        tries_left: deliveryTries,
        next_try_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('field')
      .executeTakeFirst();
    if (!claimed) return false;
    await writeAudit(
      tx,
      end.domainId,
      { kind: 'system' },
      {
        action: 'secret.expiring',
        sourceId: end.sourceId,
        target: end.sourceId,
        fields: [end.field],
        detail: { days: daysLeft(end.expiresAt, now) },
      },
    );
    return true;
  });

export interface Delivery extends SecretEnd {
  step: number;
  channels: Channel[];
  triesLeft: number;
}

const keyOf = ({ domainId, sourceId, field, expiresAt, step }: Omit<Delivery, 'channels' | 'triesLeft'>) =>
  sql<boolean>`domain_id = ${domainId} and source_id = ${sourceId} and field = ${field}
    and secret_expires_at = ${expiresAt} and days_left = ${step}`;

/** Takes deliveries that are due; for ten minutes nobody else takes them, and each taking is a try. */
export const takeDeliveries = async (tx: Tx, now: Date): Promise<Delivery[]> => {
  const rows = await tx.kysely
    .updateTable('secret_reminders')
    .set({
      tries_left: sql`tries_left - 1`,
      next_try_at: new Date(now.getTime() + leaseMs),
    })
    .where('tries_left', '>', 0)
    .where(sql<boolean>`channels <> '{}'`)
    .where('next_try_at', '<=', now)
    .returningAll()
    .execute();
  return rows.map((row) => ({
    domainId: row.domain_id as DomainId,
    sourceId: row.source_id as SourceId,
    field: row.field,
    expiresAt: row.secret_expires_at,
    step: row.days_left,
    channels: row.channels as Channel[],
    triesLeft: row.tries_left,
  }));
};

export const noteDelivered = async (tx: Tx, delivery: Delivery, channel: Channel): Promise<void> => {
  await tx.kysely
    .updateTable('secret_reminders')
    .set({ channels: sql`array_remove(channels, ${channel})` })
    .where(keyOf(delivery))
    .execute();
};
