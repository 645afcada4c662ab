/**
 * @module Creating, changing and deleting domains, each with its audit row in one transaction. Only an administrator of
 * the installation makes and deletes domains, moves them to another host, or touches `internals` (S-45, S-52).
 */
import { isUniqueViolation } from '#base/db/database.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { type DomainId, newDomainId } from '#base/lib/ids.ts';
import { type Actor, installationDomain, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import type { Domain } from '#model/domains/domain.ts';
import { findEmailDomainHolder, lockDomain } from '#model/domains/domain-admin-store.ts';
import { type DomainChanges, deleteDomain, updateDomain } from '#model/domains/domain-store.ts';
import { foundDomain } from '#model/domains/found-domain.ts';
import type { Db, Tx } from '#model/tables.ts';
import { failField, reasons } from '../assign.ts';
import { keepBreakGlass } from '../keep-break-glass.ts';
import { keepPlatformAdmin } from '../last-platform-admin.ts';
import { requireMatch } from '../precondition.ts';

interface Deps {
  db: Db;
  changes: Changes;
  origin: PublicOrigin;
}

/** A host that another domain has is a failure of the field, whoever came first. */
const withUniqueHost = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) return failField('domain', reasons.unique);
    throw error;
  }
};

const requireFreeEmailDomains = async (
  tx: Tx,
  id: DomainId,
  names: readonly string[] = [],
): Promise<void> => {
  if (names.length > 0 && (await findEmailDomainHolder(tx, id, names))) {
    failField('email_domains', reasons.unique);
  }
};

const legacyTurnedOn = (before: Domain | undefined, after: Domain): string[] =>
  Object.entries(after.legacy)
    .filter(([name, on]) => on === true && !before?.legacy[name as keyof Domain['legacy']])
    .map(([name]) => name);

/** @throws {FoyerError} `validation_failed` for a taken host or e-mail domain */
export const addDomain = async (
  deps: Deps,
  actor: Actor,
  fields: DomainChanges & { name: string; host: string },
): Promise<Domain> => {
  const domain = await withUniqueHost(() =>
    deps.db.transaction(async (tx) => {
      const id = newDomainId();
      await requireFreeEmailDomains(tx, id, fields.emailDomains);
      const created = await foundDomain(tx, deps.origin, { ...fields, id });
      await writeAudit(tx, created.id, actor, {
        action: 'domain.create',
        target: created.id,
        fields: Object.keys(fields),
        detail: { legacy_on: legacyTurnedOn(undefined, created) },
      });
      return created;
    }),
  );
  await deps.changes.announce({ kind: 'domain', domainId: domain.id });
  return domain;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Names of the fields that a change really changes. */
const changedFields = (before: Domain, changes: DomainChanges): (keyof DomainChanges)[] =>
  (Object.keys(changes) as (keyof DomainChanges)[]).filter((field) => !same(before[field], changes[field]));

export interface ChangeDomain {
  id: DomainId;
  changes: DomainChanges;
  ifMatch: string | undefined;
  byPlatformAdmin: boolean;
}

/** @throws {FoyerError} `not_found`, `precondition_failed`, `validation_failed` */
export const changeDomain = async (
  deps: Deps,
  actor: Actor,
  { id, changes, ifMatch, byPlatformAdmin }: ChangeDomain,
): Promise<Domain> => {
  const domain = await withUniqueHost(() =>
    deps.db.transaction(async (tx) => {
      const before = await lockDomain(tx, id);
      if (!before) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
      requireMatch(ifMatch, before.version);
      // Backoffice sends everything back: who cannot read `internals` must not wipe them.
      const { internals, ...visible } = changes;
      const wanted = byPlatformAdmin ? changes : visible;
      const fields = changedFields(before, wanted);
      if (fields.includes('host') && !byPlatformAdmin) {
        failField('domain', 'is changed by administrators of the installation only');
      }
      if (fields.length === 0) return before;
      if (fields.includes('emailDomains')) await requireFreeEmailDomains(tx, id, wanted.emailDomains);
      const update = () => updateDomain(tx, id, wanted);
      const mayLockOut = wanted.passwordSignIn === false && fields.includes('passwordSignIn');
      const after = mayLockOut ? await keepBreakGlass(tx, id, update) : await update();
      await writeAudit(tx, id, actor, {
        action: 'domain.update',
        target: id,
        fields,
        detail: { legacy_on: legacyTurnedOn(before, after) },
      });
      return after;
    }),
  );
  await deps.changes.announce({ kind: 'domain', domainId: id });
  return domain;
};

/**
 * Deletes a domain and all that is in it: sessions, tokens, keys, flows, people, sources, applications (S-51).
 * @throws {FoyerError} `not_found`, `precondition_failed`, `conflict` when the last platform administrator is in it
 */
export const removeDomain = async (
  deps: Deps,
  actor: Actor,
  { id, ifMatch }: { id: DomainId; ifMatch: string | undefined },
): Promise<void> => {
  await deps.db.transaction(async (tx) => {
    const domain = await lockDomain(tx, id);
    if (!domain) throw new FoyerError('not_found', { detail: `Key not present: ${id}` });
    requireMatch(ifMatch, domain.version);
    await keepPlatformAdmin(tx, () => deleteDomain(tx, id));
    await writeAudit(tx, installationDomain, actor, {
      action: 'domain.delete',
      target: id,
      detail: { host: domain.host },
    });
  });
  await deps.changes.announce({ kind: 'domain', domainId: id });
};
