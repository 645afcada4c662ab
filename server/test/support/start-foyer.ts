/**
 * @module The real server for a test: its own store, a clock that the test moves, domains and sources to order.
 */
import type { FastifyInstance } from 'fastify';
import type { Insertable } from 'kysely';
import type { Config } from '#base/config/config.ts';
import { loadConfig } from '#base/config/config.ts';
import { newDomainId, newSourceId, newUserId } from '#base/lib/ids.ts';
import type { Domain } from '#model/domains/domain.ts';
import { createDomain, type NewDomain } from '#model/domains/domain-store.ts';
import { recordRevision } from '#model/sources/revision-store.ts';
import { noteOf, type SecretNotes } from '#model/sources/secret-notes.ts';
import { type Source, secretFields } from '#model/sources/source.ts';
import { digestOf, fingerprintKey } from '#model/sources/source-revision.ts';
import type { UserTable } from '#model/tables.ts';
import { buildApp } from '../../src/app.ts';
import { type Overrides, openServices, type Services } from '../../src/services.ts';
import { type Browser, createBrowser } from './browser.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { testKeks } from './test-keys.ts';
import { openTestStore, type TestEngine, type TestStore } from './test-store.ts';

export interface StartOptions {
  engine?: TestEngine;
  /** Parts of the configuration that differ from the tests' default (PUBLIC_URL is https://foyer.test). */
  config?: Partial<Config>;
  overrides?: Overrides;
  /** A second node on the same store. */
  sameStoreAs?: Foyer;
}

export type SeedSource = Partial<Pick<Source, 'id' | 'name' | 'kind' | 'enabled'>> & {
  /** Wire names; secrets (`client_secret`) are taken out and sealed. */
  settings?: Record<string, unknown>;
};

export interface Foyer {
  app: FastifyInstance;
  services: Services;
  clock: TestClock;
  store: TestStore;
  inject: FastifyInstance['inject'];
  /** Public URL of a path on a domain's host. */
  url(host: string, path?: string): string;
  /** A browser with an empty jar on a domain's host. */
  browser(host: string): Browser;
  /** Each with a host of its own unless told. */
  seedDomain(fields?: Partial<NewDomain>): Promise<Domain>;
  seedSource(domain: Domain, seed?: SeedSource): Promise<Source>;
  /** Answers the user's id. */
  seedUser(domain: Domain, fields?: Partial<Insertable<UserTable>>): Promise<string>;
  close(): Promise<void>;
}

/** Starts a server. Close it in `afterAll` or `afterEach`: on PostgreSQL that drops its database. */
export const startFoyer = async (options: StartOptions = {}): Promise<Foyer> => {
  const store = options.sameStoreAs?.store ?? (await openTestStore(options.engine));
  const clock = createTestClock();
  const config: Config = {
    ...loadConfig({ PUBLIC_URL: 'https://foyer.test', LOG_LEVEL: 'silent', DATABASE_URL: store.url }),
    ...options.config,
  };
  const overrides: Overrides = { clock, keks: [...testKeks], ...options.overrides };
  // On PostgreSQL each server has its own pool, as in production; PGlite is one connection for all.
  const services = await openServices(config, store.url ? overrides : { db: store.db, ...overrides });
  const app = await buildApp(services);
  await app.ready();
  const hosts = new Set<string>();
  let seeded = 0;
  const url = (host: string, path = ''): string => `${services.origin.of(host)}${path}`;
  const foyer: Foyer = {
    app,
    services,
    clock,
    store,
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    url,
    browser: (host) => {
      hosts.add(host);
      return createBrowser(app, url(host), (target) => hosts.has(target.hostname));
    },
    async seedDomain(fields = {}) {
      const host = fields.host ?? `domain-${++seeded}.test`;
      hosts.add(host);
      const domain = await createDomain(services.db, {
        id: newDomainId(),
        name: `Domain ${host}`,
        ...fields,
        host,
      });
      await services.changes.announce({ kind: 'domain', domainId: domain.id });
      return domain;
    },
    seedSource: (domain, seed = {}) => seedSource(services, domain, seed),
    async seedUser(domain, fields = {}) {
      const id = fields.id ?? newUserId();
      const email = fields.email ?? `${id}@example.test`;
      await services.db.kysely
        .insertInto('users')
        .values({
          domain_id: domain.id,
          name: 'Seeded Person',
          email_canonical: email.toLowerCase(),
          ...fields,
          id,
          email,
        })
        .execute();
      return id;
    },
    async close() {
      await app.close();
      await services.close();
      if (!options.sameStoreAs) await store.release();
    },
  };
  return foyer;
};

const seedSource = async (services: Services, domain: Domain, seed: SeedSource): Promise<Source> => {
  const kind = seed.kind ?? 'oauth2';
  const id = seed.id ?? newSourceId(kind === 'oauth2' ? 'oauth' : kind === 'saml' ? 'adfs' : 'ldap');
  const settings = { ...seed.settings };
  const secrets: Record<string, string> = {};
  const secretNotes: SecretNotes = {};
  const key = await fingerprintKey(services.keyring);
  for (const field of secretFields[kind]) {
    const value = settings[field];
    delete settings[field];
    if (typeof value !== 'string') continue;
    const place = { domainId: domain.id, table: 'sources', column: `secrets.${field}`, rowId: id };
    secrets[field] = (await services.keyring.seal(place, value)).toString('base64');
    secretNotes[field] = noteOf(key, domain.id, value, undefined);
  }
  const row = await services.db.kysely
    .insertInto('sources')
    .values({
      domain_id: domain.id,
      id,
      kind,
      name: seed.name ?? 'Microsoft',
      enabled: seed.enabled ?? true,
      settings: JSON.stringify(settings),
      secrets: JSON.stringify(secrets),
      secret_notes: JSON.stringify(secretNotes),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const fingerprints = Object.fromEntries(
    Object.entries(secretNotes).map(([field, { fingerprint }]) => [field, fingerprint]),
  );
  await recordRevision(services.db, domain.id, id, row.version, {
    actor: { kind: 'system' },
    cause: 'create',
    digest: digestOf({ kind, name: row.name, settings, fingerprints }),
  });
  await services.changes.announce({ kind: 'source', domainId: domain.id, id });
  return {
    domainId: domain.id,
    id,
    kind,
    name: row.name,
    enabled: row.enabled,
    settings,
    secretsSet: Object.keys(secrets),
    secretNotes,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
};
