/**
 * @module Clients by domain and client id, in memory: every request to the provider needs one, and they change rarely.
 * Only clients that exist are kept, so a new one is known at once; `changes` tells of the rest.
 */
import { LRUCache } from 'lru-cache';
import type { DomainId } from '#base/lib/ids.ts';
import type { Db } from '#model/tables.ts';
import { type Client, redirectUrisOf } from './application.ts';
import { findClient, listRedirectUris } from './application-store.ts';

export interface ApplicationCache {
  byClientId(domainId: DomainId, clientId: string): Promise<Client | undefined>;
  /** Whether a script of this origin belongs to a registered application of the domain (S-77). */
  hasOrigin(domainId: DomainId, origin: string): Promise<boolean>;
  forgetAll(): void;
}

const originsOf = (redirectUris: string[]): Set<string> => {
  const origins = new Set<string>();
  for (const uri of redirectUris.flatMap((each) => redirectUrisOf({ redirectUri: each }))) {
    if (URL.canParse(uri)) origins.add(new URL(uri).origin);
  }
  origins.delete('null');
  return origins;
};

export const createApplicationCache = (db: Db): ApplicationCache => {
  const clients = new LRUCache<string, Client>({ max: 20_000 });
  const origins = new LRUCache<string, Set<string>>({ max: 5_000 });
  // Raised by every change: what was read before it must not be kept after it.
  let generation = 0;
  return {
    async byClientId(domainId, clientId) {
      const key = `${domainId} ${clientId}`;
      const known = clients.get(key);
      if (known) return known;
      const before = generation;
      const client = await findClient(db, domainId, clientId);
      if (client && before === generation) clients.set(key, client);
      return client;
    },
    async hasOrigin(domainId, origin) {
      const known = origins.get(domainId);
      if (known) return known.has(origin);
      const before = generation;
      const found = originsOf(await listRedirectUris(db, domainId));
      if (before === generation) origins.set(domainId, found);
      return found.has(origin);
    },
    forgetAll() {
      generation++;
      clients.clear();
      origins.clear();
    },
  };
};
