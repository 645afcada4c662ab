/**
 * @module A sign-in that met an account with the same e-mail address. Who it was is kept, sealed, in this browser for
 * ten minutes: after signing in the usual way, that person may connect the two (S-29, S-34).
 */
import type { Clock } from '#base/lib/clock.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import { randomToken } from '#base/lib/ids.ts';
import { openWith, type SealedPlace, type SecretKey, sealWith } from '#base/lib/secret-box.ts';

export interface PendingLink {
  /** Claimed like the state of a flow, so that a confirmation counts once. */
  id: string;
  userId: UserId;
  sourceId: SourceId;
  issuer: string;
  subject: string;
  /** As the source said; shown to the person. */
  email: string;
  createdAtMs: number;
}

export const pendingLinkSeconds = 600;

export const pendingLinkCookieName = (secure: boolean): string =>
  secure ? '__Host-foyer_link' : 'foyer_link';

const place = (domainId: DomainId): SealedPlace => ({
  domainId,
  table: 'cookie',
  column: 'pending_link',
  rowId: '',
});

export const sealPendingLink = (
  key: SecretKey,
  domainId: DomainId,
  link: Omit<PendingLink, 'id'>,
): string => {
  const pending: PendingLink = { ...link, id: randomToken(18) };
  return sealWith(key, 1, place(domainId), JSON.stringify(pending)).toString('base64url');
};

/** The pending link in a cookie's value, while it is fresh. */
export const openPendingLink = (
  key: SecretKey,
  domainId: DomainId,
  rawCookie: string | undefined,
  clock: Clock,
): PendingLink | undefined => {
  if (!rawCookie || rawCookie.length > 4_096) return undefined;
  try {
    const pending = JSON.parse(
      openWith(key, place(domainId), Buffer.from(rawCookie, 'base64url')),
    ) as PendingLink;
    const ageMs = clock.nowMs() - pending.createdAtMs;
    return ageMs >= -60_000 && ageMs <= pendingLinkSeconds * 1_000 ? pending : undefined;
  } catch (error) {
    if (isFoyerError(error, 'secret_unreadable')) return undefined;
    throw error;
  }
};
