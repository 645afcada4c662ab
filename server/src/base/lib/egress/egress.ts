/**
 * @module The one way out (security S-101 to S-110, R-05): every request that Foyer makes to another server, to an
 * address that an administrator typed or a provider sent.
 *
 * A request goes: the URL is judged (`judge-url.ts`) → its origin's circuit and bounds (`origin.ts`) → a connection,
 * whose addresses are judged when it is made (`connect.ts`) → limits on time and size while the answer comes
 * (`exchange.ts`) → decompressed and checked (`read-answer.ts`). Redirects are never followed.
 * Nothing else in the server may open a connection; a test looks for it.
 */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { EgressPolicy, EgressRule } from './egress-rules.ts';
import type { RawAnswer } from './exchange.ts';
import { judgeUrl, type UrlJudgement, type UrlRefusal } from './judge-url.ts';
import { Origin, type OriginOptions } from './origin.ts';
import { type Accept, type EgressResponse, readAnswer } from './read-answer.ts';
import { createSystemResolver, type ResolveHost } from './resolve-host.ts';

export type { EgressResponse } from './read-answer.ts';

export interface EgressOptions {
  clock: Clock;
  /** The operator's allow-list, see `parseEgressRules`. */
  allow: readonly EgressRule[];
  /** Certificates (PEM) to trust beside the usual ones. */
  ca?: string;
  /** Ports that https may use anywhere. Default 443 and 8443. */
  ports?: readonly number[];
  /** For look-up, TCP and TLS together. Default 5,000. */
  connectTimeoutMs?: number;
  /** From the call to the last byte. Default 10,000. */
  totalTimeoutMs?: number;
  /** Of a body, before and after decompression. Default 1 MiB. */
  maxBytes?: number;
  /** How long an open circuit refuses before one request may try. Default 30,000. */
  circuitOpenMs?: number;
  /** Requests under way at once, for each origin. Default 64. */
  maxActive?: number;
  /** Requests that wait for a connection, for each origin. Default 512. */
  maxWaiting?: number;
  /** Tests only: answers instead of the system's resolver. */
  resolve?: ResolveHost;
  /** Tests only: `host:port` → where it really is; the certificate must still be that of the host. */
  hostMap?: Readonly<Record<string, { address: string; port: number }>>;
}

export interface EgressRequest {
  url: string | URL;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Default `json`. */
  accept?: Accept;
  /** What the request is for (`token`, `profile`): repeated in the evidence of a failure. */
  step?: string;
  signal?: AbortSignal;
}

export interface EgressStats {
  origins: number;
  active: number;
  waiting: number;
  circuitsOpen: number;
}

export interface Egress {
  /**
   * Sends one request and reads its answer. A status from 400 on is an answer like any other.
   * `detail` and `evidence` of an error say what happened without a word of the other server.
   * @throws {FoyerError} egress_denied, upstream_unreachable, upstream_timeout, upstream_invalid, bad_profile
   */
  request(request: EgressRequest): Promise<EgressResponse>;
  /**
   * Parses a URL that is about to be stored; store what it returns, not what was typed (S-103). Without a look-up:
   * where a name leads is judged at every connection.
   * @throws {FoyerError} validation_failed when it is no absolute http(s) URL, egress_denied when it may not be used
   */
  checkUrl(rawUrl: string): URL;
  stats(): EgressStats;
  /** Lets requests under way end (bounded by the total time) and closes all connections. */
  close(): Promise<void>;
}

// Beyond this the origin used least recently loses its connections and its circuit.
const maxOrigins = 256;

// The addresses of sources come again with every sign-in; ones with a query are not kept, they may hold a code.
const maxJudgements = 1_000;

const deniedUrl = (reason: UrlRefusal): FoyerError =>
  new FoyerError('egress_denied', { detail: `url not allowed: ${reason}`, evidence: { reason } });

/** The certificates are read when first needed: a server without https upstreams need not pay for it. */
const lazySecureContext = (ca: string | undefined): (() => SecureContext) => {
  let context: SecureContext | undefined;
  return () => {
    context ??= createSecureContext(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] });
    return context;
  };
};

const acceptHeader: Readonly<Record<Accept, string>> = {
  json: 'application/json',
  profile: 'application/json',
  any: '*/*',
};

/** Builds the way out. One for the process; close it last. */
export const createEgress = (options: EgressOptions): Egress => {
  const policy: EgressPolicy = { allow: options.allow, ports: new Set(options.ports ?? [443, 8443]) };
  const originOptions: OriginOptions = {
    clock: options.clock,
    policy,
    resolve: options.resolve ?? createSystemResolver(),
    hostMap: options.hostMap ?? {},
    secureContext: lazySecureContext(options.ca),
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    totalTimeoutMs: options.totalTimeoutMs ?? 10_000,
    maxBytes: options.maxBytes ?? 1024 * 1024,
    maxHeaders: 128,
    maxHeaderBytes: 16 * 1024,
    maxActive: options.maxActive ?? 64,
    maxWaiting: options.maxWaiting ?? 512,
    circuitFailures: 5,
    circuitOpenMs: options.circuitOpenMs ?? 30_000,
  };
  const closing = new Set<Promise<void>>();
  const retire = (origin: Origin): void => {
    const closed = origin.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const origins = new LRUCache<string, Origin>({ max: maxOrigins, dispose: retire });
  const judgements = new LRUCache<string, UrlJudgement>({ max: maxJudgements });
  let isClosed = false;

  const judge = (rawUrl: string): UrlJudgement => {
    const known = judgements.get(rawUrl);
    if (known !== undefined) return known;
    const judged = judgeUrl(policy, rawUrl);
    if (!rawUrl.includes('?')) judgements.set(rawUrl, judged);
    return judged;
  };

  const originOf = (url: URL, to: ConstructorParameters<typeof Origin>[1]): Origin => {
    const key = url.origin;
    let origin = origins.get(key);
    if (origin === undefined) {
      origin = new Origin(originOptions, to, url);
      origins.set(key, origin);
    }
    return origin;
  };

  const send = async (request: EgressRequest): Promise<RawAnswer> => {
    const judged = judge(typeof request.url === 'string' ? request.url : request.url.href);
    if (!judged.ok) throw deniedUrl(judged.reason);
    if (isClosed) throw new FoyerError('upstream_unreachable', { detail: 'closed' });
    if (request.signal?.aborted) {
      throw new FoyerError('upstream_timeout', { detail: 'given up by the caller' });
    }
    const { url, to } = judged;
    return originOf(url, to).send(
      {
        path: url.pathname + url.search,
        method: request.method,
        headers: {
          accept: acceptHeader[request.accept ?? 'json'],
          'user-agent': 'Foyer',
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: request.body }),
      },
      request,
    );
  };

  return {
    async request(request) {
      const accept = request.accept ?? 'json';
      try {
        const raw = await send(request);
        return await readAnswer(raw, { accept, maxBytes: originOptions.maxBytes, step: request.step });
      } catch (error) {
        // A profile that is too large is the provider's statement about a person, not an outage (S-25).
        if (accept === 'profile' && isFoyerError(error, 'upstream_invalid') && error.detail === 'too large') {
          throw new FoyerError('bad_profile', { detail: 'too large', evidence: { ...error.evidence } });
        }
        throw error;
      }
    },
    checkUrl(rawUrl) {
      const judged = judge(rawUrl);
      if (judged.ok) return new URL(judged.url);
      if (judged.reason !== 'malformed') throw deniedUrl(judged.reason);
      throw new FoyerError('validation_failed', {
        detail: 'not an absolute http(s) URL',
        evidence: { reason: judged.reason },
      });
    },
    stats() {
      const stats: EgressStats = { origins: origins.size, active: 0, waiting: 0, circuitsOpen: 0 };
      for (const origin of origins.values()) {
        stats.active += origin.active;
        stats.waiting += origin.waiting;
        if (origin.isCircuitOpen) stats.circuitsOpen++;
      }
      return stats;
    },
    async close() {
      isClosed = true;
      origins.clear();
      await Promise.all(closing);
    },
  };
};
