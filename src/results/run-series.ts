/**
 * What happened over time, in 120 bins over the whole run: counts and latencies by the bin of the request's arrival,
 * goodput by that of its reply, gauges as they stand when a bin ends.
 */
import { Histogram } from '../core/histogram.ts';
import { isCompleted, isFailure, type Outcome } from '../core/outcome.ts';
import { BINS } from '../core/ticks.ts';
import type { Millis } from '../core/units.ts';
import type { RunRecord } from './results.ts';

const COARSE = 5;

export class RunSeries {
  readonly #binMs: Millis;
  readonly #arrived = new Float64Array(BINS);
  readonly #ok = new Float64Array(BINS);
  readonly #failed = new Float64Array(BINS);
  readonly #latency = Array.from({ length: BINS }, () => new Histogram(COARSE));
  readonly #wanted = new Float64Array(BINS).fill(NaN);
  readonly #ready = new Float64Array(BINS).fill(NaN);
  readonly #inFlight = new Float64Array(BINS).fill(NaN);
  readonly #queued = new Float64Array(BINS).fill(NaN);

  constructor(duration: Millis) {
    this.#binMs = duration / BINS;
  }

  /** A request arrives for the first time; each coming again is the same demand. */
  arrived(now: Millis): void {
    this.#arrived[this.#bin(now)]!++;
  }

  replied(now: Millis, arrivedAt: Millis, outcome: Outcome): void {
    const bin = this.#bin(arrivedAt);
    if (isCompleted(outcome)) {
      this.#latency[bin]!.record(now - arrivedAt);
      const doneIn = Math.floor(now / this.#binMs);
      if (outcome === 'ok' && doneIn < BINS) this.#ok[doneIn]!++;
    } else if (isFailure(outcome)) this.#failed[bin]!++;
  }

  /** Only ticks at the end of a bin count. */
  gauge(now: Millis, wanted: number, ready: number, inFlight: number, queued: number): void {
    const bin = Math.round(now / this.#binMs) - 1;
    if (bin < 0 || Math.abs((bin + 1) * this.#binMs - now) > 1e-6 * this.#binMs) return;
    this.#wanted[bin] = wanted;
    this.#ready[bin] = ready;
    this.#inFlight[bin] = inFlight;
    this.#queued[bin] = queued;
  }

  finish(): { series: RunRecord['series'] } {
    const perSecond = (count: number) => (count * 1000) / this.#binMs;
    const settled = (bin: number) => this.#latency[bin]!.count + this.#failed[bin]!;
    const each = (value: (bin: number) => number): (number | null)[] =>
      Array.from({ length: BINS }, (_, bin) => orNull(value(bin)));
    return {
      series: {
        binMs: this.#binMs,
        at: Array.from({ length: BINS }, (_, bin) => bin * this.#binMs),
        values: {
          arrivalsRps: each((bin) => perSecond(this.#arrived[bin]!)),
          goodputRps: each((bin) => perSecond(this.#ok[bin]!)),
          latencyMsP99: each((bin) => this.#latency[bin]!.quantile(0.99)),
          errorRate: each((bin) => this.#failed[bin]! / settled(bin)),
          serversWanted: each((bin) => this.#wanted[bin]!),
          serversReady: each((bin) => this.#ready[bin]!),
          inFlight: each((bin) => this.#inFlight[bin]!),
          queued: each((bin) => this.#queued[bin]!),
        },
      },
    };
  }

  #bin(at: Millis): number {
    return Math.min(BINS - 1, Math.floor(at / this.#binMs));
  }
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
