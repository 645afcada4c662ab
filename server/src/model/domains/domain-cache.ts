/**
 * @module Domains by host, in memory: every request needs its domain, and they change rarely.
 * Told of changes by `changes` (this process) and by NOTIFY (others); bounded, so 10,000 domains cost no query each.
 */
import { LRUCache } from 'lru-cache';
import type { DomainId } from '#base/lib/ids.ts';
import type { Db } from '#model/tables.ts';
import type { Domain } from './domain.ts';
import { findDomain, findDomainByHost } from './domain-store.ts';

export interface DomainCache {
  byHost(host: string): Promise<Domain | undefined>;
  byId(id: DomainId): Promise<Domain | undefined>;
  forget(id: string): void;
  forgetAll(): void;
}

const none = Symbol('no such host');

export const createDomainCache = (db: Db): DomainCache => {
  const hosts = new LRUCache<string, Domain | typeof none>({ max: 20_000 });
  const ids = new LRUCache<string, Domain>({ max: 20_000 });
  // Raised by every change: what was read before it must not be kept after it.
  let generation = 0;

  const forgetAll = (): void => {
    generation++;
    hosts.clear();
    ids.clear();
  };
  return {
    async byHost(host) {
      const known = hosts.get(host);
      if (known) return known === none ? undefined : known;
      const before = generation;
      const domain = await findDomainByHost(db, host);
      if (before === generation) hosts.set(host, domain ?? none);
      return domain;
    },
    async byId(id) {
      const known = ids.get(id);
      if (known) return known;
      const before = generation;
      const domain = await findDomain(db, id);
      if (domain && before === generation) ids.set(id, domain);
      return domain;
    },
    // A host can move from one domain to another, so one change forgets all hosts.
    forget: forgetAll,
    forgetAll,
  };
};
