/** The only source of the present; tests set it by hand. */
export interface Clock {
  now(): Date;
  /** Milliseconds since the epoch. */
  nowMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  nowMs: () => Date.now(),
};

export const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);
