/**
 * @module What the server does unasked, about every minute and on every node: it deletes what has expired, retires
 * signing keys, renews tokens of providers ahead of time, and warns before a secret ends. Nothing depends on it; a failure is logged, and the next
 * run does the work.
 */
import type { Logger } from 'pino';
import type { Clock } from '#base/lib/clock.ts';
import { installationDomain } from '#model/audit/audit.ts';
import type { Changes } from '#model/changes.ts';
import { retireSigningKeys } from '#model/keys/retire-signing-keys.ts';
import type { Db } from '#model/tables.ts';
import { purgeExpired } from './purge-expired.ts';
import { type RemindDeps, remindOfSecrets } from './remind-of-secrets.ts';

export interface UpkeepDeps extends RemindDeps {
  db: Db;
  clock: Clock;
  log: Pick<Logger, 'warn' | 'debug'>;
  changes: Pick<Changes, 'announce'>;
  keeper: { refreshAhead(): Promise<void> };
}

export interface Upkeep {
  /** Starts no new run and waits for the present one. */
  stop(): Promise<void>;
}

const thoroughEveryMs = 3_600_000;
const remindEveryMs = 3_600_000;

export const startUpkeep = (deps: UpkeepDeps, { everyMs = 60_000 } = {}): Upkeep => {
  let thoroughAtMs = deps.clock.nowMs() + thoroughEveryMs;
  let remindAtMs = 0;
  let present: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const run = async (): Promise<void> => {
    const thorough = deps.clock.nowMs() >= thoroughAtMs;
    if (thorough) thoroughAtMs = deps.clock.nowMs() + thoroughEveryMs;
    await attempt(deps, 'purge', () => purgeExpired(deps, { thorough }));
    await attempt(deps, 'signing keys', () => retireKeys(deps));
    await attempt(deps, 'refresh ahead', () => deps.keeper.refreshAhead());
    if (deps.clock.nowMs() < remindAtMs) return;
    remindAtMs = deps.clock.nowMs() + remindEveryMs;
    await attempt(deps, 'reminders', () => remindOfSecrets(deps));
  };
  const schedule = (): void => {
    if (isStopped) return;
    // Spread, so that nodes started together do not work together.
    timer = setTimeout(
      () => {
        present = run().finally(schedule);
      },
      everyMs * (0.75 + Math.random() / 2),
    );
    timer.unref();
  };
  schedule();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await present;
    },
  };
};

const attempt = async (deps: UpkeepDeps, task: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    deps.log.debug({ task, done: await work() }, 'upkeep');
  } catch (error) {
    deps.log.warn({ err: error, task }, 'upkeep failed; the next run tries again');
  }
};

/** @see retireSigningKeys */
export const retireKeys = async (deps: Pick<UpkeepDeps, 'db' | 'changes'>): Promise<string[]> => {
  const retired = await retireSigningKeys(deps.db);
  if (retired.length > 0) await deps.changes.announce({ kind: 'keys', domainId: installationDomain });
  return retired;
};
