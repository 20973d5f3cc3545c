/**
 * A log-linear histogram of durations: each octave in 2^bits equal buckets, as in HdrHistogram and Circonus' circllhist.
 * The exponent and the first bits of the mantissa of a float64 ARE that bucket's number, so a record is a store, a load
 * and a shift: 2 ns against 10 for Math.log and 57 for hdr-histogram-js.
 *
 * Bucket 0 is zero: durations are whole microseconds, so what lies below 2^-10 ms is nothing (negative numbers land there
 * too). Above it 40 octaves reach to 2^30 ms, 12.4 days; longer ones count in the last bucket.
 * With 7 bits a bucket is 0.78 % wide, and its midpoint at most 0.4 % from anything in it.
 */
import { invariant } from './invariant.ts';
import type { Millis } from './units.ts';

const OCTAVES = 40;
const LOWEST_EXPONENT = -10;
const EXPONENT_BIAS = 1023;
/** Mantissa bits in the upper half of a float64. */
const UPPER_MANTISSA = 20;

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);
float[0] = 1;
/** Where a float64 keeps sign and exponent: word 1 on little-endian machines. */
const UPPER = words[0] === 0 ? 1 : 0;

export class Histogram {
  readonly counts: Uint32Array;
  /** Values recorded. */
  count = 0;
  readonly #shift: number;
  readonly #offset: number;

  /** `bits` of mantissa, 1 to 20: the relative error of a quantile is at most 2^-(bits + 1). */
  constructor(bits = 7, counts: Uint32Array = new Uint32Array(1 + OCTAVES * 2 ** bits)) {
    this.counts = counts;
    this.#shift = UPPER_MANTISSA - bits;
    this.#offset = (EXPONENT_BIAS + LOWEST_EXPONENT) * 2 ** bits - 1;
  }

  /** Adopts counts (not a copy) that a histogram of any resolution once held. */
  static of(counts: Uint32Array): Histogram {
    const bits = Math.log2((counts.length - 1) / OCTAVES);
    invariant(Number.isInteger(bits), 'not the counts of a histogram');
    const histogram = new Histogram(bits, counts);
    for (const count of counts) histogram.count += count;
    return histogram;
  }

  record(ms: Millis): void {
    float[0] = ms;
    const bucket = (words[UPPER]! >> this.#shift) - this.#offset;
    const last = this.counts.length - 1;
    this.counts[bucket < 0 ? 0 : bucket > last ? last : bucket]!++;
    this.count++;
  }

  /**
   * Nearest rank: the midpoint of the bucket that holds the ceil(q * count)-th smallest value. `q` in [0, 1], where 0
   * asks for the smallest; NaN when empty.
   */
  quantile(q: number): Millis {
    if (this.count === 0) return NaN;
    // The factor keeps 0.07 * 100 = 7.000000000000001 from asking for the 8th.
    let above = Math.max(1, Math.ceil(q * this.count * (1 - 2 ** -50)));
    const last = this.counts.length - 1;
    let bucket = 0;
    for (; bucket < last; bucket++) {
      above -= this.counts[bucket]!;
      if (above <= 0) break;
    }
    return bucket === 0 ? 0 : (this.#floor(bucket) + this.#floor(bucket + 1)) / 2;
  }

  /** Adds the counts of a histogram of the same resolution. */
  add(other: Histogram): void {
    invariant(other.counts.length === this.counts.length, 'histograms of unlike resolution');
    for (let i = 0; i < this.counts.length; i++) this.counts[i]! += other.counts[i]!;
    this.count += other.count;
  }

  clear(): void {
    this.counts.fill(0);
    this.count = 0;
  }

  /** Smallest value of a bucket from 1 on. */
  #floor(bucket: number): Millis {
    words[UPPER] = (bucket + this.#offset) << this.#shift;
    words[1 - UPPER] = 0;
    return float[0]!;
  }
}
