/** Time since the run began, on the monotonic clock of this process: the `now` of everything live; and its timers. */
import type { Millis } from '../core/units.ts';

export interface Clock {
  now(): Millis;
}

/** Starts at 0 now, or at `epoch`, an instant of `Date.now()` that several processes share. */
export const startClock = (epoch: number = Date.now()): Clock => {
  const origin = performance.now() - (Date.now() - epoch);
  return { now: () => performance.now() - origin };
};

/** The longest delay that setTimeout takes, ms (31 bits): who waits for longer looks again then. */
export const LONGEST_TIMER: Millis = 2 ** 31 - 1;

/** Calls `ring` after `delay` ms, in whole ones and by a clock of Node's own: it may come a fraction of one too soon. */
export const startTimer = (delay: Millis, ring: () => void): NodeJS.Timeout =>
  setTimeout(ring, Math.min(Math.max(0, Math.ceil(delay)), LONGEST_TIMER));
