/**
 * The record of one run of load, booked request by request as it comes: what clients saw, by the same ledgers as everywhere.
 * Of servers and queues nobody outside can tell, so those figures are absent.
 */
import { BINS } from '../core/ticks.ts';
import type { Millis } from '../core/units.ts';
import type { LoadRun } from '../live/load/loop.ts';
import { requestOf, type Sample } from '../live/driver/samples.ts';
import { RequestLedger } from '../results/request-ledger.ts';
import type { RunRecord, SeriesName } from '../results/results.ts';
import { sessionRow } from '../results/rows.ts';
import { RunSeries } from '../results/run-series.ts';
import type { Silence } from '../results/silence.ts';
import { isStable } from '../results/stability.ts';
import type { Scenario, Traffic } from '../scenario/scenario.ts';
import { SilenceGauge } from './load-silence.ts';

/** What an outsider can plot. */
const SEEN: readonly SeriesName[] = [
  'arrivalsRps',
  'goodputRps',
  'latencyMsP99',
  'errorRate',
  'inFlight',
];

export class LoadRecord {
  /** Requests that were answered, or failed, in the measured time. */
  settled = 0;
  readonly #scenario: Scenario;
  readonly #traffic: Traffic;
  readonly #ledger: RequestLedger;
  readonly #series: RunSeries;
  readonly #inFlight: InFlight;
  readonly #silence: SilenceGauge;

  /** `connections`: of a closed loop. */
  constructor(scenario: Scenario, connections: number) {
    this.#scenario = scenario;
    this.#traffic = scenario.base.traffic;
    this.#ledger = new RequestLedger(this.#traffic, scenario.warmup);
    this.#series = new RunSeries(scenario.duration);
    this.#inFlight = new InFlight(scenario.duration);
    this.#silence = new SilenceGauge(connections, scenario.duration);
  }

  readonly add = (sample: Sample): void => {
    const request = requestOf(sample, this.#traffic);
    const doneAt = sample.at + sample.latencyMs;
    this.#ledger.arrived(request);
    this.#series.arrived(sample.at);
    const sentAt = sample.at + sample.lagMs;
    if (this.#ledger.sent({ id: 0, request, server: 0, attempt: 0, sentAt })) {
      this.#ledger.callEnded(sample.outcome);
      if (sample.outcome !== 'cancelled') this.settled++;
    }
    this.#ledger.replied(doneAt, request, sample.outcome);
    this.#series.replied(doneAt, sample.at, sample.outcome);
    this.#inFlight.add(sample.at, doneAt);
    this.#silence.add(sample);
  };

  /** Of a closed loop. */
  silence(lasted: Millis): Silence {
    return this.#silence.between(this.#scenario.warmup, lasted);
  }

  /** `lasted`: the part of the duration that was run. */
  finish(seed: number, { lasted, sessions }: LoadRun): RunRecord {
    const { warmup } = this.#scenario;
    const series = this.#seriesUntil(lasted);
    return {
      contender: 0,
      seed,
      metrics: {
        ...this.#ledger.metrics(Math.max(1, lasted - warmup)),
        ...(sessions && { sessions: sessions.started, sessionsLost: sessions.lost }),
      },
      stable: isStable(series, warmup),
      notes: [],
      notesTotal: 0,
      latency: this.#ledger.latency.counts,
      failures: this.#ledger.failures(),
      series,
      tools: this.#ledger.tools(),
      servers: [],
      sessions: sessions && sessionRow(sessions),
      strips: [],
      faults: [],
    };
  }

  #seriesUntil(lasted: Millis): RunRecord['series'] {
    this.#inFlight.tell((at, present) => this.#series.gauge(at, NaN, NaN, present, NaN));
    const { binMs, at, values } = this.#series.finish().series;
    const ran = (value: number | null, bin: number): number | null =>
      at[bin]! < lasted ? value : null;
    const seen = SEEN.map((name) => [name, (values[name] ?? []).map(ran)] as const);
    return { binMs, at, values: Object.fromEntries(seen) };
  }
}

/** Requests under way when each bin ends: come minus gone until then. */
class InFlight {
  readonly #binMs: Millis;
  readonly #change = new Int32Array(BINS + 1);

  constructor(duration: Millis) {
    this.#binMs = duration / BINS;
  }

  add(from: Millis, to: Millis): void {
    this.#change[this.#bin(from)]!++;
    this.#change[this.#bin(to)]!--;
  }

  tell(gauge: (at: Millis, present: number) => void): void {
    let present = 0;
    for (let bin = 0; bin < BINS; bin++) {
      present += this.#change[bin]!;
      gauge((bin + 1) * this.#binMs, present);
    }
  }

  #bin(at: Millis): number {
    return Math.min(BINS, Math.max(0, Math.floor(at / this.#binMs)));
  }
}
