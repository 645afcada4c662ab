/** What the routes of `/users` read. */
import type { Listed, ListRequest } from '#base/db/listing.ts';
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { narrowScope } from '#model/access/domain-scope.ts';
import { hasRole } from '#model/access/guards.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import type { Metadata } from '#model/metadata/metadata.ts';
import { listMetadata } from '#model/metadata/metadata-store.ts';
import type { Tx } from '#model/tables.ts';
import { isEmail, type User } from '#model/users/user.ts';
import { listUsers } from '#model/users/user-directory.ts';
import { findUser } from '#model/users/user-store.ts';
import { failField, reasons } from '../assign.ts';

/** @throws {FoyerError} `unauthorized` for a credential that stands for no person */
export const getCurrentUser = async (tx: Tx, caller: Caller): Promise<User> => {
  const user = caller.userId && (await findUser(tx, caller.domainId, caller.userId));
  if (!user) throw new FoyerError('unauthorized', { detail: 'user not found' });
  return user;
};

/** Whoever is no administrator sees their own domain, whatever they ask for. */
export const listUsersFor = (
  tx: Tx,
  caller: Caller,
  { domainId, ...request }: ListRequest & { includeDeleted: boolean; domainId: string | undefined },
): Promise<Listed<User>> =>
  listUsers(tx, hasRole(caller, 'admin') ? narrowScope(caller, domainId) : caller.domainId, request);

/** Documents of people of any domains, all of them or those of one name. */
export const listMetadataOf = async (tx: Tx, users: readonly User[], name?: string): Promise<Metadata[]> => {
  const documents: Metadata[] = [];
  for (const domainId of new Set(users.map((user) => user.domainId))) {
    const ids = users.filter((user) => user.domainId === domainId).map((user) => user.id);
    documents.push(...(await listMetadata(tx, domainId, ids, name)));
  }
  return documents;
};

/** @throws {FoyerError} `not_found` for a domain outside of the caller's */
export const homeOfNewUser = async (
  deps: { domains: DomainCache },
  caller: Caller,
  rawDomainId: string | undefined,
): Promise<DomainId> => {
  if (!rawDomainId) return caller.domainId;
  narrowScope(caller, rawDomainId);
  const domain = await deps.domains.byId(rawDomainId as DomainId);
  if (!domain) throw new FoyerError('not_found', { detail: `Key not present: ${rawDomainId}` });
  return domain.id;
};

/** @throws {FoyerError} `validation_failed` */
export const readEmails = (raw: string | undefined): string[] => {
  const emails = (raw ?? failField('emails', reasons.nil)).split(',').map((each) => each.trim());
  if (!emails.every(isEmail)) failField('emails', 'is an invalid email');
  return emails;
};
