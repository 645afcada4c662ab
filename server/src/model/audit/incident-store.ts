/** Failed sign-ins, by the short id that the person saw. */
import { statement } from '#base/db/database.ts';
import type { ErrorCode } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

export interface Incident {
  at: Date;
  reason: ErrorCode;
  sourceId: string | undefined;
  detail: Record<string, unknown>;
  requestId: string | undefined;
}

const find = statement(
  'incident_find',
  `select at, reason, source_id, detail, request_id from audit
    where domain_id = $1 and detail ->> 'incident' = $2 and at > now() - interval '30 days'`,
);

export const findIncident = async (
  tx: Tx,
  domainId: DomainId,
  rawIncident: string,
): Promise<Incident | undefined> => {
  const [row] = await tx.run<{
    at: Date;
    reason: ErrorCode;
    source_id: string | null;
    detail: Record<string, unknown>;
    request_id: string | null;
  }>(find, [domainId, rawIncident]);
  return (
    row && {
      at: row.at,
      reason: row.reason,
      sourceId: row.source_id ?? undefined,
      detail: row.detail,
      requestId: row.request_id ?? undefined,
    }
  );
};
