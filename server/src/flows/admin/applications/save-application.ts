/** @module Creating, changing and deleting applications and their secrets, each with its audit row in one transaction. */
import { FoyerError } from '#base/lib/errors.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import type { Application, ApplicationLegacy } from '#model/applications/application.ts';
import { lockApplication } from '#model/applications/application-directory.ts';
import {
  type ApplicationChanges,
  createApplication,
  deleteApplication,
  retireOldApplicationSecret,
  rotateApplicationSecret,
  updateApplication,
} from '#model/applications/application-store.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import type { Db, Tx } from '#model/tables.ts';
import { requireMatch } from '../precondition.ts';
import { withUniqueFields } from '../unique-field.ts';
import { clientIdFor } from './application-fields.ts';

interface Deps {
  db: Db;
  changes: Changes;
  domains: DomainCache;
}

const unique = {
  applications_by_name: 'name',
  applications_by_redirect: 'redirect_uri',
  applications_by_uid: 'redirect_uri',
};

const notThere = (id: number | string): FoyerError =>
  new FoyerError('not_found', { detail: `Key not present: ${id}` });

/** Locked; outside of the caller's domains nothing is found. */
const getForChange = async (tx: Tx, caller: Caller, id: number, ifMatch?: string): Promise<Application> => {
  const application = await lockApplication(tx, domainScopeOf(caller), id);
  if (!application) throw notThere(id);
  requireMatch(ifMatch, application.updatedAt);
  return application;
};

const legacyTurnedOn = (before: ApplicationLegacy, after: ApplicationLegacy): string[] =>
  (Object.keys(after) as (keyof ApplicationLegacy)[]).filter((name) => after[name] && !before[name]);

const announce = (deps: Deps, { domainId, id }: Pick<Application, 'domainId' | 'id'>): Promise<void> =>
  deps.changes.announce({ kind: 'application', domainId, id: String(id) });

/**
 * Registers an application; its secret is answered here and never again (S-69).
 * @throws {FoyerError} `validation_failed`, `not_found` for a domain that is not there
 */
export const addApplication = async (
  deps: Deps,
  actor: Actor,
  domainId: DomainId,
  fields: ApplicationChanges & { name: string; redirectUri: string },
): Promise<{ application: Application; secret: string }> => {
  if (!(await deps.domains.byId(domainId))) throw notThere(domainId);
  const created = await withUniqueFields(unique, () =>
    deps.db.transaction(async (tx) => {
      const made = await createApplication(tx, domainId, {
        skipAuthorization: false,
        ...fields,
        scopes: fields.scopes || 'public',
        uid: clientIdFor(fields.redirectUri),
      });
      await writeAudit(tx, domainId, actor, {
        action: 'application.create',
        target: String(made.application.id),
        applicationId: String(made.application.id),
        fields: Object.keys(fields),
        detail: { legacy_on: legacyTurnedOn({}, made.application.legacy) },
      });
      return made;
    }),
  );
  await announce(deps, created.application);
  return created;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const wantedChanges = (
  before: Application,
  { legacy, ...changes }: ApplicationChanges,
  preserveClientId: boolean,
): ApplicationChanges => {
  const moved = changes.redirectUri !== undefined && changes.redirectUri !== before.redirectUri;
  const switches: ApplicationLegacy = Object.fromEntries(
    Object.entries({ ...before.legacy, ...legacy }).filter(([, on]) => on),
  );
  const wanted: ApplicationChanges = {
    ...changes,
    ...(legacy && { legacy: switches }),
    // Clients compute their id from the redirect URI, so it moves with it (D-39).
    ...(moved && !preserveClientId && { uid: clientIdFor(changes.redirectUri as string) }),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => !same(before[field as keyof Application], value)),
  );
};

export interface ChangeApplication {
  id: number;
  changes: ApplicationChanges;
  preserveClientId: boolean;
  ifMatch: string | undefined;
}

/** @throws {FoyerError} `not_found`, `precondition_failed`, `validation_failed` */
export const changeApplication = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { id, changes, preserveClientId, ifMatch }: ChangeApplication,
): Promise<Application> => {
  const application = await withUniqueFields(unique, () =>
    deps.db.transaction(async (tx) => {
      const before = await getForChange(tx, caller, id, ifMatch);
      const wanted = wantedChanges(before, changes, preserveClientId);
      if (Object.keys(wanted).length === 0) return before;
      const after = await updateApplication(tx, before.domainId, id, wanted);
      await writeAudit(tx, before.domainId, actor, {
        action: 'application.update',
        target: String(id),
        applicationId: String(id),
        fields: Object.keys(wanted),
        detail: { legacy_on: legacyTurnedOn(before.legacy, after.legacy) },
      });
      return after;
    }),
  );
  await announce(deps, application);
  return application;
};

/** Its codes, tokens and consents go with it (S-61). @throws {FoyerError} `not_found`, `precondition_failed` */
export const removeApplication = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { id, ifMatch }: { id: number; ifMatch: string | undefined },
): Promise<void> => {
  const application = await deps.db.transaction(async (tx) => {
    const before = await getForChange(tx, caller, id, ifMatch);
    await deleteApplication(tx, before.domainId, id);
    await writeAudit(tx, before.domainId, actor, {
      action: 'application.delete',
      target: String(id),
      applicationId: String(id),
      detail: { uid: before.uid },
    });
    return before;
  });
  await announce(deps, application);
};

/** A new secret beside the present one; both count until `endSecretRotation` (S-69). @throws {FoyerError} `not_found` */
export const rotateSecret = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  id: number,
): Promise<{ application: Application; secret: string }> => {
  const rotated = await deps.db.transaction(async (tx) => {
    const { domainId } = await getForChange(tx, caller, id);
    const secret = await rotateApplicationSecret(tx, domainId, id);
    await writeAudit(tx, domainId, actor, {
      action: 'application.secret_rotate',
      target: String(id),
      applicationId: String(id),
      fields: ['secret'],
    });
    return { application: await getForChange(tx, caller, id), secret };
  });
  await announce(deps, rotated.application);
  return rotated;
};

/** From here on only the newest secret counts. @throws {FoyerError} `not_found` */
export const endSecretRotation = async (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  id: number,
): Promise<void> => {
  const application = await deps.db.transaction(async (tx) => {
    const before = await getForChange(tx, caller, id);
    await retireOldApplicationSecret(tx, before.domainId, id);
    await writeAudit(tx, before.domainId, actor, {
      action: 'application.secret_retire',
      target: String(id),
      applicationId: String(id),
      fields: ['secret'],
    });
    return before;
  });
  await announce(deps, application);
};
