/**
 * Time for the library's classes: the moment, and one alarm at a time. The default is the monotonic clock of the process and
 * timers that keep no process alive; a test hands in its own and moves it by hand.
 */
import type { Millis } from '../../core/units.ts';
import { startClock, type Clock } from '../clock.ts';

export interface Timekeeper extends Clock {
  /** Calls `ring` once after `delay`; the function returned calls it off. */
  after(delay: Millis, ring: () => void): () => void;
}

/** Timers hold 31 bits; who rings too early is asked again. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemTime = (): Timekeeper => {
  const clock = startClock();
  return {
    now: () => clock.now(),
    after: (delay, ring) => {
      const timer = setTimeout(ring, Math.min(Math.max(0, Math.ceil(delay)), LONGEST_MS));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
};
