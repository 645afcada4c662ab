/** A signing key that another took over from, long enough ago that no token of its lives, goes (S-98). */
import { statement } from '#base/db/database.ts';
import { installationDomain, writeAudit } from '#model/audit/audit.ts';
import type { Db } from '#model/tables.ts';
import { accessTokenTtlSeconds } from '#model/tokens/access-token.ts';

/** For clocks that differ and for nodes that have not seen the new key yet. */
const marginSeconds = 3_600;

// The database's clock decides: a node that lives in the future must not take a key that still signs.
const retire = statement(
  'signing_keys_retire',
  `delete from signing_keys k
    where exists (select 1 from signing_keys n
                   where n.active_from > k.active_from and n.active_from < now() - make_interval(secs => $1))
   returning kid`,
);

/** Answers the ids of the keys that are gone. */
export const retireSigningKeys = (db: Db): Promise<string[]> =>
  db.transaction(async (tx) => {
    const rows = await tx.run<{ kid: string }>(retire, [accessTokenTtlSeconds + marginSeconds]);
    for (const { kid } of rows) {
      const entry = { action: 'keys.retire_signing', target: kid };
      await writeAudit(tx, installationDomain, { kind: 'system' }, entry);
    }
    return rows.map(({ kid }) => kid);
  });
