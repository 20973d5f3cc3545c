/**
 * What the servers of one process share: the table of jobs, the lists of jobs that wait, work or are swallowed, and
 * running totals, all in columns by server id. A server itself is a thin object that reads and writes its row.
 */
import type { ServerId } from '../core/request.ts';
import { JobLists } from './job-lists.ts';
import { Jobs } from './jobs.ts';

export class Floor {
  readonly jobs = new Jobs();
  readonly queued = new JobLists(this.jobs);
  readonly working = new JobLists(this.jobs);
  /** Accepted, and never to be answered. */
  readonly silent = new JobLists(this.jobs);
  /** Slot time used by jobs that have left their slot, ms. */
  busyMs = new Float64Array(0);
  /** Time in a slot per unit of work. */
  slowness = new Float64Array(0);
  /** Calls that reached the server, and calls whose work it finished. */
  came = new Float64Array(0);
  finished = new Float64Array(0);
  /** Calls answered with an error at the door. */
  failed = new Float64Array(0);
  /** Time in the server of a finished call, an average in which each new one weighs an eighth, ms. */
  latencyMs = new Float64Array(0);

  /** Makes a row for server `id`. */
  open(id: ServerId): void {
    if (id < this.busyMs.length) return;
    const rows = Math.max(16, 2 * this.busyMs.length, id + 1);
    this.queued.widen(rows);
    this.working.widen(rows);
    this.silent.widen(rows);
    this.busyMs = widened(this.busyMs, rows);
    this.slowness = widened(this.slowness, rows);
    this.came = widened(this.came, rows);
    this.finished = widened(this.finished, rows);
    this.failed = widened(this.failed, rows);
    this.latencyMs = widened(this.latencyMs, rows);
  }
}

const widened = (old: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> => {
  const wider = new Float64Array(length);
  wider.set(old);
  return wider;
};
