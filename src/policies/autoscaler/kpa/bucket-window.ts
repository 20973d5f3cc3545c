/**
 * Samples of the last `window`, summed in buckets of `granularity`, and two averages over them: a plain one and one in
 * which the newest weighs most. The rules are those of Knative serving (pkg/autoscaler/aggregation/bucketing.go, 2026-08):
 * until a window is full its average is over the part that has been seen; gaps inside count as 0; nothing for a whole
 * window empties it and begins anew; a sample a window older than the newest is dropped. Its pathology: right after the
 * first sample the average of a minute is the average of one second.
 */
import { NEVER, type Millis } from '../../../core/units.ts';

export class BucketWindow {
  readonly #window: Millis;
  readonly #granularity: Millis;
  readonly #sums: Float64Array;
  readonly #decay: number;
  #total = 0;
  /** Starts of the oldest and newest bucket ever written since the window was empty. */
  #firstAt: Millis = NEVER;
  #lastAt: Millis = -NEVER;

  /** Both in ms, above 0. */
  constructor(window: Millis, granularity: Millis) {
    this.#window = window;
    this.#granularity = granularity;
    this.#sums = new Float64Array(Math.ceil(window / granularity));
    this.#decay = smoothingCoefficient(this.#sums.length);
  }

  record(now: Millis, value: number): void {
    const at = this.#startOf(now);
    if (at + this.#window <= this.#lastAt) return;
    if (at < this.#firstAt) this.#firstAt = at;
    if (at > this.#lastAt) this.#advance(at);
    const place = this.#place(at);
    this.#sums[place] = this.#sums[place]! + value;
    this.#total += value;
  }

  /** What was recorded in the bucket of this instant, 0 when it is not in the window. */
  sumAt(instant: Millis): number {
    const at = this.#startOf(instant);
    const inside = at >= this.#firstAt && at <= this.#lastAt && at + this.#window > this.#lastAt;
    return inside ? this.#sums[this.#place(at)]! : 0;
  }

  /** Mean of the buckets, cut to six decimals. */
  average(now: Millis): number {
    const at = this.#startOf(now);
    if (at - this.#lastAt >= this.#window) return 0;
    const written = (this.#lastAt - this.#firstAt) / this.#granularity + 1;
    let total = this.#total;
    let stale = 0;
    // What a write at `now` would overwrite is out of the window already.
    for (let gap = this.#lastAt + this.#granularity; gap <= at; gap += this.#granularity) {
      total -= this.#sums[this.#place(gap)]!;
      stale++;
    }
    return truncated(total / Math.min(written, this.#sums.length - stale));
  }

  /** Sum of the buckets, each weighing (1 - c) times what its successor does, the newest c. */
  weightedAverage(now: Millis): number {
    const at = this.#startOf(now);
    if (at - this.#lastAt > this.#window) return 0;
    const silent = Math.max(0, Math.round((at - this.#lastAt) / this.#granularity));
    let weight = this.#decay * (1 - this.#decay) ** silent;
    let average = 0;
    for (let back = 0; back < this.#sums.length - silent; back++) {
      average += weight * this.#sums[this.#place(this.#lastAt - back * this.#granularity)]!;
      weight *= 1 - this.#decay;
    }
    return average;
  }

  /** Makes `at` the newest bucket: what it and those skipped held is a window old. */
  #advance(at: Millis): void {
    if (at - this.#lastAt >= this.#window) {
      this.#sums.fill(0);
      this.#total = 0;
      this.#firstAt = at;
    } else {
      for (let gap = this.#lastAt + this.#granularity; gap <= at; gap += this.#granularity) {
        const place = this.#place(gap);
        this.#total -= this.#sums[place]!;
        this.#sums[place] = 0;
      }
    }
    this.#lastAt = at;
  }

  #startOf(instant: Millis): Millis {
    return Math.floor(instant / this.#granularity) * this.#granularity;
  }

  #place(at: Millis): number {
    const size = this.#sums.length;
    return ((Math.round(at / this.#granularity) % size) + size) % size;
  }
}

/** Share of the newest of `buckets` in a weighted average: all together weigh 0.9999, the newest at least 0.2. */
export const smoothingCoefficient = (buckets: number): number =>
  Math.max(1 - (1 - WEIGHT) ** (1 / buckets), LEAST_COEFFICIENT);

const WEIGHT = 0.9999;
const LEAST_COEFFICIENT = 0.2;

const truncated = (value: number): number => Math.floor(value * 1e6) / 1e6;
