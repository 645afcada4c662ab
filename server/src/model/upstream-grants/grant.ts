/** The stored tokens of one identity, and the rules about them that need no look-up. */
import type { UserId } from '#base/lib/ids.ts';
import type { GrantKey } from './seal-grant.ts';

/** Why a provider refused to renew; holds no secret. */
export interface Refusal {
  /** The provider's `error`, or ours when there was nothing to ask with. */
  error: string;
  suberror?: string;
  /** The provider's numbers, e.g. 65001 for AADSTS65001. */
  codes: readonly number[];
  /** ISO 8601. */
  at: string;
}

export interface StoredGrant {
  key: GrantKey;
  userId: UserId;
  state: 'live' | 'needs_consent';
  refusal: Refusal | undefined;
  accessTokenSealed: Buffer | undefined;
  refreshTokenSealed: Buffer | undefined;
  scope: string;
  /** Absent: the token does not expire. */
  expiresAt: Date | undefined;
  refreshedAt: Date;
  /** Raised by every change of the tokens. */
  version: number;
  /** Who renews the tokens now, or began to and never said how it ended. */
  lease: { by: string; isOver: boolean; wasTakenAfterRefresh: boolean } | undefined;
  source: { version: number; enabled: boolean };
  /** The database's time when the row was read. */
  readAt: Date;
}

/** When a token was made and ends, as far as that is known. */
export type Lifetime = Pick<StoredGrant, 'expiresAt' | 'refreshedAt' | 'readAt'>;

/**
 * Seconds until the access token expires; infinite when it does not. The later of the two clocks counts, so that one
 * that was set back revives nothing.
 */
export const secondsLeft = ({ expiresAt, readAt }: Omit<Lifetime, 'refreshedAt'>, now: Date): number =>
  expiresAt === undefined
    ? Number.POSITIVE_INFINITY
    : (expiresAt.getTime() - Math.max(now.getTime(), readAt.getTime())) / 1_000;

/** Whether it may be used for `minSecondsLeft` more or, if it was made for less than twice that, for half its life. */
export const isFresh = (token: Lifetime, now: Date, minSecondsLeft: number): boolean => {
  if (token.expiresAt === undefined) return true;
  const halfLife = (token.expiresAt.getTime() - token.refreshedAt.getTime()) / 2_000;
  const left = secondsLeft(token, now);
  return left > 0 && left >= Math.min(minSecondsLeft, halfLife);
};
