/**
 * Turns by earliest deadline among a set that changes: each item's next turn is due 1/weight after its last, the earliest is
 * next, first come first served on ties. This is Envoy's scheduler (main of 2026-07, source/common/upstream/edf_scheduler.h):
 * weights are raised by 1e-13 when the first queue is built, the queue starts as if a random number of turns had been
 * taken, and a weight that has changed counts from the item's next turn on.
 *
 * Envoy builds a new queue whenever a host comes or goes, and long did so with the heaviest host in front; the random
 * start cured it. Here nothing is rebuilt: an item that joins enters at a random point of its stride (what the
 * random start comes to for one item), one that returns keeps the rhythm that it had, and the others notice nothing.
 */
import { KeyedHeap } from './keyed-heap.ts';
import type { Rng } from './rng.ts';

/** Turns that may be taken before the first: enough to blur any cycle, few enough to keep deadlines exact. */
const HEAD_STARTS = 1 << 20;
const NUDGE = 1e-13;

export class EdfTurns {
  readonly #weightOf: (item: number) => number;
  readonly #rng: Rng;
  readonly #queue = new KeyedHeap();
  /** Who is in before the first turn; null from then on. */
  #waiting: number[] | null = [];
  /** The deadline that was met last. */
  #now = 0;
  #orders = 0;
  /** Deadline and order of those who have left, by item. */
  readonly #awayDeadline: number[] = [];
  readonly #awayOrder: number[] = [];

  /** `weightOf` is asked at the start, on joining and at each turn of an item; above 0. */
  constructor(weightOf: (item: number) => number, rng: Rng) {
    this.#weightOf = weightOf;
    this.#rng = rng;
  }

  join(item: number): void {
    if (this.#waiting !== null) {
      this.#waiting.push(item);
      return;
    }
    const deadline = this.#awayDeadline[item];
    if (deadline === undefined) {
      const stride = 1 / this.#weightOf(item);
      this.#queue.set(item, this.#now + (1 - this.#rng.next()) * stride, this.#orders++);
    } else if (deadline >= this.#now) {
      this.#queue.set(item, deadline, this.#awayOrder[item]!);
    } else {
      const stride = 1 / this.#weightOf(item);
      const missed = Math.ceil((this.#now - deadline) / stride);
      this.#queue.set(item, Math.max(this.#now, deadline + missed * stride), this.#orders++);
    }
  }

  leave(item: number): void {
    if (this.#waiting !== null) {
      this.#waiting.splice(this.#waiting.indexOf(item), 1);
      return;
    }
    this.#awayDeadline[item] = this.#queue.keyOf(item);
    this.#awayOrder[item] = this.#queue.orderOf(item);
    this.#queue.remove(item);
  }

  /** Whose turn it is; only when somebody is in. */
  next(): number {
    if (this.#waiting !== null) this.#start(this.#waiting);
    const item = this.#queue.first;
    this.#now = this.#queue.firstKey;
    this.#queue.set(item, this.#now + 1 / this.#weightOf(item), this.#orders++);
    return item;
  }

  /**
   * The queue as it would stand after a random number of turns: each item has had the whole part of its share of them,
   * in O(n), and the few turns that are left over are taken.
   */
  #start(items: readonly number[]): void {
    this.#waiting = null;
    const weights = items.map((item) => this.#weightOf(item) + NUDGE);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const turns = this.#rng.below(HEAD_STARTS);
    let left = turns;
    for (const [k, item] of items.entries()) {
      const weight = weights[k]!;
      const taken = Math.floor((turns * weight) / total);
      left -= taken;
      this.#now = Math.max(this.#now, taken / weight);
      this.#queue.set(item, (taken + 1) / weight, this.#orders++);
    }
    while (left-- > 0) this.next();
  }
}
