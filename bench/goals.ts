/**
 * @module The goals for speed, as ratios where machines differ, and whether a run meets them.
 */
import { median } from './lib/stats.ts';
import type { Mode, Results } from './lib/types.ts';

export interface Verdict {
  goal: string;
  /** What was measured against what, with units; undefined when something was not measured. */
  measured: number | undefined;
  unit: '×' | 'MiB' | 's' | 'statements';
  bound: { atLeast: number } | { atMost: number };
  met: boolean | undefined;
}

type Goal = Omit<Verdict, 'measured' | 'met'> & { measure(results: Results): number | undefined };

/** Noise that a ratio which should be 1 may have. */
const GROWTH_NOISE = 1.1;

function serverCpu(results: Results, target: string, mode: Mode): number | undefined {
  return median(results.runs.filter((r) => r.target === target && r.mode === mode).map((r) => r.cpu?.server));
}

function ratio(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined || below === 0 ? undefined : above / below;
}

const cheaperThan = (peer: string, mode: Mode, goal: string, atLeast: number): Goal => ({
  goal,
  unit: '×',
  bound: { atLeast },
  measure: (r) => ratio(serverCpu(r, peer, mode), serverCpu(r, 'foyer', mode)),
});

const ofFloor = (mode: Mode, goal: string, atMost: number, foyer = 'foyer', floor = 'floor'): Goal => ({
  goal,
  unit: '×',
  bound: { atMost },
  measure: (r) => ratio(serverCpu(r, foyer, mode), serverCpu(r, floor, mode)),
});

const statements = (mode: Mode, goal: string, atMost: number): Goal => ({
  goal,
  unit: 'statements',
  bound: { atMost },
  measure: (r) => r.statements.find((s) => s.target === 'foyer' && s.mode === mode)?.perOperation,
});

/** The highest resident memory of a process so far, so the last reading of a repetition; passwords apart. */
const peakMemory = (target: string, goal: string, atMost: number): Goal => ({
  goal,
  unit: 'MiB',
  bound: { atMost },
  measure(r) {
    const peaks = new Map<number, number>();
    for (const { target: name, mode, repetition, memory } of r.runs) {
      if (name === target && memory && mode !== 'session-busy') {
        peaks.set(repetition, Math.max(peaks.get(repetition) ?? 0, memory.peakMiB));
      }
    }
    return median([...peaks.values()]);
  },
});

const startUp = (target: string, on: 'empty' | 'existing', goal: string, atMost: number): Goal => ({
  goal,
  unit: 's',
  bound: { atMost },
  measure(r) {
    const found = r.startUps.filter((s) => s.target === target && s.on === on).map((s) => s.milliseconds);
    return ratio(median(found), 1000);
  },
});

const busySessions = (target: string, goal: string, atMost: number): Goal => ({
  goal,
  unit: '×',
  bound: { atMost },
  measure(r) {
    const p99 = (mode: Mode) =>
      median(r.runs.filter((run) => run.target === target && run.mode === mode).map((run) => run.p99));
    return ratio(p99('session-busy'), p99('session'));
  },
});

/** The largest count against the smallest. */
const growth = (question: 'domains' | 'users', mode: Mode, goal: string): Goal => ({
  goal,
  unit: '×',
  bound: { atMost: GROWTH_NOISE },
  measure(r) {
    const counts = [...new Set(r.growth.filter((g) => g.question === question).map((g) => g.count))];
    counts.sort((a, b) => a - b);
    const cost = (count: number | undefined) =>
      median(
        r.growth
          .filter((g) => g.question === question && g.count === count && g.mode === mode)
          .map((g) => g.cpu?.server),
      );
    return counts.length < 2 ? undefined : ratio(cost(counts.at(-1)), cost(counts[0]));
  },
});

const goals: readonly Goal[] = [
  cheaperThan('fastify-oauth2', 'signin-new', 'New sign-in: @fastify/oauth2 costs', 2),
  cheaperThan('fastify-oauth2', 'signin-returning', 'Returning sign-in: @fastify/oauth2 costs', 2),
  cheaperThan('better-auth', 'signin-new', 'New sign-in: better-auth costs', 15),
  cheaperThan('better-auth', 'signin-returning', 'Returning sign-in: better-auth costs', 15),
  ofFloor('signin-new', 'New sign-in against the floor', 2),
  ofFloor('signin-returning', 'Returning sign-in against the floor', 2),
  statements('signin-new', 'Round trips to the database in a new sign-in', 2),
  statements('signin-returning', 'Round trips to the database in a returning sign-in', 2),
  ofFloor('session', 'Session check against the floor', 1.5),
  cheaperThan('oidc-provider', 'code', 'Code to token: oidc-provider costs', 1.3),
  cheaperThan('oidc-provider', 'refresh', 'Refresh: oidc-provider costs', 1.2),
  cheaperThan('oidc-provider-opaque', 'introspect', 'Introspection: oidc-provider costs', 2),
  peakMemory('foyer', 'Highest memory under load, passwords apart', 160),
  startUp('foyer', 'existing', 'Start to first answer', 0.6),
  ofFloor('signin-new', 'PGlite: new sign-in against its floor', 1.6, 'foyer-pglite', 'floor-pglite'),
  ofFloor(
    'signin-returning',
    'PGlite: returning sign-in against its floor',
    1.6,
    'foyer-pglite',
    'floor-pglite',
  ),
  peakMemory('foyer-pglite', 'PGlite: highest memory on an existing folder, passwords apart', 300),
  startUp('foyer-pglite', 'existing', 'PGlite: start to first answer, existing folder', 1.2),
  startUp('foyer-pglite', 'empty', 'PGlite: start to first answer, empty folder', 4),
  busySessions('foyer', 'p99 of session checks during four password sign-ins, against without', 3),
  growth('domains', 'signin-new', 'New sign-in with most domains against one'),
  growth('domains', 'signin-returning', 'Returning sign-in with most domains against one'),
  growth('users', 'signin-new', 'New sign-in with most user rows against fewest'),
  growth('users', 'signin-returning', 'Returning sign-in with most user rows against fewest'),
];

/** Judges a run; medians over its repetitions are compared. */
export function judge(results: Results): Verdict[] {
  return goals.map(({ measure, ...goal }) => {
    const measured = measure(results);
    const met =
      measured === undefined
        ? undefined
        : 'atLeast' in goal.bound
          ? measured >= goal.bound.atLeast
          : measured <= goal.bound.atMost;
    return { ...goal, measured, met };
  });
}
