/** The audit log as CSV, written while it is read: memory holds one batch, however long the log is. */
import type { AuditView } from '@foyer/contract/audit.ts';
import {
  type AuditFilter,
  type AuditRow,
  type AuditScope,
  readAuditInBatches,
} from '#model/audit/audit-log.ts';
import { findAuditNames, type NameOf } from '#model/audit/audit-names.ts';
import type { Db } from '#model/tables.ts';
import { csvLine } from './csv.ts';
import { auditView } from './read-audit.ts';

const batchSize = 1_000;

const columns: readonly [name: string, value: (view: AuditView, row: AuditRow) => string | undefined][] = [
  ['at', (_view, row) => row.at.toISOString()],
  ['id', ({ id }) => id],
  ['authority_id', (view) => view.authority_id],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['actor_kind', ({ actor }) => actor.kind],
  ['actor_id', ({ actor }) => actor.id],
  ['actor_name', ({ actor }) => actor.name],
  ['target', ({ target }) => target],
  ['target_name', (view) => view.target_name],
  ['source_id', (view) => view.source_id],
  ['source_name', (view) => view.source_name],
  ['application_id', (view) => view.application_id],
  ['application_name', (view) => view.application_name],
  ['fields', ({ fields }) => fields.join(' ')],
  ['ip', ({ ip }) => ip],
  ['user_agent', (view) => view.user_agent],
  ['request_id', (view) => view.request_id],
  ['detail', ({ detail }) => (Object.keys(detail).length > 0 ? JSON.stringify(detail) : '')],
];

export async function* exportAudit(
  { db }: { db: Db },
  scope: AuditScope,
  filter: AuditFilter,
): AsyncGenerator<string> {
  yield csvLine(columns.map(([name]) => name));
  for await (const rows of readAuditInBatches(db, scope, filter, batchSize)) {
    const nameOf = await findAuditNames(db, rows);
    yield rows.map((row) => line(row, nameOf)).join('');
  }
}

const line = (row: AuditRow, nameOf: NameOf): string => {
  const view = auditView(row, nameOf);
  return csvLine(columns.map(([, value]) => value(view, row) ?? ''));
};
