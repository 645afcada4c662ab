/** Keeps the tables from growing (S-136), batch by batch. */
import type { Db } from '#model/tables.ts';
import {
  batchSize,
  deleteExpiredBatch,
  type Expiring,
  everyHour,
  everyMinute,
} from '#model/upkeep/delete-expired.ts';

interface Deps {
  db: Db;
}

/** A backlog larger than this is left for the next run, so that one run never takes the database for itself. */
const batchesPerRun = 200;

/** Deletes everything that has expired, or only what is cheap to find; answers how many rows went, by table. */
export const purgeExpired = async (
  { db }: Deps,
  { thorough = true }: { thorough?: boolean } = {},
): Promise<Record<string, number>> => {
  const purged: Record<string, number> = {};
  for (const each of thorough ? [...everyMinute, ...everyHour] : everyMinute) {
    const count = await purgeTable(db, each);
    if (count > 0) purged[each.table] = (purged[each.table] ?? 0) + count;
  }
  return purged;
};

const purgeTable = async (db: Db, expiring: Expiring): Promise<number> => {
  let total = 0;
  for (let batch = 0; batch < batchesPerRun; batch++) {
    const count = await deleteExpiredBatch(db, expiring);
    total += count;
    if (count < batchSize) break;
  }
  return total;
};
