/** How far the sign-ins of a source come, and what stops them. */
import type { FunnelView } from '@foyer/contract/attempts.ts';
import { type Clock, unixSeconds } from '#base/lib/clock.ts';
import type { Language } from '#base/lib/language.ts';
import { quantileMs } from '#model/attempts/duration-buckets.ts';
import {
  type CountedError,
  countErrors,
  type HourCounts,
  listHourCounts,
} from '#model/attempts/funnel-store.ts';
import type { Source } from '#model/sources/source.ts';
import { diagnose } from '#upstream/diagnosis/diagnosis.ts';
import { type Deps, evidenceOf } from './read-attempts.ts';

const hourMs = 3_600_000;
const maxErrors = 10;

/** @param hours that many, the present one included */
export const readFunnel = async (
  { db, clock, recorder }: Deps & { clock: Clock },
  { domainId, id }: Pick<Source, 'domainId' | 'id'>,
  hours: number,
  language: Language,
): Promise<FunnelView> => {
  await recorder.flush();
  const since = new Date((Math.floor(clock.nowMs() / hourMs) - (hours - 1)) * hourMs);
  const counted = await listHourCounts(db, domainId, id, since);
  const errors = await countErrors(db, domainId, id, since);
  const total = (name: 'started' | 'returned' | 'token' | 'profile' | 'signedIn'): number =>
    counted.reduce((sum, hour) => sum + hour[name], 0);
  const durations = addUp(counted);
  const p50 = quantileMs(durations, 0.5);
  const p95 = quantileMs(durations, 0.95);
  return {
    hours,
    stages: [
      { stage: 'started', count: total('started') },
      { stage: 'returned', count: total('returned') },
      { stage: 'token', count: total('token') },
      { stage: 'profile', count: total('profile') },
      { stage: 'signed_in', count: total('signedIn') },
    ],
    ...(p50 !== undefined && { p50_ms: p50 }),
    ...(p95 !== undefined && { p95_ms: p95 }),
    series: counted.map(({ hour, started, signedIn, denied }) => ({
      hour: unixSeconds(hour),
      started,
      ok: signedIn,
      denied,
    })),
    top_errors: topErrors(errors, language),
  };
};

const addUp = (counted: readonly HourCounts[]): number[] => {
  const sums: number[] = [];
  for (const { durations } of counted) for (const [i, n] of durations.entries()) sums[i] = (sums[i] ?? 0) + n;
  return sums;
};

/** Evidence differs in small things; what the catalogue calls by one title is one cause. */
const topErrors = (errors: readonly CountedError[], language: Language): FunnelView['top_errors'] => {
  const byCause = new Map<string, FunnelView['top_errors'][number]>();
  for (const error of errors) {
    const { reason, count, lastId } = error;
    const { title } = diagnose(evidenceOf(error), language);
    const lastAt = unixSeconds(error.lastAt);
    const key = `${reason}\n${title}`;
    const known = byCause.get(key);
    if (!known) byCause.set(key, { reason, title, count, last_id: lastId, last_at: lastAt });
    else {
      known.count += count;
      if (lastAt > known.last_at) Object.assign(known, { last_id: lastId, last_at: lastAt });
    }
  }
  return [...byCause.values()].sort((a, b) => b.count - a.count).slice(0, maxErrors);
};
