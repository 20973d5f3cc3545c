/**
 * What the servers of one process share: the table of jobs, the lists of jobs that wait, work or are swallowed, and
 * running totals, a row for each server. A server itself is a thin object that reads and writes its row.
 */
import type { ServerId } from '../core/request.ts';
import { JobLists, JobRows } from './job-lists.ts';
import { Jobs } from './jobs.ts';

/** Totals of one server, by their place in its row, which fills a cache line. */
export const TOTAL = {
  /** Slot time used by jobs that have left their slot, ms. */
  busyMs: 0,
  /** Time in a slot per unit of work: no sum, but read with the others. */
  slowness: 1,
  /** Calls that reached the server. */
  came: 2,
  /** Calls whose work it finished. */
  finished: 3,
  /** Calls answered with an error at the door. */
  failed: 4,
  /** Time in the server of a finished call, an average in which each new one weighs an eighth (the first ones alike), ms. */
  latencyMs: 5,
} as const;
const WIDTH = 8;

export class Floor {
  readonly jobs = new Jobs();
  readonly #rows = new JobRows();
  readonly queued = new JobLists(this.jobs, this.#rows, 0);
  readonly working = new JobLists(this.jobs, this.#rows, 1);
  /** Accepted, and never to be answered. */
  readonly silent = new JobLists(this.jobs, this.#rows, 2);
  #totals = new Float64Array(0);

  /** `which`: one of TOTAL. */
  total(id: ServerId, which: number): number {
    return this.#totals[WIDTH * id + which]!;
  }

  set(id: ServerId, which: number, value: number): void {
    this.#totals[WIDTH * id + which] = value;
  }

  add(id: ServerId, which: number, amount: number): void {
    this.#totals[WIDTH * id + which]! += amount;
  }

  /** Makes a row for server `id`. */
  open(id: ServerId): void {
    const old = this.#totals;
    if (WIDTH * id < old.length) return;
    const servers = Math.max(16, (2 * old.length) / WIDTH, id + 1);
    this.#rows.widen(servers);
    this.#totals = new Float64Array(WIDTH * servers);
    this.#totals.set(old);
  }
}
