/** Queries on domains that only administration needs. */
import { sql } from 'kysely';
import { type Listed, type ListRequest, matchesWords, pageByName } from '#base/db/listing.ts';
import type { DomainId } from '#base/lib/ids.ts';
import { type DomainScope, everyDomain } from '#model/access/domain-scope.ts';
import type { Tx } from '#model/tables.ts';
import type { Domain } from './domain.ts';
import { domainFromRow } from './domain-store.ts';

export const listDomains = async (
  tx: Tx,
  scope: DomainScope,
  request: ListRequest,
): Promise<Listed<Domain>> => {
  const matches = matchesWords(['id', 'name', 'host', 'description'], request.q);
  const all = tx.kysely
    .selectFrom('domains')
    .$if(scope !== everyDomain, (query) => query.where('id', '=', scope as DomainId))
    .$if(matches !== undefined, (query) => query.where(matches as NonNullable<typeof matches>));
  return pageByName(all, request, domainFromRow);
};

/** The domain, kept from changing until the transaction ends. */
export const lockDomain = async (tx: Tx, id: DomainId): Promise<Domain | undefined> => {
  const row = await tx.kysely
    .selectFrom('domains')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && domainFromRow(row);
};

/** Another domain that has one of these e-mail domains already. */
export const findEmailDomainHolder = async (
  tx: Tx,
  except: DomainId,
  emailDomains: readonly string[],
): Promise<DomainId | undefined> => {
  const row = await tx.kysely
    .selectFrom('domains')
    .select('id')
    .where('id', '!=', except)
    .where(sql<boolean>`email_domains && ${[...emailDomains]}::text[]`)
    .executeTakeFirst();
  return row?.id as DomainId | undefined;
};
