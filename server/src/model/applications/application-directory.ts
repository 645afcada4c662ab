/** Lists and look-ups of applications for the engine API. */
import { sql } from 'kysely';
import { type Listed, type ListRequest, matchesWords, pageByName } from '#base/db/listing.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';
import type { Application } from './application.ts';
import { toApplication } from './application-store.ts';

export interface DirectoryRequest extends ListRequest {
  /** Only applications that are not kept for a subsystem. */
  openOnly: boolean;
}

export const searchApplications = async (
  tx: Tx,
  scope: DomainScope,
  request: DirectoryRequest,
): Promise<Listed<Application>> => {
  const matches = matchesWords(['id', 'name', 'uid', 'redirect_uri'], request.q);
  const all = tx.kysely
    .selectFrom('applications')
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId))
    .$if(request.openOnly, (query) => query.where(sql<boolean>`cardinality(subsystems) = 0`))
    .$if(matches !== undefined, (query) => query.where(matches as NonNullable<typeof matches>));
  return pageByName(all, request, toApplication);
};

const inScope = (tx: Tx, scope: DomainScope, id: number) =>
  tx.kysely
    .selectFrom('applications')
    .selectAll()
    .where('id', '=', id)
    .$if(scope !== everyDomain, (query) => query.where('domain_id', '=', scope as DomainId));

export const findApplicationInScope = async (
  tx: Tx,
  scope: DomainScope,
  id: number,
): Promise<Application | undefined> => {
  const row = await inScope(tx, scope, id).executeTakeFirst();
  return row && toApplication(row);
};

/** The application, kept from changing until the transaction ends. */
export const lockApplication = async (
  tx: Tx,
  scope: DomainScope,
  id: number,
): Promise<Application | undefined> => {
  const row = await inScope(tx, scope, id).forUpdate().executeTakeFirst();
  return row && toApplication(row);
};
