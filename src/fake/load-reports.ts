/**
 * What a server says of its load, to a scrape or along with an answer: the truth, or what a fault of its metrics makes of
 * it. One that hangs or is cut off says nothing.
 */
import { copyReport, emptyReport, type MutableLoadReport } from '../core/load-report.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Condition } from './condition.ts';
import type { Discipline } from './discipline.ts';
import { TOTAL, type Floor } from './floor.ts';

export class LoadReports {
  readonly #id: ServerId;
  readonly #slots: number;
  readonly #floor: Floor;
  readonly #discipline: Discipline;
  /** The last report of the truth. */
  readonly #told = emptyReport();

  constructor(id: ServerId, slots: number, floor: Floor, discipline: Discipline) {
    this.#id = id;
    this.#slots = slots;
    this.#floor = floor;
    this.#discipline = discipline;
  }

  /** Writes what a server in this condition says; false when nothing comes of it. */
  write(now: Millis, { metrics, hangs, partitions }: Condition, to: MutableLoadReport): boolean {
    if (hangs > 0 || partitions > 0 || metrics === 'nothing') return false;
    if (metrics === 'stale') {
      copyReport(this.#told, to);
      return true;
    }
    this.#measure(now, to);
    if (metrics === null) copyReport(to, this.#told);
    else {
      to.busy = to.queued = to.latencyMs = 0;
      to.busyMs = this.#told.busyMs;
    }
    return true;
  }

  #measure(now: Millis, to: MutableLoadReport): void {
    const id = this.#id;
    const floor = this.#floor;
    to.busy = this.#discipline.busy(id, this.#slots);
    to.slots = this.#slots;
    to.queued = floor.queued.size(id);
    to.busyMs = this.#discipline.busyMs(now, id, this.#slots);
    to.finished = floor.total(id, TOTAL.finished);
    to.failed = floor.total(id, TOTAL.failed);
    to.latencyMs = floor.total(id, TOTAL.latencyMs);
  }
}
