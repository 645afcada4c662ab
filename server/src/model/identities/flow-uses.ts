/**
 * @module Sign-ins that came back from their provider. Claiming the row makes a flow single-use on every node (S-02);
 * everything else about a flow is sealed in the browser's cookie.
 */
import { statement } from '#base/db/database.ts';
import { type DomainId, type SourceId, sha256 } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

/** Rows are kept beyond the life of a flow, so that a late repetition still hears what happened. */
const keepSeconds = 3_600;

const claim = statement(
  'flow_claim',
  `insert into flow_uses (domain_id, flow_hash, source_id, expires_at)
   values ($1, $2, $3, now() + make_interval(secs => ${keepSeconds}))
   on conflict (domain_id, flow_hash) do nothing returning 1 as claimed`,
);
const find = statement(
  'flow_find',
  'select 1 as used from flow_uses where domain_id = $1 and flow_hash = $2',
);

/** True for the first caller with this state, for everybody else false. */
export const claimFlow = async (
  db: Tx,
  domainId: DomainId,
  state: string,
  sourceId: SourceId,
): Promise<boolean> => (await db.run(claim, [domainId, sha256(state), sourceId])).length > 0;

export const isFlowUsed = async (db: Tx, domainId: DomainId, rawState: string): Promise<boolean> =>
  (await db.run(find, [domainId, sha256(rawState)])).length > 0;
