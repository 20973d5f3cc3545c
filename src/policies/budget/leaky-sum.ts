/**
 * A sum that forgets: what was added counts for about `ttl`, in ten slices (Twitter util's WindowedAdder, on which its
 * leaky TokenBucket stands). Reading is pure.
 */
import type { Millis } from '../../core/units.ts';

const SLICES = 10;

export class LeakySum {
  readonly #slice: Millis;
  readonly #amounts = new Float64Array(SLICES);
  /** Number of the newest slice, since time 0. */
  #newest = 0;
  #sum = 0;

  constructor(ttl: Millis) {
    this.#slice = ttl / SLICES;
  }

  /** `amount` may be negative; it is whole, so that the sum stays exact. */
  add(now: Millis, amount: number): void {
    const slice = this.#sliceOf(now);
    this.#sum = this.#sumSince(slice);
    for (let gone = this.#newest + 1; gone <= Math.min(slice, this.#newest + SLICES); gone++)
      this.#amounts[gone % SLICES] = 0;
    this.#newest = slice;
    this.#amounts[slice % SLICES]! += amount;
    this.#sum += amount;
  }

  at(now: Millis): number {
    return this.#sumSince(this.#sliceOf(now));
  }

  #sliceOf(now: Millis): number {
    return Math.max(this.#newest, Math.floor(now / this.#slice));
  }

  /** The sum, as it is in `slice`: without the slices that have become too old. */
  #sumSince(slice: number): number {
    let sum = this.#sum;
    for (let gone = this.#newest + 1; gone <= Math.min(slice, this.#newest + SLICES); gone++)
      sum -= this.#amounts[gone % SLICES]!;
    return sum;
  }
}
