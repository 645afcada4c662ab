import { statement } from '#base/db/database.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';
import { providerOf, type SourceKind } from './source.ts';

/** One button of the sign-in page. */
export interface SignInChoice {
  id: SourceId;
  name: string;
  provider: 'oauth2' | 'adfs' | 'ldap';
}

const list = statement(
  'source_list_choices',
  'select id, name, kind from sources where domain_id = $1 and enabled order by lower(name), id',
);

/** The enabled sources of a domain, by name. */
export const listSignInChoices = async (tx: Tx, domainId: DomainId): Promise<SignInChoice[]> => {
  const rows = await tx.run<{ id: string; name: string; kind: SourceKind }>(list, [domainId]);
  // A kind that only a newer version knows is offered to nobody.
  return rows
    .filter(({ kind }) => Object.hasOwn(providerOf, kind))
    .map((row) => ({ id: row.id as SourceId, name: row.name, provider: providerOf[row.kind] }));
};
