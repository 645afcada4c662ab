/**
 * @module What happened, by whom, to what. A row is written in the transaction of the change itself (S-137), so a
 * change without its row cannot exist. Rows carry names of fields, never their values.
 */
import type { ErrorCode } from '#base/lib/errors.ts';
import type { Tx } from '#model/tables.ts';

/** Who acts, and from where. Flows make one per request. */
export interface Actor {
  kind: 'user' | 'api_key' | 'application' | 'operator' | 'anonymous' | 'system';
  id?: string;
  ip?: string;
  userAgent?: string;
  requestId?: string;
}

export interface AuditEntry {
  action: string;
  outcome?: 'ok' | 'denied';
  reason?: ErrorCode;
  sourceId?: string;
  applicationId?: string;
  target?: string;
  fields?: string[];
  detail?: Record<string, unknown>;
}

/** Domain id of rows about the installation itself. */
export const installationDomain = '';

export const writeAudit = async (
  tx: Tx,
  domainId: string,
  actor: Actor,
  entry: AuditEntry,
): Promise<void> => {
  await tx.kysely
    .insertInto('audit')
    .values({
      domain_id: domainId,
      action: entry.action,
      outcome: entry.outcome ?? 'ok',
      reason: entry.reason ?? null,
      actor_kind: actor.kind,
      actor_id: actor.id ?? null,
      source_id: entry.sourceId ?? null,
      application_id: entry.applicationId ?? null,
      target: entry.target ?? null,
      fields: entry.fields ?? [],
      detail: JSON.stringify(entry.detail ?? {}),
      ip: actor.ip ?? null,
      user_agent: actor.userAgent?.slice(0, 300) ?? null,
      request_id: actor.requestId ?? null,
    })
    .execute();
};
