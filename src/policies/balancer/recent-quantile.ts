/** The last `capacity` numbers with their order kept alongside, so that a quantile is one read. */
export class RecentQuantile {
  readonly #capacity: number;
  /** A ring, by age. */
  readonly #recent: number[] = [];
  #oldest = 0;
  readonly #sorted: number[] = [];

  /** `capacity` >= 1. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(value: number): void {
    if (this.#recent.length < this.#capacity) this.#recent.push(value);
    else {
      this.#sorted.splice(this.#position(this.#recent[this.#oldest]!), 1);
      this.#recent[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
    this.#sorted.splice(this.#position(value), 0, value);
  }

  /** The value at `share` (0..1) of the way from least to greatest, rounded down; Infinity when there is none. */
  at(share: number): number {
    return this.#sorted[Math.floor((this.#sorted.length - 1) * share)] ?? Infinity;
  }

  /** Of the first that is not below `value`. */
  #position(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
