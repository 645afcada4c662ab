/**
 * @module The server's configuration: what the environment may say, checked and typed, with defaults.
 * `configDocs` is the reference that `foyer --help` and docs/reference/configuration.md are made from.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from './env.ts';

export interface Config {
  /** Port and address to listen on. */
  port: number;
  host: string;
  /** Prometheus metrics; 0 turns the listener off. */
  metricsPort: number;
  metricsHost: string;
  /** Scheme and port under which people reach every domain: `https://anything` or `http://localhost:3000`. */
  publicUrl: URL;
  /** Addresses (CIDR) of proxies whose X-Forwarded-* headers are believed. */
  trustedProxies: string[];
  /** Absent: the embedded store in `dataFolder`. */
  databaseUrl: string | undefined;
  databasePoolSize: number;
  databasePrepare: boolean;
  dataFolder: string;
  /** Key-encryption keys, the first one seals; absent: from or into the data folder (embedded store only). */
  keyEncryptionKeys: string | undefined;
  /** Operator's egress allow-list: hosts, host:port, addresses, CIDRs. */
  egressAllow: string;
  /** PEM file of further certificate authorities. */
  egressCaFile: string | undefined;
  logLevel: string;
  /** Our console's files; no setting, except for tests. */
  consoleFolder: string;
  /** Path of our console, with a slash at the end. */
  consolePath: string;
  /** Another console's files, served at /backoffice/ in place of ours. */
  backofficeFolder: string | undefined;
  /** Mail server for warnings; absent: none are sent by mail. */
  smtpUrl: string | undefined;
  mailFrom: string;
  /** Sign-ins that one address may begin in a minute; 0 turns the limit off. */
  signInStartsPerMinute: number;
  /** Access tokens carry this `iss` instead of the domain's issuer, for services that compare the old constant. */
  legacyTokenIssuer: string | undefined;
  /** Seconds that a graceful stop waits for requests in flight. */
  stopTimeoutSeconds: number;
  /** Seconds after SIGTERM in which requests are still served while `/readyz` says 503. */
  stopDelaySeconds: number;
}

export interface ConfigDoc {
  name: string;
  fallback: string;
  meaning: string;
}

export const configDocs: readonly ConfigDoc[] = [
  { name: 'PORT', fallback: '3000', meaning: 'Port to listen on.' },
  { name: 'HOST', fallback: '127.0.0.1 (0.0.0.0 with PUBLIC_URL)', meaning: 'Address to listen on.' },
  {
    name: 'PUBLIC_URL',
    fallback: 'http://localhost:<PORT>',
    meaning: 'Scheme and port under which people reach every domain, e.g. https://sign-in.example.com.',
  },
  {
    name: 'TRUSTED_PROXIES',
    fallback: '(none)',
    meaning: 'Addresses or CIDRs, comma separated, whose X-Forwarded-For/-Host/-Proto headers are believed.',
  },
  { name: 'FOYER_DATA', fallback: './data', meaning: 'Folder of the embedded store and of its keys.' },
  { name: 'DATABASE_URL', fallback: '(embedded store)', meaning: 'postgres://… of a PostgreSQL server.' },
  { name: 'DATABASE_POOL_SIZE', fallback: '10', meaning: 'Connections to PostgreSQL.' },
  {
    name: 'DATABASE_PREPARE',
    fallback: 'true',
    meaning: 'Prepared statements; false under PgBouncer transaction pooling.',
  },
  {
    name: 'FOYER_KEYS',
    fallback: '(data folder)',
    meaning:
      'Key-encryption keys as id:base64 of 32 bytes, comma separated, the first one seals. Required with DATABASE_URL.',
  },
  { name: 'FOYER_KEYS_FILE', fallback: '(none)', meaning: 'File that holds the value of FOYER_KEYS.' },
  {
    name: 'FOYER_EGRESS_ALLOW',
    fallback: '(none)',
    meaning:
      'Hosts, host:port, addresses or CIDRs, comma separated, that Foyer may also connect to: identity providers on your own network. http is allowed to these only.',
  },
  {
    name: 'FOYER_EGRESS_CA',
    fallback: '(none)',
    meaning: 'PEM file of further certificate authorities to trust.',
  },
  { name: 'METRICS_PORT', fallback: '0 (off)', meaning: 'Port of Prometheus /metrics.' },
  { name: 'METRICS_HOST', fallback: '127.0.0.1', meaning: 'Address of Prometheus /metrics.' },
  {
    name: 'SIGN_IN_STARTS',
    fallback: '600',
    meaning: 'Sign-ins that one address may begin in a minute; 0 turns the limit off.',
  },
  {
    name: 'BACKOFFICE_PATH',
    fallback: '/backoffice/ (/console/ with BACKOFFICE_FOLDER)',
    meaning: 'Path of the console of Foyer, e.g. /console/. One segment.',
  },
  {
    name: 'BACKOFFICE_FOLDER',
    fallback: '(none)',
    meaning:
      'Folder with the built files of another console, such as PlaceOS Backoffice, to serve at /backoffice/. The console of Foyer is at BACKOFFICE_PATH then.',
  },
  {
    name: 'SMTP_URL',
    fallback: '(no mail)',
    meaning: 'Mail server for warnings before a secret ends: smtp://user:password@host:587 or smtps://….',
  },
  { name: 'MAIL_FROM', fallback: 'foyer@<host of PUBLIC_URL>', meaning: 'Sender of those mails.' },
  { name: 'LOG_LEVEL', fallback: 'info', meaning: 'fatal, error, warn, info, debug, trace or silent.' },
  {
    name: 'FOYER_TOKEN_ISSUER',
    fallback: '(issuer of the domain)',
    meaning: 'Constant `iss` of access tokens, for services that compare the old one, e.g. POS.',
  },
  {
    name: 'STOP_DELAY',
    fallback: '2 with DATABASE_URL, else 0',
    meaning:
      'Seconds after SIGTERM in which requests are still served while /readyz says 503, so that a load balancer turns to other nodes first.',
  },
  { name: 'STOP_TIMEOUT', fallback: '30', meaning: 'Seconds a graceful stop waits for requests in flight.' },
];

/** Configuration that cannot be used; the message names the variable and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws {ConfigError} naming the variable. */
export const loadConfig = (env: Env): Config => {
  const port = numberOf(env, 'PORT', 3000, 0, 65_535);
  const publicUrl = publicUrlOf(env, port);
  return {
    port,
    host: env.HOST ?? (env.PUBLIC_URL ? '0.0.0.0' : '127.0.0.1'),
    metricsPort: numberOf(env, 'METRICS_PORT', 0, 0, 65_535),
    metricsHost: env.METRICS_HOST ?? '127.0.0.1',
    publicUrl,
    trustedProxies: listOf(env.TRUSTED_PROXIES),
    databaseUrl: env.DATABASE_URL || undefined,
    databasePoolSize: numberOf(env, 'DATABASE_POOL_SIZE', 10, 1, 200),
    databasePrepare: env.DATABASE_PREPARE !== 'false',
    dataFolder: resolve(env.FOYER_DATA ?? 'data'),
    keyEncryptionKeys: keysOf(env),
    egressAllow: env.FOYER_EGRESS_ALLOW ?? '',
    egressCaFile: env.FOYER_EGRESS_CA || undefined,
    logLevel: levelOf(env),
    smtpUrl: smtpUrlOf(env),
    mailFrom: env.MAIL_FROM || `foyer@${publicUrl.hostname}`,
    consoleFolder: fileURLToPath(new URL('../../../../backoffice/dist', import.meta.url)),
    consolePath: consolePathOf(env),
    backofficeFolder: env.BACKOFFICE_FOLDER ? resolve(env.BACKOFFICE_FOLDER) : undefined,
    signInStartsPerMinute: numberOf(env, 'SIGN_IN_STARTS', 600, 0, 1_000_000),
    legacyTokenIssuer: env.FOYER_TOKEN_ISSUER || undefined,
    stopTimeoutSeconds: numberOf(env, 'STOP_TIMEOUT', 30, 1, 600),
    // An embedded store has one process: nobody could take over.
    stopDelaySeconds: numberOf(env, 'STOP_DELAY', env.DATABASE_URL ? 2 : 0, 0, 600),
  };
};

export const keyFileOf = (config: Config): string => join(config.dataFolder, 'keys');

const numberOf = (env: Env, name: string, fallback: number, min: number, max: number): number => {
  const raw = env[name];
  if (raw === undefined || raw === '') return fallback;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${raw}".`);
  }
  return value;
};

const listOf = (raw: string | undefined): string[] =>
  (raw ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const publicUrlOf = (env: Env, port: number): URL => {
  const raw = env.PUBLIC_URL ?? `http://localhost:${port}`;
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    throw new ConfigError(
      `PUBLIC_URL must be an absolute URL such as https://sign-in.example.com, not "${raw}".`,
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ConfigError(`PUBLIC_URL must begin with https:// or http://, not "${url.protocol}".`);
  }
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigError(
      'PUBLIC_URL must be scheme, host and port only: Foyer is served from the root of each host.',
    );
  }
  return url;
};

/** The message does not quote the value: there may be a password in it. */
const smtpUrlOf = (env: Env): string | undefined => {
  if (!env.SMTP_URL) return undefined;
  const url = URL.parse(env.SMTP_URL);
  if (!url?.hostname || !['smtp:', 'smtps:'].includes(url.protocol)) {
    throw new ConfigError(
      'SMTP_URL must be smtp://host:port or smtps://host:port, with user and password if needed.',
    );
  }
  return env.SMTP_URL;
};

const keysOf = (env: Env): string | undefined => {
  if (env.FOYER_KEYS) return env.FOYER_KEYS;
  const file = env.FOYER_KEYS_FILE;
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new ConfigError(`FOYER_KEYS_FILE ${file} cannot be read.`, { cause });
  }
};

/** Paths that are something else already. */
const takenPaths = ['auth', 'api', 'login', 'account', 'setup', 'device', 'docs', 'healthz', 'readyz'];

const consolePathOf = (env: Env): string => {
  const raw = env.BACKOFFICE_PATH ?? (env.BACKOFFICE_FOLDER ? '/console/' : '/backoffice/');
  const segment = /^\/?([a-z0-9][a-z0-9-]*)\/?$/.exec(raw)?.[1];
  if (segment === undefined || takenPaths.includes(segment)) {
    throw new ConfigError(
      `BACKOFFICE_PATH must be one segment that is not taken, such as /console/, not "${raw}".`,
    );
  }
  if (segment === 'backoffice' && env.BACKOFFICE_FOLDER) {
    throw new ConfigError(
      'BACKOFFICE_PATH must not be /backoffice/ when BACKOFFICE_FOLDER is set: that console is there.',
    );
  }
  return `/${segment}/`;
};

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const levelOf = (env: Env): string => {
  const level = env.LOG_LEVEL ?? 'info';
  if (!levels.includes(level)) throw new ConfigError(`LOG_LEVEL must be one of ${levels.join(', ')}.`);
  return level;
};
