/**
 * A timer that keeps instants of the run's clock to a fraction of a millisecond. Node's timers count in whole
 * milliseconds of a clock that the event loop reads now and then, so they come up to 1 ms early or 2 late: half a service
 * time, when that is 2 ms. A timer leads up to the instant, and the event loop is turned without sleep for the rest, so
 * requests go on being read. Turning costs the processor: it is paid from a share of the time that has passed, and when
 * that is spent the alarm rounds to the nearest millisecond instead, early as often as late.
 */
import { NEVER, type Millis } from '../core/units.ts';
import type { Clock } from './clock.ts';
import { LONGEST_TIMER } from './timer.ts';

/** Share of the time that may go into turning. */
const TURNING_SHARE = 0.1;
/** At most so much of it is saved up, ms. */
const MOST_SAVED: Millis = 50;
/** A timer may come so much later than it was set for, ms. */
const LEAD: Millis = 1.2;
/** Close enough, ms: a turn of the loop takes a few microseconds. */
const CLOSE: Millis = 0.02;

export class ExactAlarm {
  readonly #clock: Clock;
  readonly #ring: (now: Millis) => void;
  #at: Millis = NEVER;
  #timer: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;
  #saved: Millis = MOST_SAVED;
  #countedAt: Millis;

  /** `ring` is called once for each instant set, with the time it is told then. */
  constructor(clock: Clock, ring: (now: Millis) => void) {
    this.#clock = clock;
    this.#ring = ring;
    this.#countedAt = clock.now();
  }

  /** Rings at `at`, NEVER for not at all; what was set before is forgotten. */
  set(at: Millis): void {
    if (at === this.#at) return;
    this.clear();
    this.#at = at;
    if (at !== NEVER) this.#approach(this.#clock.now());
  }

  clear(): void {
    this.#at = NEVER;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#timer = this.#turn = null;
  }

  #approach(now: Millis): void {
    const left = this.#at - now;
    if (left <= CLOSE) this.#rings(now);
    else if (left >= 1 + LEAD) this.#sleep(Math.min(left - LEAD, LONGEST_TIMER));
    else if (this.#mayTurn(now)) this.#turnUntilDue(now);
    else if (left < 0.5) this.#rings(this.#at);
    else this.#sleep(1);
  }

  #sleep(length: Millis): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#approach(this.#clock.now());
    }, Math.floor(length));
  }

  #turnUntilDue(from: Millis): void {
    this.#turn = setImmediate(() => {
      this.#turn = null;
      const now = this.#clock.now();
      this.#saved -= now - from;
      this.#approach(now);
    });
  }

  #mayTurn(now: Millis): boolean {
    this.#saved = Math.min(MOST_SAVED, this.#saved + (now - this.#countedAt) * TURNING_SHARE);
    this.#countedAt = now;
    return this.#saved > 0;
  }

  #rings(now: Millis): void {
    this.#at = NEVER;
    this.#ring(now);
  }
}
