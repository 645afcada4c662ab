/**
 * @module Renewing the tokens of one identity at its own source: one process at a time, over all nodes (R-15, S-48).
 *
 * lease taken (one update decides who) → provider asked → tokens written, or the refusal with its audit row. Everybody
 * else waits and reads what came out. A lease that ran out without an outcome means that a process died between the
 * provider's answer and our write; a provider that lets a refresh token be used once will then refuse the old one.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/lib/clock.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import { newUuid } from '#base/lib/ids.ts';
import { type Actor, writeAudit } from '#model/audit/audit.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import type { SourceCache } from '#model/sources/source-cache.ts';
import type { Db } from '#model/tables.ts';
import type { Refusal, StoredGrant } from '#model/upstream-grants/grant.ts';
import {
  findGrant,
  openGrantToken,
  refuseGrant,
  releaseLease,
  replaceTokens,
  takeLease,
} from '#model/upstream-grants/grant-store.ts';
import { type GrantKey, sealTokens } from '#model/upstream-grants/seal-grant.ts';
import type { IdentitySource, UpstreamTokens } from '#upstream/identity/identity-source.ts';

export interface RefreshDeps {
  db: Db;
  keyring: Keyring;
  clock: Clock;
  sources: Pick<SourceCache<IdentitySource>, 'find' | 'forget'>;
}

/** Longer than a provider may take to answer. */
const waitForOthersMs = 15_000;
const pollMs = 100;
/** The provider's answer exists only here until it is written: a database that restarts is given some time. */
const writeDelaysMs = [100, 300, 900, 2_700, 5_000];

const keeper: Actor = { kind: 'system' };

/**
 * Answers the grant once it is newer than `seenVersion`, the version that the caller found not good enough.
 * @throws {FoyerError} `not_found` when it is gone, `needs_consent` when the provider wants the person, `unavailable`
 * when another process takes too long, and whatever the source says of a failure that may pass
 */
export const refreshGrant = async (
  deps: RefreshDeps,
  key: GrantKey,
  seenVersion: number,
): Promise<StoredGrant> => {
  const deadlineMs = deps.clock.nowMs() + waitForOthersMs;
  for (;;) {
    const grant = await findGrant(deps.db, key);
    if (!grant) throw new FoyerError('not_found', { detail: 'no tokens of the provider are stored' });
    if (grant.state === 'needs_consent') throw consentNeeded(grant.refusal);
    if (grant.version !== seenVersion) return grant;
    if (grant.lease && !grant.lease.isOver) {
      if (deps.clock.nowMs() >= deadlineMs) {
        throw new FoyerError('unavailable', { detail: 'another process is renewing the token' });
      }
      await wait(pollMs + Math.random() * pollMs);
    } else {
      await renew(deps, grant);
    }
  }
};

/** The person has to sign in again; `evidence` says why, in the provider's codes. */
export const consentNeeded = (refusal: Refusal | undefined): FoyerError =>
  new FoyerError('needs_consent', {
    detail: `the provider renews no tokens: ${refusal?.error ?? 'unknown'}`,
    evidence: {
      error: refusal?.error,
      suberror: refusal?.suberror,
      errorCodes: refusal?.codes ?? [],
      refusedAt: refusal?.at,
    },
  });

/** Tries to be the one who asks. Leaves the row changed, or throws, or finds that somebody else was faster. */
const renew = async (deps: RefreshDeps, grant: StoredGrant): Promise<void> => {
  const { refreshTokenSealed } = grant;
  if (!refreshTokenSealed) throw consentNeeded(noRefreshToken(deps.clock));
  // Before the lease: when the source moves to another host its grants are deleted, and then no lease is to be had.
  const refresh = await openRefresh(deps, grant);
  const refreshToken = await openGrantToken(deps.keyring, grant.key, 'refresh', refreshTokenSealed);
  const holder = newUuid();
  if (!(await begin(deps, grant, holder))) return;
  let tokens: UpstreamTokens;
  try {
    tokens = await refresh(refreshToken);
  } catch (error) {
    if (isFoyerError(error, 'needs_consent')) return recordRefusal(deps, grant, holder, error);
    // A lease that cannot be given back runs out.
    await releaseLease(deps.db, grant.key, holder).catch(() => {});
    throw error;
  }
  await keep(deps, grant, holder, refreshToken, tokens);
};

export const noRefreshToken = (clock: Clock): Refusal => ({
  error: 'no_refresh_token',
  codes: [],
  at: clock.now().toISOString(),
});

const openRefresh = async (
  { sources }: RefreshDeps,
  { key, source }: StoredGrant,
): Promise<NonNullable<IdentitySource['refresh']>> => {
  if (!source.enabled) throw sourceDisabled();
  let found = await sources.find(key.domainId, key.sourceId);
  if (found && found.source.version < source.version) {
    // Changed by another node, whose word has not arrived yet: the old host must not hear of this token (S-48).
    sources.forget(key.domainId, key.sourceId);
    found = await sources.find(key.domainId, key.sourceId);
  }
  if (!found?.opened.refresh) {
    throw new FoyerError('source_unavailable', { detail: 'the source cannot renew tokens' });
  }
  return found.opened.refresh.bind(found.opened);
};

export const sourceDisabled = (): FoyerError =>
  new FoyerError('source_unavailable', { detail: 'the source is disabled' });

const wasInterrupted = ({ lease }: StoredGrant): boolean => lease?.wasTakenAfterRefresh === true;

const begin = (deps: RefreshDeps, grant: StoredGrant, holder: string): Promise<boolean> => {
  if (!wasInterrupted(grant)) return takeLease(deps.db, grant, holder);
  return deps.db.transaction(async (tx) => {
    if (!(await takeLease(tx, grant, holder))) return false;
    await writeAudit(tx, grant.key.domainId, keeper, {
      action: 'upstream_token.refresh_interrupted',
      sourceId: grant.key.sourceId,
      target: grant.userId,
    });
    return true;
  });
};

const recordRefusal = async (
  deps: RefreshDeps,
  grant: StoredGrant,
  holder: string,
  { evidence }: FoyerError,
): Promise<void> => {
  const { suberror, errorCodes } = evidence ?? {};
  const refusal: Refusal = {
    error: typeof evidence?.error === 'string' ? evidence.error : 'unknown',
    ...(typeof suberror === 'string' && { suberror }),
    codes: Array.isArray(errorCodes) ? errorCodes.filter((code) => Number.isInteger(code)) : [],
    at: deps.clock.now().toISOString(),
  };
  await deps.db.transaction(async (tx) => {
    if (!(await refuseGrant(tx, grant.key, { version: grant.version, holder }, refusal))) return;
    await writeAudit(tx, grant.key.domainId, keeper, {
      action: 'upstream_token.refused',
      outcome: 'denied',
      reason: 'needs_consent',
      sourceId: grant.key.sourceId,
      target: grant.userId,
      detail: { error: refusal.error, codes: refusal.codes, after_interruption: wasInterrupted(grant) },
    });
  });
};

/**
 * Writes the new tokens. Overtaken by another process (our lease ran out), they are still the newest if the row holds
 * the refresh token that we used: it could be used once only, or its other answer is as good. Any other refresh token
 * in the row is newer than ours.
 */
const keep = async (
  deps: RefreshDeps,
  { key, version }: StoredGrant,
  holder: string,
  usedRefreshToken: string,
  tokens: UpstreamTokens,
): Promise<void> => {
  const { tokenType, scope, expiresAt } = tokens;
  const sealed = { ...(await sealTokens(deps.keyring, key, tokens)), tokenType, scope, expiresAt };
  await insist(async () => {
    if (await replaceTokens(deps.db, key, { version, holder }, sealed)) return;
    for (;;) {
      const present = await findGrant(deps.db, key);
      if (!present?.refreshTokenSealed) return;
      const theirs = await openGrantToken(deps.keyring, key, 'refresh', present.refreshTokenSealed);
      if (theirs !== usedRefreshToken) return;
      if (await replaceTokens(deps.db, key, { version: present.version }, sealed)) return;
    }
  });
};

const insist = async (write: () => Promise<void>): Promise<void> => {
  for (const delayMs of writeDelaysMs) {
    try {
      return await write();
    } catch (error) {
      if (isFoyerError(error)) throw error;
      await wait(delayMs);
    }
  }
  await write();
};
