/**
 * @module Everything that lives as long as the process, opened once and closed once. Tests override parts of it.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, ConfigError, keyFileOf } from '#base/config/config.ts';
import { lockFolder } from '#base/db/folder-lock.ts';
import { migrate } from '#base/db/migrate.ts';
import type { Metrics } from '#base/http/metrics.ts';
import { createPublicOrigin, type PublicOrigin } from '#base/http/public-origin.ts';
import { type Clock, systemClock } from '#base/lib/clock.ts';
import { createEgress, type Egress } from '#base/lib/egress/egress.ts';
import { parseEgressRules } from '#base/lib/egress/egress-rules.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import { createLog } from '#base/lib/log.ts';
import { createMailer, type SendMail } from '#base/lib/mail.ts';
import { createTokenKeeper, type TokenKeeper } from '#flows/tokens/token-keeper.ts';
import { type ApplicationCache, createApplicationCache } from '#model/applications/application-cache.ts';
import { type AttemptRecorder, createAttemptRecorder } from '#model/attempts/attempt-recorder.ts';
import { type Changes, createChanges } from '#model/changes.ts';
import { createDomainCache, type DomainCache } from '#model/domains/domain-cache.ts';
import {
  type KeyEncryptionKey,
  KeyError,
  parseKeyEncryptionKeys,
  readOrMakeKeyFile,
} from '#model/keys/key-encryption-keys.ts';
import { createKeyring, type Keyring } from '#model/keys/keyring.ts';
import { createSigningKeys, ensureSigningKey, type SigningKeys } from '#model/keys/signing-keys.ts';
import { createPlannerStatistics, type PlannerStatistics } from '#model/planner-statistics.ts';
import { createSourceCache, type SourceCache } from '#model/sources/source-cache.ts';
import type { Db, Tables } from '#model/tables.ts';
import { isCommonPassword } from '#model/users/common-passwords.ts';
import { createPasswords, type Passwords } from '#model/users/password.ts';
import type { IdentitySource } from '#upstream/identity/identity-source.ts';
import { findOpener } from '#upstream/identity/registry.ts';

export interface Services {
  config: Config;
  clock: Clock;
  log: Logger;
  db: Db;
  /** Shared with the keyring; a rotation of the embedded store's key file puts the new key in front. */
  keks: KeyEncryptionKey[];
  keyring: Keyring;
  passwords: Passwords;
  signingKeys: SigningKeys;
  egress: Egress;
  /** Absent unless a mail server is configured. */
  sendMail: SendMail | undefined;
  /** Absent unless they are asked for by METRICS_PORT. */
  metrics: Metrics | undefined;
  changes: Changes;
  domains: DomainCache;
  sources: SourceCache<IdentitySource>;
  statistics: PlannerStatistics;
  /** The flight recorder. */
  recorder: AttemptRecorder;
  keeper: TokenKeeper;
  applications: ApplicationCache;
  origin: PublicOrigin;
  /** Set when a graceful stop begins. */
  stopping: boolean;
  close(): Promise<void>;
}

export interface Overrides {
  clock?: Clock;
  log?: Logger;
  db?: Db;
  keks?: KeyEncryptionKey[];
  passwords?: Passwords;
  egress?: Egress;
}

/** @throws {ConfigError} | {KeyError} when the configuration cannot be used. */
export const openServices = async (config: Config, overrides: Overrides = {}): Promise<Services> => {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.logLevel);
  const closers: (() => Promise<void> | void)[] = [];
  if (!overrides.db && !config.databaseUrl) {
    const lock = lockFolder(config.dataFolder, clock);
    closers.push(() => lock.release());
  }
  const keks = overrides.keks ?? keysFor(config);
  const db = overrides.db ?? (await openDatabase(config, log));
  const applied = await migrate(db);
  if (applied.length > 0) log.info({ applied }, 'schema brought up to date');
  const keyring = createKeyring(db, keks);
  await checkKeysFit(keyring);
  await ensureSigningKey(db, keyring, clock);
  const signingKeys = createSigningKeys(db, keyring, clock);
  const egress = overrides.egress ?? createConfiguredEgress(config, clock);
  const changes = await createChanges(db);
  const domains = createDomainCache(db);
  const sources = createSourceCache<IdentitySource>({
    db,
    keyring,
    // A kind that cannot sign anyone in yet opens to a source without capabilities.
    open: ({ kind }, settings) => findOpener(kind)?.(settings, { egress, clock }) ?? {},
  });
  const keeper = createTokenKeeper({ db, keyring, clock, domains, sources });
  const applications = createApplicationCache(db);
  const recorder = createAttemptRecorder({
    db,
    clock,
    onError: (error) => log.warn({ err: error }, 'sign-in attempts were not written'),
  });
  changes.onChange((change) => {
    if (change === 'everything' || change.kind === 'domain') domains.forgetAll();
    if (change === 'everything') sources.forgetAll();
    else if (change.kind === 'source' || change.kind === 'domain') {
      sources.forget(change.domainId, change.kind === 'source' ? change.id : undefined);
    }
    if (change === 'everything' || change.kind === 'keys') signingKeys.forget();
    if (change === 'everything' || ['domain', 'application'].includes(change.kind)) applications.forgetAll();
    if (change !== 'everything' && change.kind !== 'source') keyring.forget(change.domainId);
  });
  return {
    config,
    clock,
    log,
    db,
    keks,
    keyring,
    passwords: overrides.passwords ?? createConfiguredPasswords(),
    signingKeys,
    egress,
    sendMail: config.smtpUrl ? createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom }) : undefined,
    metrics: config.metricsPort > 0 ? (await import('#base/http/metrics.ts')).createMetrics() : undefined,
    changes,
    domains,
    sources,
    statistics: createPlannerStatistics(db, (error) => log.warn({ err: error }, 'tables were not analyzed')),
    recorder,
    keeper,
    applications,
    origin: createPublicOrigin(config.publicUrl, config.consolePath),
    stopping: false,
    async close() {
      await keeper.close();
      await recorder.close();
      await egress.close();
      if (!overrides.db) await db.close();
      for (const close of closers) await close();
    },
  };
};

/** Without the key that wraps the installation's own nobody could sign in: better not to start (S-93, R-13). */
const checkKeysFit = async (keyring: Keyring): Promise<void> => {
  try {
    await keyring.purposeKey('start');
  } catch (error) {
    if (!isFoyerError(error, 'secret_unreadable')) throw error;
    throw new KeyError(
      `FOYER_KEYS (or the data folder's keys file) does not open this store: ${error.detail}. ` +
        'Add the key that it was last used with.',
    );
  }
};

const keysFor = (config: Config): KeyEncryptionKey[] => {
  if (config.keyEncryptionKeys) return parseKeyEncryptionKeys(config.keyEncryptionKeys);
  if (config.databaseUrl) {
    throw new ConfigError(
      'FOYER_KEYS is missing. With PostgreSQL the key-encryption keys come from the environment or from ' +
        'FOYER_KEYS_FILE. Make one with: foyer keys new',
    );
  }
  return readOrMakeKeyFile(keyFileOf(config));
};

const openDatabase = async (config: Config, log: Logger): Promise<Db> => {
  // Each brings much code along, and one of them is not needed.
  if (config.databaseUrl) {
    const { openPostgres } = await import('#base/db/postgres.ts');
    return openPostgres<Tables>({
      url: config.databaseUrl,
      poolSize: config.databasePoolSize,
      prepare: config.databasePrepare,
      onError: (error) => log.warn({ code: (error as { code?: string }).code }, 'PostgreSQL connection lost'),
    });
  }
  log.warn(
    { folder: config.dataFolder },
    'embedded store: safe when the process is killed, not when the power fails; production belongs on PostgreSQL',
  );
  const { openPglite } = await import('#base/db/pglite.ts');
  return openPglite<Tables>({ folder: join(config.dataFolder, 'store') });
};

/** One core stays free for everybody else, and two of the pool's four threads. */
const createConfiguredPasswords = (): Passwords => {
  const concurrency = Math.max(1, Math.min(availableParallelism() - 1, 2));
  return createPasswords({ concurrency, queue: 50, isCommon: isCommonPassword });
};

const createConfiguredEgress = (config: Config, clock: Clock): Egress => {
  const ca = config.egressCaFile && readFileSync(config.egressCaFile, 'utf8');
  return createEgress({ allow: parseEgressRules(config.egressAllow), clock, ...(ca ? { ca } : {}) });
};
