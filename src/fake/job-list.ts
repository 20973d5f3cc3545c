/** A first-in-first-out list of jobs, linked through the job table: O(1) to append, to take the first, and to remove any. */
import { NO_JOB, type JobId, type Jobs } from './jobs.ts';

export class JobList {
  size = 0;
  first: JobId = NO_JOB;
  #last: JobId = NO_JOB;
  readonly #jobs: Jobs;

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  append(job: JobId): void {
    const { next, previous } = this.#jobs;
    previous[job] = this.#last;
    next[job] = NO_JOB;
    if (this.#last === NO_JOB) this.first = job;
    else next[this.#last] = job;
    this.#last = job;
    this.size++;
  }

  remove(job: JobId): void {
    const { next, previous } = this.#jobs;
    const before = previous[job]!;
    const after = next[job]!;
    if (before === NO_JOB) this.first = after;
    else next[before] = after;
    if (after === NO_JOB) this.#last = before;
    else previous[after] = before;
    this.size--;
  }
}
