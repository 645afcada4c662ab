/**
 * @module The provider's tokens of people, kept fresh (R-15, S-48). Who may have one is for the callers to decide.
 *
 * A token with time left is handed out as it is; otherwise it is renewed (`refresh-grant.ts`), once for all who ask
 * at the same time in this process. While renewing fails for a reason that may pass, the old token serves as long as it
 * lives; an expired one is never handed out.
 */
import { LRUCache } from 'lru-cache';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { DomainCache } from '#model/domains/domain-cache.ts';
import { isFresh, type Lifetime, type StoredGrant, secondsLeft } from '#model/upstream-grants/grant.ts';
import {
  deleteGrantsOfUser,
  findGrant,
  findGrantOfUser,
  openGrantToken,
} from '#model/upstream-grants/grant-store.ts';
import type { GrantKey } from '#model/upstream-grants/seal-grant.ts';
import {
  consentNeeded,
  noRefreshToken,
  type RefreshDeps,
  refreshGrant,
  sourceDisabled,
} from './refresh-grant.ts';

export interface TokenKeeperDeps extends RefreshDeps {
  domains: Pick<DomainCache, 'byId'>;
}

/** Whose token: an identity's, or that of the identity which a person used last (at one source). */
export type TokenOwner =
  | { sourceId: SourceId; issuer: string; subject: string }
  | { userId: UserId; sourceId?: SourceId };

export interface TokenWish {
  /** Default 300. */
  minSecondsLeft?: number;
  /** A token that the provider's API answered 401 to: the answer is another one (S-148). */
  refusedToken?: string;
}

export interface UpstreamToken {
  token: string;
  /** Absent: does not expire. */
  expiresAt?: Date;
  scope: string;
  sourceId: SourceId;
}

export interface TokenKeeper {
  /**
   * @throws {FoyerError} `not_found` when none is stored, `needs_consent` when the person has to sign in again,
   * `source_unavailable` when the source is disabled or its provider down, and other upstream codes worth a retry
   */
  getToken(domainId: DomainId, owner: TokenOwner, wish?: TokenWish): Promise<UpstreamToken>;
  /**
   * The token that PlaceOS calls `resource_token`: of `sourceId`, else of the source that the domain's internals name as
   * `oauth-strategy`, else of the identity used last.
   * @throws {FoyerError} as `getToken`; `not_found` also when it has expired and nothing could renew it
   */
  getResourceToken(
    domainId: DomainId,
    userId: UserId,
    options?: { sourceId?: SourceId },
  ): Promise<{ token: string; expires?: Date }>;
  forgetTokens(domainId: DomainId, userId: UserId): Promise<void>;
  /** Renews what was asked for lately and expires soon, a few at a time; never throws. */
  refreshAhead(options?: { withinSeconds?: number; atMost?: number }): Promise<void>;
  /** Waits for renewals under way: their answers exist nowhere else yet. */
  close(): Promise<void>;
}

const defaultMinSecondsLeft = 300;
/** What is left of an old token that may still be handed out while renewing fails (contract §3.6). */
const lastSeconds = 15;
const recentUseMs = 3_600_000;

interface RecentUse extends Lifetime {
  key: GrantKey;
  version: number;
  usedAtMs: number;
}

export const createTokenKeeper = (deps: TokenKeeperDeps): TokenKeeper => {
  const { db, keyring, clock } = deps;
  const renewals = new Map<string, Promise<StoredGrant>>();
  const recent = new LRUCache<string, RecentUse>({ max: 10_000 });
  const nameOf = (key: GrantKey): string => JSON.stringify(Object.values(key));

  const renewOnce = ({ key, version }: Pick<StoredGrant, 'key' | 'version'>): Promise<StoredGrant> => {
    const name = `${nameOf(key)} ${version}`;
    let renewal = renewals.get(name);
    if (!renewal) {
      renewal = refreshGrant(deps, key, version).finally(() => renewals.delete(name));
      renewals.set(name, renewal);
    }
    return renewal;
  };

  const find = (domainId: DomainId, owner: TokenOwner): Promise<StoredGrant | undefined> => {
    if ('userId' in owner) return findGrantOfUser(db, domainId, owner.userId, owner.sourceId);
    const { sourceId, issuer, subject } = owner;
    return findGrant(db, { domainId, sourceId, issuer, subject });
  };

  const openAccessToken = async (grant: StoredGrant): Promise<string | undefined> =>
    grant.accessTokenSealed && openGrantToken(keyring, grant.key, 'access', grant.accessTokenSealed);

  const handOut = (grant: StoredGrant, token: string): UpstreamToken => {
    const { key, version, expiresAt, refreshedAt, readAt, scope } = grant;
    if (expiresAt && grant.refreshTokenSealed) {
      recent.set(nameOf(key), { key, version, expiresAt, refreshedAt, readAt, usedAtMs: clock.nowMs() });
    }
    return { token, ...(expiresAt && { expiresAt }), scope, sourceId: key.sourceId };
  };

  const renewed = async (grant: StoredGrant): Promise<UpstreamToken> => {
    const next = await renewOnce(grant);
    const token = await openAccessToken(next);
    if (token !== undefined && secondsLeft(next, clock.now()) > 0) return handOut(next, token);
    throw new FoyerError('upstream_invalid', { detail: 'the provider gave a token that is over already' });
  };

  const getToken: TokenKeeper['getToken'] = async (domainId, owner, wish = {}) => {
    const { minSecondsLeft = defaultMinSecondsLeft, refusedToken } = wish;
    const grant = await find(domainId, owner);
    if (!grant) throw new FoyerError('not_found', { detail: 'no tokens of the provider are stored' });
    if (!grant.source.enabled) throw sourceDisabled();
    if (grant.state === 'needs_consent') throw consentNeeded(grant.refusal);
    const stored = await openAccessToken(grant);
    const token = stored === refusedToken ? undefined : stored;
    if (token !== undefined && isFresh(grant, clock.now(), minSecondsLeft)) return handOut(grant, token);
    try {
      if (!grant.refreshTokenSealed) throw consentNeeded(noRefreshToken(clock));
      return await renewed(grant);
    } catch (error) {
      const isOver = token === undefined || secondsLeft(grant, clock.now()) < lastSeconds;
      if (isOver || isFinal(error)) throw error;
      return handOut(grant, token);
    }
  };

  return {
    getToken,
    async getResourceToken(domainId, userId, options = {}) {
      const sourceId = options.sourceId ?? (await namedSource(deps, domainId));
      const owner = sourceId === undefined ? { userId } : { userId, sourceId };
      try {
        const { token, expiresAt } = await getToken(domainId, owner);
        return { token, ...(expiresAt && { expires: expiresAt }) };
      } catch (error) {
        if (!isFoyerError(error, 'needs_consent') || error.evidence?.error !== 'no_refresh_token')
          throw error;
        throw new FoyerError('not_found', { cause: error, detail: 'the token has expired' });
      }
    },
    forgetTokens: (domainId, userId) => deleteGrantsOfUser(db, domainId, userId),
    async refreshAhead({ withinSeconds = 600, atMost = 50 } = {}) {
      const now = clock.now();
      const due: [string, RecentUse][] = [];
      for (const [name, use] of [...recent.entries()]) {
        if (now.getTime() - use.usedAtMs > recentUseMs) recent.delete(name);
        else if (!isFresh(use, now, withinSeconds)) due.push([name, use]);
      }
      for (const [name, use] of due.slice(0, atMost)) {
        try {
          const { version, expiresAt, refreshedAt, readAt } = await renewOnce(use);
          recent.set(name, { ...use, version, expiresAt, refreshedAt, readAt });
        } catch {
          // Whoever asks next hears why; until then it is left alone.
          recent.delete(name);
        }
      }
    },
    async close() {
      await Promise.allSettled(renewals.values());
    },
  };
};

const hasNoRefreshToken = (error: unknown): boolean =>
  isFoyerError(error, 'needs_consent') && error.evidence?.error === 'no_refresh_token';

/** The provider, or the person, ended it; nothing that is left may be used. */
const isFinal = (error: unknown): boolean =>
  isFoyerError(error, 'not_found') || (isFoyerError(error, 'needs_consent') && !hasNoRefreshToken(error));

const namedSource = async (
  { domains }: TokenKeeperDeps,
  domainId: DomainId,
): Promise<SourceId | undefined> => {
  const named = (await domains.byId(domainId))?.internals['oauth-strategy'];
  return typeof named === 'string' && named !== '' ? (named as SourceId) : undefined;
};
