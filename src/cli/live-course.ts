/**
 * How far a live experiment is, in time. A run takes longer than its duration says: processes start, and what is in flight at
 * the end is followed; how much longer is learned from the runs that are over. One that is overdue is taken to end soon.
 */
import type { Millis } from '../core/units.ts';

/** What is left of a run that is overdue. */
const SOON_MS = 2000;

export class Course {
  /** Of the run that is under way, from 0. */
  index = 0;
  readonly #runs: number;
  readonly #startedAt: Millis;
  #runMs: Millis;
  #beganAt: Millis;

  /** `runs` of roughly `runMs` each; instants are of any one clock. */
  constructor(runs: number, runMs: Millis, startedAt: Millis) {
    this.#runs = runs;
    this.#runMs = runMs;
    this.#startedAt = startedAt;
    this.#beganAt = startedAt;
  }

  /** Run `index` begins, and the one before it is over. */
  began(index: number, now: Millis): void {
    this.index = index;
    this.#beganAt = now;
    if (index > 0) this.#runMs = (now - this.#startedAt) / index;
  }

  /** Of the whole, 0..1. */
  share(now: Millis): number {
    const passed = now - this.#startedAt;
    const left = Math.max(SOON_MS, this.#runMs - (now - this.#beganAt));
    const later = (this.#runs - this.index - 1) * this.#runMs;
    return passed / (passed + left + later);
  }
}
