/** Named JSON documents that apps keep beside a parent, e.g. a person's settings. */
import type { DomainId } from '#base/lib/ids.ts';

export interface Metadata {
  domainId: DomainId;
  parentId: string;
  /** Unique beside its parent. */
  name: string;
  description: string;
  /** Any JSON but null. */
  details: unknown;
  /** Groups whose members may write it, beside its owner and support people. */
  editors: string[];
  schemaId: string | undefined;
  modifiedById: string | undefined;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null removes a member, objects are merged, all else replaces. @see RFC 7396 §2 */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
};
