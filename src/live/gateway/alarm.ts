/**
 * The fleet's one alarm on a real clock: never early, and late by no more than the timer is. Timers of Node fire on whole
 * milliseconds of a clock of their own and may be a fraction of one too soon, so an alarm looks again before it rings.
 * Never from within `set`: a world must not call back into its fleet.
 */
import { NEVER, type Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { startTimer } from '../timer.ts';

/** Calls `ring` once after about `delay` ms; the function returned calls it off. */
type After = (delay: Millis, ring: () => void) => () => void;

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #after: After;
  #at: Millis = NEVER;
  #callOff: (() => void) | null = null;

  constructor(clock: Clock, ring: () => void, after: After = byTimer) {
    this.#clock = clock;
    this.#ring = ring;
    this.#after = after;
  }

  /** Rings at `at`, and no more at the time set before. */
  set(at: Millis): void {
    this.#at = at;
    this.#callOff?.();
    this.#callOff = at === NEVER ? null : this.#after(at - this.#clock.now(), this.#look);
  }

  readonly #look = (): void => {
    if (this.#clock.now() < this.#at) {
      this.set(this.#at);
      return;
    }
    this.#at = NEVER;
    this.#callOff = null;
    this.#ring();
  };
}

const byTimer: After = (delay, ring) => {
  const timer = startTimer(delay, ring);
  return () => clearTimeout(timer);
};
