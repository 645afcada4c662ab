/** @module Tries of device user codes, counted for all nodes: the only short secret of the provider (RFC 8628 §5.1). */
import { statement } from '#base/db/database.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

const maxTries = 10;
const windowSeconds = 600;

const count = statement(
  'device_count_try',
  `insert into rate_limits as r (domain_id, key, points, expires_at)
   values ($1, $2, 1, now() + make_interval(secs => $3))
   on conflict (domain_id, key) do update
      set points = case when r.expires_at < now() then 1 else r.points + 1 end,
          expires_at = case when r.expires_at < now() then excluded.expires_at else r.expires_at end
   returning points, ceil(extract(epoch from expires_at - now()))::int as seconds_left`,
);

/** @throws {FoyerError} `rate_limited` after ten tries in ten minutes */
export const countUserCodeTry = async (tx: Tx, domainId: DomainId, userId: string): Promise<void> => {
  const [row] = await tx.run<{ points: number; seconds_left: number }>(count, [
    domainId,
    `device_code:${userId}`,
    windowSeconds,
  ]);
  if (row && row.points > maxTries)
    throw new FoyerError('rate_limited', { retryAfterSeconds: row.seconds_left });
};
