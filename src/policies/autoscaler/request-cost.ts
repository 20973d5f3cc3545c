/**
 * What a request costs now, in busy slot time: of the last interval between two reports of each server, older ones
 * forgotten by e^(-age / memory). A mean since the start of the servers would hold on to yesterday's cost: two
 * hours after a release that made calls four times as dear, a day of cheap ones still hides nine tenths of the change.
 * While nobody is busy nothing is learnt; while nothing is finished nothing is forgotten.
 */
import type { Millis } from '../../core/units.ts';
import type { ServerLoad } from './autoscaler.ts';

export class RequestCost {
  readonly #memory: Millis;
  #busyMs = 0;
  #finished = 0;
  #at: Millis = 0;

  /** `memory` in ms; 0: only what came since the last decision counts. */
  constructor(memory: Millis) {
    this.#memory = memory;
  }

  /** Slot time of a request, ms; null before any was finished between two reports. */
  get ms(): number | null {
    return this.#finished === 0 ? null : this.#busyMs / this.#finished;
  }

  learn(now: Millis, servers: readonly ServerLoad[]): void {
    let busyMs = 0;
    let finished = 0;
    for (const { report, reportedAt, previous } of servers) {
      if (report === null || previous === null || reportedAt <= this.#at) continue;
      // A process that began anew counts from 0.
      if (report.busyMs < previous.busyMs || report.finished < previous.finished) continue;
      busyMs += report.busyMs - previous.busyMs;
      finished += report.finished - previous.finished;
    }
    // A slot may be busy for long before anything is finished: that time is part of the cost.
    if (busyMs === 0 && finished === 0) return;
    const kept = finished === 0 ? 1 : Math.exp((this.#at - now) / this.#memory);
    this.#busyMs = this.#busyMs * kept + busyMs;
    this.#finished = this.#finished * kept + finished;
    this.#at = now;
  }
}
