/**
 * What a faulty server does to some calls and not to others. Draws are keyed by (arrival, call, attempt) and by what may
 * befall, so the weather is the same whatever the policies do.
 */
import type { Draws } from '../core/rng.ts';
import type { JobId, Jobs } from './jobs.ts';

/** Purposes of a draw: between those of one attempt and the next, or far from those of any. */
export const MISHAP = { error: 0, toolError: 1, throttle: 2 ** 20 } as const;

export type Mishap = (typeof MISHAP)[keyof typeof MISHAP];

export class Mishaps {
  readonly #draws: Draws;
  readonly #jobs: Jobs;

  constructor(draws: Draws, jobs: Jobs) {
    this.#draws = draws;
    this.#jobs = jobs;
  }

  /** Does it strike this job, as it does with a chance of `share`? */
  befalls(job: JobId, mishap: Mishap, share: number): boolean {
    if (share === 0) return false;
    const { arrival, call } = this.#jobs.request[job]!;
    return this.#draws.uniform(arrival, call, 2 * this.#jobs.attempt[job]! + mishap) < share;
  }
}
