/**
 * Weighted choice over a changing set: leaves hold weights, every parent the sum of its two children, so that a draw
 * and an update cost O(log n). Sums are recomputed from the children, never added to, so no rounding error builds up
 * and an absent item has weight exactly 0.
 */
export class WeightTree {
  /** Heap order: root at 1, leaves from `#leaves`. */
  #sums = new Float64Array(2);
  #leaves = 1;

  get total(): number {
    return this.#sums[1]!;
  }

  /** `weight` >= 0; 0 takes the item out. */
  set(item: number, weight: number): void {
    while (item >= this.#leaves) this.#grow();
    let node = this.#leaves + item;
    this.#sums[node] = weight;
    for (node >>= 1; node >= 1; node >>= 1) {
      this.#sums[node] = this.#sums[2 * node]! + this.#sums[2 * node + 1]!;
    }
  }

  /** The item at `point` of the line of weights, `point` in [0, total). An item of weight 0 is never returned. */
  at(point: number): number {
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      const left = this.#sums[node]!;
      const goRight = point >= left && this.#sums[node + 1]! > 0;
      if (goRight || left === 0) {
        point -= left;
        node += 1;
      }
    }
    return node - this.#leaves;
  }

  #grow(): void {
    const old = this.#sums;
    const oldLeaves = this.#leaves;
    this.#leaves *= 2;
    this.#sums = new Float64Array(2 * this.#leaves);
    this.#sums.set(old.subarray(oldLeaves), this.#leaves);
    for (let node = this.#leaves - 1; node >= 1; node--) {
      this.#sums[node] = this.#sums[2 * node]! + this.#sums[2 * node + 1]!;
    }
  }
}
