/**
 * nginx's smooth weighted round robin over a set that changes: at each turn every item's current weight rises by its
 * weight, the highest is next (the first to have joined, on a tie) and pays the total. nginx walks all peers for that.
 * But items of equal weight rise in step, so their order changes only by turns taken: they stand in one heap, by current
 * weight at turn 0, and a turn compares the heads. That costs O(d + log n) for d distinct weights, and picks what the
 * walk would pick; with weights all unlike it is that walk again. An item that is on its way back to its full weight
 * rises by another step each turn, and is walked.
 */
import { KeyedHeap } from './keyed-heap.ts';

const NONE = -1;

interface Rank {
  readonly weight: number;
  /** By the lowest -(current weight at turn 0). */
  readonly heap: KeyedHeap;
}

export class SmoothTurns {
  readonly #places: number[] = [];
  readonly #ranks: Rank[] = [];
  /** By item: weight, what it rises by now, current weight while it is in no heap, place in the order of joining. */
  readonly #weights: number[] = [];
  readonly #effective: number[] = [];
  readonly #current: number[] = [];
  readonly #order: number[] = [];
  /** Items in, below their full weight. */
  readonly #recovering: number[] = [];
  #joined = 0;
  #turn = 0;

  /** An item that comes back has the current weight that it left with. */
  join(item: number, weight: number): void {
    if (this.#order[item] === undefined) {
      this.#order[item] = this.#joined++;
      this.#current[item] = 0;
      this.#effective[item] = weight;
    } else if (weight !== this.#weights[item]) this.#effective[item] = weight;
    this.#weights[item] = weight;
    if (this.#effective[item]! < weight) this.#recovering.push(item);
    else this.#rise(item, weight);
  }

  leave(item: number): void {
    const recovering = this.#recovering.indexOf(item);
    if (recovering >= 0) this.#recovering.splice(recovering, 1);
    else this.#fall(item);
  }

  /** An item, in or away, rises by `by` less, never below 0; then by 1 more after each turn, until it is back at its weight. */
  lower(item: number, by: number): void {
    const effective = Math.max(0, this.#effective[item]! - by);
    if (effective === this.#effective[item]) return;
    if (this.#effective[item] === this.#weights[item] && (this.#places[item] ?? NONE) !== NONE) {
      this.#fall(item);
      this.#recovering.push(item);
    }
    this.#effective[item] = effective;
  }

  /** Whose turn it is; only when somebody is in. */
  next(): number {
    const turn = ++this.#turn;
    let total = 0;
    let best = NONE;
    let most = -Infinity;
    let from: Rank | null = null;
    for (const rank of this.#ranks) {
      const { heap, weight } = rank;
      if (heap.size === 0) continue;
      total += heap.size * weight;
      const current = weight * turn - heap.firstKey;
      if (current < most || (current === most && heap.firstOrder > this.#order[best]!)) continue;
      best = heap.first;
      most = current;
      from = rank;
    }
    for (const item of this.#recovering) {
      const effective = this.#effective[item]!;
      const current = (this.#current[item]! += effective);
      total += effective;
      if (current < most || (current === most && this.#order[item]! > this.#order[best]!)) continue;
      best = item;
      most = current;
      from = null;
    }
    if (from === null) this.#current[best]! -= total;
    else from.heap.set(best, from.heap.firstKey + total, this.#order[best]!);
    if (this.#recovering.length > 0) this.#recover();
    return best;
  }

  /** Current weight of an item that has joined once, in or away. */
  currentOf(item: number): number {
    if ((this.#places[item] ?? NONE) === NONE) return this.#current[item]!;
    const weight = this.#weights[item]!;
    return weight * this.#turn - this.#rankOf(weight).heap.keyOf(item);
  }

  /** Into the heap of its weight. */
  #rise(item: number, weight: number): void {
    const key = weight * this.#turn - this.#current[item]!;
    this.#rankOf(weight).heap.set(item, key, this.#order[item]!);
  }

  #fall(item: number): void {
    this.#current[item] = this.currentOf(item);
    this.#rankOf(this.#weights[item]!).heap.remove(item);
  }

  #recover(): void {
    const { length } = this.#recovering;
    let kept = 0;
    for (let k = 0; k < length; k++) {
      const item = this.#recovering[k]!;
      const weight = this.#weights[item]!;
      this.#effective[item] = Math.min(weight, this.#effective[item]! + 1);
      if (this.#effective[item] < weight) this.#recovering[kept++] = item;
      else this.#rise(item, weight);
    }
    this.#recovering.length = kept;
  }

  #rankOf(weight: number): Rank {
    const known = this.#ranks.find((rank) => rank.weight === weight);
    if (known !== undefined) return known;
    const rank = { weight, heap: new KeyedHeap(this.#places) };
    this.#ranks.push(rank);
    return rank;
  }
}
