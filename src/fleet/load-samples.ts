/**
 * What scrapes of servers' load have brought: the last report of each and the one before it, so that a scaler has rates
 * between two scrapes. Between scrapes reports ride on answers; they are heard for their queues, but are no samples:
 * milliseconds apart they would make rates of noise.
 */
import { copyReport, emptyReport, type LoadReport } from '../core/load-report.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';

export class Sample {
  /** A scrape has asked, and nothing has come since. */
  awaited = false;
  report = emptyReport();
  /** -Infinity = no such report. */
  reportedAt: Millis = -Infinity;
  previous = emptyReport();
  previousAt: Millis = -Infinity;
  /** Calls in its queue as last heard; -1 = never. */
  queued = -1;
}

export class LoadSamples {
  /** By server id. */
  readonly #samples: Sample[] = [];

  of(server: ServerId): Sample {
    while (this.#samples.length <= server) this.#samples.push(new Sample());
    return this.#samples[server]!;
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    const sample = this.of(server);
    sample.queued = report.queued;
    if (!sample.awaited) return;
    sample.awaited = false;
    const { previous } = sample;
    sample.previous = sample.report;
    sample.previousAt = sample.reportedAt;
    sample.report = previous;
    sample.reportedAt = now;
    copyReport(report, sample.report);
  }
}
