/** Time since the run began, on the monotonic clock of this process: the `now` of everything live. */
import type { Millis } from '../core/units.ts';

export interface Clock {
  now(): Millis;
}

/** Starts at 0 now, or at `epoch`, an instant of `Date.now()` that several processes share. */
export const startClock = (epoch: number = Date.now()): Clock => {
  const origin = performance.now() - (Date.now() - epoch);
  return { now: () => performance.now() - origin };
};
