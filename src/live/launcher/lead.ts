/**
 * How far in the future a run's beginning is set. All its processes count time from the same instant, and it has to be
 * named before they are up; so it is guessed, generously at first, and from then on learned from how long they took.
 */
import { availableParallelism } from 'node:os';
import type { Millis } from '../../core/units.ts';

/** To start a process of ours from source on a busy core. */
const START_MS = 1500;
const MARGIN = 1.5;
const LEAST_MS = 500;

export class Lead {
  #ms: Millis;

  /** `processes` that start together. */
  constructor(processes: number) {
    this.#ms = START_MS * (1 + Math.ceil(processes / availableParallelism()));
  }

  get ms(): Millis {
    return this.#ms;
  }

  /** They were up after `tookMs`. */
  learn(tookMs: Millis): void {
    this.#ms = Math.max(LEAST_MS, MARGIN * tookMs);
  }

  /** They were not up in time. */
  double(): void {
    this.#ms *= 2;
  }
}
