/**
 * One first-in-first-out list of jobs for every server, linked through the job table: O(1) to append, to take the first,
 * and to remove any. Both ends and the size of a list stand side by side: of 10,000 servers each is a stranger to the
 * processor's caches, and costs one line of them rather than three.
 */
import { NO_JOB, type JobId, type Jobs } from './jobs.ts';

/** A server's row: its first job, its last, their number, and one place that keeps rows whole in a cache line. */
const WIDTH = 4;
const FIRST = 0;
const LAST = 1;
const SIZE = 2;

export class JobLists {
  #rows = new Int32Array(0);
  readonly #jobs: Jobs;

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  /** The first job of a server's list; NO_JOB when it is empty. */
  first(server: number): JobId {
    return this.#rows[WIDTH * server + FIRST]!;
  }

  size(server: number): number {
    return this.#rows[WIDTH * server + SIZE]!;
  }

  /** Makes room for servers 0 to `servers` - 1. */
  widen(servers: number): void {
    const old = this.#rows;
    const rows = new Int32Array(WIDTH * servers);
    rows.set(old);
    for (let row = old.length; row < rows.length; row += WIDTH)
      rows[row + FIRST] = rows[row + LAST] = NO_JOB;
    this.#rows = rows;
  }

  append(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const rows = this.#rows;
    const row = WIDTH * server;
    const last = rows[row + LAST]!;
    previous[job] = last;
    next[job] = NO_JOB;
    if (last === NO_JOB) rows[row + FIRST] = job;
    else next[last] = job;
    rows[row + LAST] = job;
    rows[row + SIZE]!++;
  }

  remove(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const rows = this.#rows;
    const row = WIDTH * server;
    const before = previous[job]!;
    const after = next[job]!;
    if (before === NO_JOB) rows[row + FIRST] = after;
    else next[before] = after;
    if (after === NO_JOB) rows[row + LAST] = before;
    else previous[after] = before;
    rows[row + SIZE]!--;
  }
}
