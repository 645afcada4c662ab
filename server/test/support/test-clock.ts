import type { Clock } from '#base/lib/clock.ts';

/** A clock that goes with the system's until a test moves it. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export const createTestClock = (): TestClock => {
  let offsetMs = 0;
  const nowMs = (): number => Date.now() + offsetMs;
  return {
    nowMs,
    now: () => new Date(nowMs()),
    advance(ms) {
      offsetMs += ms;
    },
  };
};
