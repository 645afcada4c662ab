/**
 * @module Opened sources, kept per (domain, id): a sign-in needs no query and no decryption for its source. The cache
 * knows no protocol: what a source opens to comes from the `open` that the wiring injects. A source is opened anew
 * when it was changed; a flow under way is finished with the revision that it began with (S-21).
 */
import type { Selectable } from 'kysely';
import { LRUCache } from 'lru-cache';
import { statement } from '#base/db/database.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { Db, SourceTable } from '#model/tables.ts';
import { findRevision } from './revision-store.ts';
import type { Source } from './source.ts';
import { openSecret, type SealedSecrets, toStoredSource } from './source-store.ts';

export interface OpenedSource<Opened> {
  source: Source;
  opened: Opened;
}

/** Makes the working source of a protocol from its settings, secrets included. */
export type OpenSourceOfKind<Opened> = (
  source: Source,
  settings: Readonly<Record<string, unknown>>,
) => Opened | Promise<Opened>;

export interface SourceCache<Opened> {
  /**
   * A source of this domain, disabled ones included; another domain's source is not found (S-40).
   * @throws {FoyerError} `secret_unreadable` for this source alone (S-92).
   */
  find(domainId: DomainId, id: SourceId): Promise<OpenedSource<Opened> | undefined>;
  /**
   * The same source as it was at an earlier (or later) version; `current` where that revision is not known. What sign-in
   * itself has set since, and whether the source is enabled, are those of `current`.
   * @throws {FoyerError} as `find`
   */
  findRevision(current: OpenedSource<Opened>, version: number): Promise<OpenedSource<Opened>>;
  forget(domainId: string, id?: string): void;
  forgetAll(): void;
}

const findSourceRow = statement('source_find', 'select * from sources where domain_id = $1 and id = $2');

export interface SourceCacheOptions<Opened> {
  db: Db;
  keyring: Keyring;
  open: OpenSourceOfKind<Opened>;
  /** Opened sources to keep. Default 20,000. */
  max?: number;
}

export const createSourceCache = <Opened>({
  db,
  keyring,
  open,
  max = 20_000,
}: SourceCacheOptions<Opened>): SourceCache<Opened> => {
  const cache = new LRUCache<string, Promise<OpenedSource<Opened> | undefined>>({ max });
  // Only flows that were under way at a change need another version than the current one, for some minutes.
  const revisions = new LRUCache<string, Promise<OpenedSource<Opened>>>({ max: 500 });
  const keyOf = (domainId: string, id: string): string => `${domainId}\n${id}`;

  /** Settings that cannot be read are this source's failure, and no error of the server's. */
  const openReadable = async (source: Source, settings: Record<string, unknown>): Promise<Opened> => {
    try {
      return await open(source, settings);
    } catch (cause) {
      if (isFoyerError(cause)) throw cause;
      throw new FoyerError('source_misconfigured', { cause, detail: 'its settings cannot be read' });
    }
  };

  const load = async (domainId: DomainId, id: SourceId): Promise<OpenedSource<Opened> | undefined> => {
    const [row] = await db.run<Selectable<SourceTable>>(findSourceRow, [domainId, id]);
    if (!row) return undefined;
    const { secrets: sealed, ...source } = toStoredSource(row);
    return openWithSecrets(source, sealed);
  };

  const openWithSecrets = async (source: Source, sealed: SealedSecrets): Promise<OpenedSource<Opened>> => {
    const secrets: Record<string, string> = {};
    for (const [field, blob] of Object.entries(sealed)) {
      secrets[field] = await openSecret(keyring, source.domainId, source.id, field, blob);
    }
    return { source, opened: await openReadable(source, { ...source.settings, ...secrets }) };
  };

  const loadRevision = async (
    current: OpenedSource<Opened>,
    version: number,
  ): Promise<OpenedSource<Opened>> => {
    const { source } = current;
    const revision = await findRevision(db, source.domainId, source.id, version);
    if (!revision) return current;
    const { uid_key: _thatOfItsTime, ...settings } = revision.settings;
    const { uid_key: pin } = source.settings;
    const { name, secrets, secretNotes } = revision;
    const then: Source = {
      ...source,
      name,
      settings: pin === undefined ? settings : { ...settings, uid_key: pin },
      secretsSet: Object.keys(secrets),
      secretNotes,
      version,
    };
    return openWithSecrets(then, secrets);
  };

  return {
    find(domainId, id) {
      const key = keyOf(domainId, id);
      const known = cache.get(key);
      if (known) return known;
      const loading = load(domainId, id);
      cache.set(key, loading);
      // Neither a failure nor an unknown id is kept: the one may pass, the others are without number.
      const drop = (): void => {
        if (cache.peek(key) === loading) cache.delete(key);
      };
      loading.then((found) => found ?? drop(), drop);
      return loading;
    },
    findRevision(current, version) {
      const { domainId, id, version: currentVersion } = current.source;
      if (version === currentVersion) return Promise.resolve(current);
      const key = `${keyOf(domainId, id)}\n${version}`;
      const known = revisions.get(key);
      if (known) return known;
      const loading = loadRevision(current, version);
      revisions.set(key, loading);
      loading.catch(() => {
        if (revisions.peek(key) === loading) revisions.delete(key);
      });
      return loading;
    },
    forget(domainId, id) {
      const prefix = id === undefined ? `${domainId}\n` : `${keyOf(domainId, id)}\n`;
      for (const key of revisions.keys()) if (key.startsWith(prefix)) revisions.delete(key);
      if (id !== undefined) cache.delete(keyOf(domainId, id));
      else for (const key of cache.keys()) if (key.startsWith(`${domainId}\n`)) cache.delete(key);
    },
    forgetAll() {
      cache.clear();
      revisions.clear();
    },
  };
};
