/**
 * Rings at intended instants, never early. A timer alone is up to a millisecond late, which is fine for a thousand
 * requests a second and visible in the median of twenty. `hybrid` sleeps to shortly before the instant and then asks the
 * event loop for turns until it has come: late by microseconds, at about a millisecond of CPU for each ring.
 */
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { LONGEST_TIMER } from '../timer.ts';

export type Pacing = 'timer' | 'hybrid';

/** Timers count whole milliseconds from a clock that is itself cut to them: one more covers both. */
const TIMER_GRAIN_MS = 2;

export class Pacer {
  readonly #clock: Clock;
  readonly #pacing: Pacing;
  readonly #ring: (now: Millis) => void;
  #at: Millis = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(clock: Clock, pacing: Pacing, ring: (now: Millis) => void) {
    this.#clock = clock;
    this.#pacing = pacing;
    this.#ring = ring;
  }

  /** Rings once at `at`, or as soon as possible after it; replaces what was asked before. Infinity: not at all. */
  ringAt(at: Millis): void {
    if (at === this.#at) return;
    this.silence();
    this.#at = at;
    if (at < Infinity) this.#await();
  }

  silence(): void {
    this.#at = Infinity;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  readonly #await = (): void => {
    const now = this.#clock.now();
    const left = this.#at - now;
    if (left <= 0) {
      this.#at = Infinity;
      this.#ring(now);
      return;
    }
    const sleep = this.#pacing === 'timer' ? Math.ceil(left) : Math.floor(left - TIMER_GRAIN_MS);
    if (sleep >= 1) this.#timer = setTimeout(this.#await, Math.min(sleep, LONGEST_TIMER));
    else this.#turn = setImmediate(this.#await);
  };
}
