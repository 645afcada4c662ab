import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is the wanted one; answers after how many milliseconds.
 *
 * @throws {Error} with the last answer when the time is over.
 */
export const eventually = async <T>(
  withinMs: number,
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
): Promise<number> => {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    const tookMs = performance.now() - startedAt;
    if (isWanted(answer)) return tookMs;
    if (tookMs > withinMs) throw new Error(`after ${Math.round(tookMs)} ms still ${JSON.stringify(answer)}`);
    await sleep(20);
  }
};
