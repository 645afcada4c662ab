/**
 * @module Changing metadata of a person: by its owner, support people, or members of a group among its editors. Each
 * change locks the parent, so that two merges never lose each other's members.
 */
import { FoyerError } from '#base/lib/errors.ts';
import type { UserId } from '#base/lib/ids.ts';
import type { Caller } from '#model/access/caller.ts';
import { domainScopeOf } from '#model/access/domain-scope.ts';
import { hasRole } from '#model/access/guards.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import { type Metadata, mergePatch } from '#model/metadata/metadata.ts';
import {
  deleteMetadata,
  findMetadata,
  renameMetadata,
  saveMetadata,
} from '#model/metadata/metadata-store.ts';
import type { Db, Tx } from '#model/tables.ts';
import type { User } from '#model/users/user.ts';
import { findUserAnywhere } from '#model/users/user-admin-store.ts';
import { lockUser } from '#model/users/user-directory.ts';
import { failField, reasons } from '../assign.ts';
import { requireMatch } from '../precondition.ts';
import { withUniqueFields } from '../unique-field.ts';
import { isSelf } from '../users/user-ranks.ts';

interface Deps {
  db: Db;
}

/** A document as a body has it, every member of the right type. */
export interface MetadataFields {
  name: string;
  description: string;
  details: unknown;
  editors?: string[];
  schema_id?: string | null;
}

const notThere = (id: string): FoyerError =>
  new FoyerError('not_found', { detail: `Key not present: ${id}` });

/** Only people are parents here; zones and systems are not of Foyer. @throws {FoyerError} `not_found` */
export const getParent = async (tx: Tx, caller: Caller, rawParentId: string): Promise<User> => {
  const parent = await findUserAnywhere(tx, domainScopeOf(caller), rawParentId as UserId);
  if (!parent) throw notThere(rawParentId);
  return parent;
};

const lockParent = async (tx: Tx, caller: Caller, rawParentId: string): Promise<User> => {
  const parent = await getParent(tx, caller, rawParentId);
  const locked = await lockUser(tx, parent.domainId, parent.id);
  if (!locked) throw notThere(rawParentId);
  return locked;
};

const requireWriter = (caller: Caller, parent: User, document: Metadata | undefined): void => {
  const isEditor = document?.editors.some((group) => caller.groups.includes(group)) ?? false;
  if (isSelf(caller, parent) || hasRole(caller, 'support') || isEditor) return;
  throw new FoyerError('forbidden', { detail: 'metadata of another user' });
};

/** @throws {FoyerError} `validation_failed`; control characters could not be told apart in lists and logs */
const checkedName = (field: string, rawName: string): string => {
  const name = rawName.trim();
  if (name === '') failField(field, reasons.required);
  return /[\u0000-\u001f\u007f\u2028\u2029]/.test(name) ? failField(field, 'has control characters') : name;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export interface WriteMetadata {
  parentId: string;
  fields: MetadataFields;
  /** Merges `details` into what is there instead of replacing it. */
  merge: boolean;
  ifMatch: string | undefined;
}

/** @throws {FoyerError} `not_found`, `forbidden`, `validation_failed`, `precondition_failed` */
export const writeMetadata = (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { parentId, fields, merge, ifMatch }: WriteMetadata,
): Promise<Metadata> => {
  const name = checkedName('name', fields.name);
  return deps.db.transaction(async (tx) => {
    const parent = await lockParent(tx, caller, parentId);
    const before = await findMetadata(tx, parent.domainId, parent.id, name);
    requireWriter(caller, parent, before);
    if (before) requireMatch(ifMatch, before.version);
    const bySupport = hasRole(caller, 'support');
    const wanted = {
      description: fields.description,
      details: merge ? mergePatch(before?.details ?? {}, fields.details) : fields.details,
      // Who may write is not for those who were merely let in.
      editors: (bySupport && fields.editors) || (before?.editors ?? []),
      schemaId:
        bySupport && fields.schema_id !== undefined ? (fields.schema_id ?? undefined) : before?.schemaId,
    };
    const changed = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(
      (field) => !before || !same(before[field], wanted[field]),
    );
    if (before && changed.length === 0) return before;
    const modifiedById = caller.userId;
    const after = await saveMetadata(tx, parent.domainId, {
      ...wanted,
      parentId: parent.id,
      name,
      modifiedById,
    });
    await writeAudit(tx, parent.domainId, actor, {
      action: before ? 'metadata.update' : 'metadata.create',
      target: parent.id,
      fields: changed,
      detail: { name },
    });
    return after;
  });
};

/** @throws {FoyerError} `not_found`, `forbidden`, `validation_failed` for a name that is taken */
export const giveMetadataName = (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { parentId, currentName, newName }: { parentId: string; currentName: string; newName: string },
): Promise<Metadata> => {
  const to = checkedName('new_name', newName);
  return withUniqueFields({ metadata_pkey: 'new_name' }, () =>
    deps.db.transaction(async (tx) => {
      const parent = await lockParent(tx, caller, parentId);
      const before = await findMetadata(tx, parent.domainId, parent.id, currentName.trim());
      requireWriter(caller, parent, before);
      if (!before) throw notThere(currentName);
      if (before.name === to) return before;
      const names = { from: before.name, to };
      const after = await renameMetadata(tx, parent.domainId, parent.id, names);
      if (!after) throw notThere(currentName);
      await writeAudit(tx, parent.domainId, actor, {
        action: 'metadata.rename',
        target: parent.id,
        fields: ['name'],
        detail: names,
      });
      return after;
    }),
  );
};

/** By its owner and support people alone. @throws {FoyerError} `not_found`, `forbidden`, `validation_failed` */
export const removeMetadata = (
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { parentId, name }: { parentId: string; name: string | undefined },
): Promise<void> => {
  const wanted = name ?? failField('name', reasons.nil);
  return deps.db.transaction(async (tx) => {
    const parent = await lockParent(tx, caller, parentId);
    requireWriter(caller, parent, undefined);
    if ((await deleteMetadata(tx, parent.domainId, parent.id, wanted)) === 0) throw notThere(wanted);
    await writeAudit(tx, parent.domainId, actor, {
      action: 'metadata.delete',
      target: parent.id,
      detail: { name: wanted },
    });
  });
};
