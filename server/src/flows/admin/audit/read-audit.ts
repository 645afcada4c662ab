/** The audit log as administrators see it (S-139): their domain's rows; those of the installation see all. */
import type { AuditView } from '@foyer/contract/audit.ts';
import type { Listed, ListRequest } from '#base/db/listing.ts';
import { unixSeconds } from '#base/lib/clock.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { Caller } from '#model/access/caller.ts';
import { narrowScope } from '#model/access/domain-scope.ts';
import { installationDomain } from '#model/audit/audit.ts';
import { type AuditFilter, type AuditRow, type AuditScope, listAudit } from '#model/audit/audit-log.ts';
import { findAuditNames, type NameOf } from '#model/audit/audit-names.ts';
import type { Db } from '#model/tables.ts';

/** How a request names the rows of the server itself. */
const installation = 'installation';

/** @throws {FoyerError} `not_found` for a domain outside of the caller's, and for the installation likewise */
export const auditScopeOf = (caller: Caller, rawDomainId: string | undefined): AuditScope => {
  if (rawDomainId !== installation) return narrowScope(caller, rawDomainId);
  if (caller.platformAdmin) return installationDomain;
  throw new FoyerError('not_found', { detail: `Key not present: ${rawDomainId}` });
};

export const readAudit = async (
  { db }: { db: Db },
  scope: AuditScope,
  request: AuditFilter & ListRequest,
): Promise<Listed<AuditView>> => {
  const { rows, total } = await listAudit(db, scope, request);
  const nameOf = await findAuditNames(db, rows);
  return { rows: rows.map((row) => auditView(row, nameOf)), total };
};

export const auditView = (row: AuditRow, nameOf: NameOf): AuditView => {
  const { actorId, sourceId, applicationId, target, reason, ip, userAgent, requestId } = row;
  const actorName = nameOf(row, actorId);
  const sourceName = nameOf(row, sourceId);
  const applicationName = nameOf(row, applicationId);
  const targetName = nameOf(row, target);
  return {
    id: row.id,
    authority_id: row.domainId || installation,
    at: unixSeconds(row.at),
    action: row.action,
    outcome: row.outcome,
    ...(reason !== undefined && { reason }),
    actor: {
      kind: row.actorKind,
      ...(actorId !== undefined && { id: actorId }),
      ...(actorName !== undefined && { name: actorName }),
    },
    ...(sourceId !== undefined && { source_id: sourceId }),
    ...(sourceName !== undefined && { source_name: sourceName }),
    ...(applicationId !== undefined && { application_id: applicationId }),
    ...(applicationName !== undefined && { application_name: applicationName }),
    ...(target !== undefined && { target }),
    ...(targetName !== undefined && { target_name: targetName }),
    fields: row.fields,
    detail: row.detail,
    ...(ip !== undefined && { ip }),
    ...(userAgent !== undefined && { user_agent: userAgent }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
};
