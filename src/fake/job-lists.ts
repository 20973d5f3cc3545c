/**
 * First-in-first-out lists of jobs, several for every server, linked through the job table: O(1) to append, to take the
 * first, and to remove any. All lists of a server stand side by side in one row: of 10,000 servers each is a stranger to
 * the processor's caches, and costs one line of them rather than one a list and field.
 */
import { NO_JOB, type JobId, type Jobs } from './jobs.ts';

/** A list in a server's row: its first job, its last, their number. */
const FIRST = 0;
const LAST = 1;
const SIZE = 2;
const LIST = 4;
/** Lists in a row. */
const LISTS = 4;
const WIDTH = LIST * LISTS;

/** The rows that the lists of all kinds share. */
export class JobRows {
  at = new Int32Array(0);

  /** Makes room for servers 0 to `servers` - 1. */
  widen(servers: number): void {
    const old = this.at;
    const rows = new Int32Array(WIDTH * servers);
    rows.set(old);
    for (let list = old.length; list < rows.length; list += LIST)
      rows[list + FIRST] = rows[list + LAST] = NO_JOB;
    this.at = rows;
  }
}

/** One list of each server: the lists of one kind. */
export class JobLists {
  /** Jobs in the lists of all servers. */
  total = 0;
  readonly #jobs: Jobs;
  readonly #rows: JobRows;
  readonly #offset: number;

  /** `place`: of this kind in a row, from 0. */
  constructor(jobs: Jobs, rows: JobRows, place: number) {
    this.#jobs = jobs;
    this.#rows = rows;
    this.#offset = LIST * place;
  }

  /** The first job of a server's list; NO_JOB when it is empty. */
  first(server: number): JobId {
    return this.#rows.at[WIDTH * server + this.#offset + FIRST]!;
  }

  size(server: number): number {
    return this.#rows.at[WIDTH * server + this.#offset + SIZE]!;
  }

  append(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const rows = this.#rows.at;
    const list = WIDTH * server + this.#offset;
    const last = rows[list + LAST]!;
    previous[job] = last;
    next[job] = NO_JOB;
    if (last === NO_JOB) rows[list + FIRST] = job;
    else next[last] = job;
    rows[list + LAST] = job;
    rows[list + SIZE]!++;
    this.total++;
  }

  remove(server: number, job: JobId): void {
    const { next, previous } = this.#jobs;
    const rows = this.#rows.at;
    const list = WIDTH * server + this.#offset;
    const before = previous[job]!;
    const after = next[job]!;
    if (before === NO_JOB) rows[list + FIRST] = after;
    else next[before] = after;
    if (after === NO_JOB) rows[list + LAST] = before;
    else previous[after] = before;
    rows[list + SIZE]!--;
    this.total--;
  }
}
