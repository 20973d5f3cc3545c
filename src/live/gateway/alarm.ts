/**
 * The fleet's one alarm on a real clock: never early, and late by no more than the timer is. Timers of Node fire on whole
 * milliseconds of a clock of their own and may be a fraction of one too soon, so an alarm looks again before it rings.
 */
import { NEVER, type Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';

/** The longest delay that setTimeout takes. */
const LONGEST_MS = 2 ** 31 - 1;

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at: Millis = NEVER;
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `at`, and no more at the time set before. */
  set(at: Millis): void {
    this.#at = at;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (at === NEVER) return;
    const delay = Math.max(0, Math.ceil(at - this.#clock.now()));
    this.#timer = setTimeout(this.#look, Math.min(delay, LONGEST_MS));
  }

  readonly #look = (): void => {
    if (this.#clock.now() < this.#at) {
      this.set(this.#at);
      return;
    }
    this.#at = NEVER;
    this.#timer = null;
    this.#ring();
  };
}
