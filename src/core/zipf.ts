/** Zipf's law over 1..n: k with a chance in proportion to k^-skew; skew 0 is uniform. Drawn by inverting its sums, O(log n). */
export class Zipf {
  /** Chance of 1..k+1. */
  readonly #cumulative: Float64Array;

  constructor(n: number, skew: number) {
    this.#cumulative = new Float64Array(n);
    let sum = 0;
    for (let k = 0; k < n; k++) this.#cumulative[k] = sum += (k + 1) ** -skew;
    for (let k = 0; k < n; k++) this.#cumulative[k]! /= sum;
  }

  /** The value at `u` in [0, 1), from 1 to n. */
  at(u: number): number {
    const cumulative = this.#cumulative;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > u) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }
}
