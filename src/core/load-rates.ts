/**
 * Rates out of a server's load reports: what its totals grew by since an earlier report at least `span` ago. Shorter spans would
 * measure chance. A total that has shrunk tells of a new process.
 */
import { copyReport, emptyReport, type LoadReport } from './load-report.ts';
import type { Millis } from './units.ts';

export class LoadRates {
  /** Calls finished a second, those of them that failed, and the share of slot time at work, over the last span. */
  qps = 0;
  eps = 0;
  utilisation = 0;
  readonly #span: Millis;
  readonly #from = emptyReport();
  #fromAt: Millis = NaN;

  constructor(span: Millis) {
    this.#span = span;
  }

  /** Takes a report; says whether it is the first of a process, gave new rates, or is kept for the next. */
  heard(now: Millis, report: LoadReport): 'first' | 'rates' | 'early' {
    const from = this.#from;
    const isFirst = !(report.busyMs >= from.busyMs && report.finished >= from.finished);
    if (isFirst || Number.isNaN(this.#fromAt)) {
      this.#keep(now, report);
      return 'first';
    }
    const passed = now - this.#fromAt;
    if (passed < this.#span || passed <= 0) return 'early';
    this.qps = (1000 * (report.finished - from.finished)) / passed;
    this.eps = (1000 * (report.failed - from.failed)) / passed;
    this.utilisation = (report.busyMs - from.busyMs) / (passed * report.slots);
    this.#keep(now, report);
    return 'rates';
  }

  #keep(now: Millis, report: LoadReport): void {
    this.#fromAt = now;
    copyReport(report, this.#from);
  }
}
