/**
 * One first-in-first-out list of jobs for every server, linked through the job table: O(1) to append, to take the first,
 * and to remove any. Heads and sizes stand in columns by server id, side by side in memory: a fleet of 10,000 servers is
 * walked in step with the caches.
 */
import { NO_JOB, type JobId, type Jobs } from './jobs.ts';

export class JobLists {
  /** By server id. */
  first = new Int32Array(0);
  size = new Int32Array(0);
  #last = new Int32Array(0);
  readonly #jobs: Jobs;

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** Makes room for servers 0 to `servers` - 1. */
  widen(servers: number): void {
    this.first = widened(this.first, servers, NO_JOB);
    this.#last = widened(this.#last, servers, NO_JOB);
    this.size = widened(this.size, servers, 0);
  }

  append(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const last = this.#last[server]!;
    previous[job] = last;
    next[job] = NO_JOB;
    if (last === NO_JOB) this.first[server] = job;
    else next[last] = job;
    this.#last[server] = job;
    this.size[server]!++;
  }

  remove(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const before = previous[job]!;
    const after = next[job]!;
    if (before === NO_JOB) this.first[server] = after;
    else next[before] = after;
    if (after === NO_JOB) this.#last[server] = before;
    else previous[after] = before;
    this.size[server]!--;
  }
}

const widened = (
  old: Int32Array<ArrayBuffer>,
  length: number,
  empty: number,
): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(length).fill(empty);
  wider.set(old);
  return wider;
};
