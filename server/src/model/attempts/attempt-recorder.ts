/**
 * The flight recorder's memory: attempts and counts wait here for at most a second. It is bounded: when the store does not
 * keep up, the oldest successful attempts are left out first, and counted. Nothing that fails here reaches a sign-in.
 */
import { sqlStateOf } from '#base/db/database.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { DomainId, SourceId } from '#base/lib/ids.ts';
import type { Db } from '#model/tables.ts';
import { type Attempt, keptForMs, reachedBy } from './attempt.ts';
import { bucketCount, bucketOf } from './duration-buckets.ts';
import { evidenceJson, stepsJson } from './step-json.ts';
import { type CountRow, writeAttempts, writeCounts } from './write-attempts.ts';

export interface AttemptRecorder {
  /** A sign-in begins. It is counted only: whoever begins many fills no table. */
  countStart(domainId: DomainId, sourceId: SourceId): void;
  /** @param secrets of this sign-in, e.g. its code; none of them is stored wherever they turn up. */
  record(attempt: Attempt, secrets?: readonly string[]): void;
  /** Attempts that there was no room for, since the start. */
  readonly dropped: number;
  /** Writes what has been collected. Never throws. */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  db: Db;
  clock: Clock;
  onError(error: unknown): void;
  /** Attempts in memory. */
  max?: number;
  flushEveryMs?: number;
}

interface Waiting {
  ok: boolean;
  json: string;
}

const hourMs = 3_600_000;
const weekAndADayMs = keptForMs + 24 * hourMs;
/** Few, so that the embedded store, which does one thing at a time, is soon free for the next sign-in. */
const batchSize = 50;
const complainEveryMs = 60_000;
const closeWithinMs = 3_000;
const minSecretLength = 8;

export const createAttemptRecorder = (options: RecorderOptions): AttemptRecorder => {
  const { db, clock, onError, max = 2_000, flushEveryMs = 1_000 } = options;
  const waiting: Waiting[] = [];
  let counts = new Map<string, CountRow>();
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let complainedAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> = Promise.resolve();

  const schedule = (): void => {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(() => void flush(), flushEveryMs);
    timer.unref();
  };

  /** The oldest successful ones go first: a failure is what somebody will look for. */
  const makeRoom = (): void => {
    const surplus = waiting.length - max;
    if (surplus <= 0) return;
    const oldest = waiting.findIndex(({ ok }) => ok);
    waiting.splice(Math.max(oldest, 0), 1);
    dropped++;
  };

  const countsOf = (domainId: string, sourceId: string, atMs: number): CountRow => {
    const hour = new Date(Math.floor(atMs / hourMs) * hourMs);
    const key = `${domainId}\n${sourceId}\n${hour.getTime()}`;
    let row = counts.get(key);
    if (!row) {
      row = {
        domain_id: domainId,
        source_id: sourceId,
        hour,
        ...{ started: 0, returned: 0, token: 0, profile: 0, signed_in: 0, denied: 0 },
        durations: new Array<number>(bucketCount).fill(0),
        last_ok_at: null,
        last_denied_at: null,
        expires_at: new Date(hour.getTime() + weekAndADayMs),
      };
      counts.set(key, row);
    }
    schedule();
    return row;
  };

  const count = (attempt: Attempt): void => {
    const { domainId, sourceId, endedAtMs, ownMs } = attempt;
    if (sourceId === undefined) return;
    const row = countsOf(domainId, sourceId, endedAtMs);
    const reached = reachedBy(attempt);
    row.returned += Number(reached.returned);
    row.token += Number(reached.token);
    row.profile += Number(reached.profile);
    row.signed_in += Number(reached.signedIn);
    row.denied += Number(!reached.signedIn);
    row[reached.signedIn ? 'last_ok_at' : 'last_denied_at'] = new Date(endedAtMs);
    if (ownMs !== undefined) {
      const bucket = bucketOf(ownMs);
      row.durations[bucket] = (row.durations[bucket] ?? 0) + 1;
    }
  };

  const complain = (error: unknown): void => {
    if (clock.nowMs() - complainedAtMs < complainEveryMs) return;
    complainedAtMs = clock.nowMs();
    onError(error);
  };

  /** A batch that the store refuses for what is in it is given up; any other failure may pass, so it waits. */
  const attemptBatch = async (): Promise<boolean> => {
    const batch = waiting.splice(0, batchSize);
    try {
      await retryOnce(() =>
        writeAttempts(
          db,
          batch.map(({ json }) => json),
        ),
      );
      return true;
    } catch (error) {
      complain(error);
      if (isRefused(error)) {
        dropped += batch.length;
        return true;
      }
      waiting.unshift(...batch);
      while (waiting.length > max) makeRoom();
      return false;
    }
  };

  const writeOwed = async (): Promise<void> => {
    while (waiting.length > 0) if (!(await attemptBatch())) break;
    if (counts.size === 0) return;
    const owed = counts;
    counts = new Map();
    try {
      await retryOnce(() => writeCounts(db, [...owed.values()]));
    } catch (error) {
      complain(error);
      if (!isRefused(error)) for (const [key, row] of owed) counts.set(key, addRows(row, counts.get(key)));
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    underWay = underWay.then(writeOwed).then(() => {
      if (waiting.length > 0 || counts.size > 0) schedule();
    });
    return underWay;
  };

  return {
    countStart(domainId, sourceId) {
      countsOf(domainId, sourceId, clock.nowMs()).started++;
    },
    record(attempt, secrets = []) {
      count(attempt);
      waiting.push({ ok: attempt.reason === undefined, json: rowJson(attempt, secrets) });
      makeRoom();
      schedule();
    },
    get dropped() {
      return dropped;
    },
    flush,
    async close() {
      isClosed = true;
      // A store that does not answer any more must not keep the process from ending.
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, closeWithinMs).unref());
      await Promise.race([flush(), deadline]);
    },
  };
};

const rowJson = (attempt: Attempt, allSecrets: readonly string[]): string => {
  const { domainId, id, sourceId, version, endedAtMs, durationMs, reason, userId, requestId } = attempt;
  const secrets = allSecrets.filter(({ length }) => length >= minSecretLength);
  const row = JSON.stringify({
    domain_id: domainId,
    id,
    source_id: sourceId,
    version,
    at: new Date(endedAtMs),
    duration_ms: Math.max(0, Math.round(durationMs)),
    outcome: reason === undefined ? 'ok' : 'denied',
    reason,
    user_id: userId,
    request_id: requestId,
    expires_at: new Date(endedAtMs + keptForMs),
  });
  const steps = stepsJson(attempt.steps, { withExchanges: reason !== undefined, secrets });
  const evidence = evidenceJson(attempt.evidence, secrets);
  return `${row.slice(0, -1)},"steps":${steps},"evidence":${evidence}}`;
};

const addRows = (row: CountRow, other: CountRow | undefined): CountRow => {
  if (!other) return row;
  for (const name of ['started', 'returned', 'token', 'profile', 'signed_in', 'denied'] as const) {
    row[name] += other[name];
  }
  row.durations = row.durations.map((n, i) => n + (other.durations[i] ?? 0));
  row.last_ok_at = other.last_ok_at ?? row.last_ok_at;
  row.last_denied_at = other.last_denied_at ?? row.last_denied_at;
  return row;
};

/** Data that cannot be stored (class 22) or breaks a rule (class 23), today and tomorrow. */
const isRefused = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');

/** 23503: the domain or source went while the statement ran; the second try leaves its rows out. */
const retryOnce = async (write: () => Promise<void>): Promise<void> => {
  try {
    await write();
  } catch (error) {
    if (sqlStateOf(error) !== '23503') throw error;
    await write();
  }
};
