/**
 * Time for the library's classes: the moment, and one alarm at a time. The default is the monotonic clock of the process and
 * timers that keep no process alive; a test hands in its own and moves it by hand.
 */
import type { Millis } from '../../core/units.ts';
import { startClock, type Clock } from '../clock.ts';
import { startTimer } from '../timer.ts';

export interface Timekeeper extends Clock {
  /** Calls `ring` once after about `delay` ms; the function returned calls it off. */
  after(delay: Millis, ring: () => void): () => void;
}

export const systemTime = (): Timekeeper => {
  const clock = startClock();
  return {
    now: () => clock.now(),
    after: (delay, ring) => {
      const timer = startTimer(delay, ring).unref();
      return () => clearTimeout(timer);
    },
  };
};
