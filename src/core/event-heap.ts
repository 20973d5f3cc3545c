/**
 * A priority queue of (instant, sequence) -> (kind, item) in typed arrays: a 4-ary heap without an object an event.
 * Equal instants leave in the order of their sequence numbers, which the owner hands out; that order is what makes runs
 * repeatable. Kinds are 0..31, items whole numbers below 2^26.
 */
import { invariant } from './invariant.ts';

const KIND_BITS = 5;
const KIND_MASK = (1 << KIND_BITS) - 1;
const KIND_LIMIT = 1 << KIND_BITS;
const ITEM_LIMIT = 1 << (31 - KIND_BITS);

export class EventHeap {
  size = 0;
  #at: Float64Array;
  #sequence: Float64Array;
  #payload: Int32Array;

  constructor(capacity = 256) {
    this.#at = new Float64Array(capacity);
    this.#sequence = new Float64Array(capacity);
    this.#payload = new Int32Array(capacity);
  }

  /** Instant of the first event; Infinity when there is none. */
  get at(): number {
    return this.size === 0 ? Infinity : this.#at[0]!;
  }

  get sequence(): number {
    return this.#sequence[0]!;
  }

  get kind(): number {
    return this.#payload[0]! & KIND_MASK;
  }

  get item(): number {
    return this.#payload[0]! >> KIND_BITS;
  }

  push(at: number, sequence: number, kind: number, item: number): void {
    invariant(!Number.isNaN(at), 'event heap: an event at no instant');
    invariant(item >= 0 && item < ITEM_LIMIT, 'event heap: item out of range');
    invariant(kind >= 0 && kind < KIND_LIMIT, 'event heap: kind out of range');
    if (this.size === this.#at.length) this.#grow();
    const ats = this.#at;
    const sequences = this.#sequence;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentAt = ats[parent]!;
      if (parentAt < at || (parentAt === at && sequences[parent]! < sequence)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    ats[hole] = at;
    sequences[hole] = sequence;
    this.#payload[hole] = (item << KIND_BITS) | kind;
  }

  /** Takes the first event off; only when there is one. */
  pop(): void {
    const last = --this.size;
    if (last === 0) return;
    const ats = this.#at;
    const sequences = this.#sequence;
    const at = ats[last]!;
    const sequence = sequences[last]!;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= last) break;
      const end = first + 4 < last ? first + 4 : last;
      let least = first;
      for (let child = first + 1; child < end; child++) {
        const earlier =
          ats[child]! < ats[least]! ||
          (ats[child] === ats[least] && sequences[child]! < sequences[least]!);
        if (earlier) least = child;
      }
      if (at < ats[least]! || (at === ats[least] && sequence < sequences[least]!)) break;
      this.#move(least, hole);
      hole = least;
    }
    ats[hole] = at;
    sequences[hole] = sequence;
    this.#payload[hole] = this.#payload[last]!;
  }

  #move(from: number, to: number): void {
    this.#at[to] = this.#at[from]!;
    this.#sequence[to] = this.#sequence[from]!;
    this.#payload[to] = this.#payload[from]!;
  }

  #grow(): void {
    const capacity = 2 * this.#at.length;
    const at = new Float64Array(capacity);
    const sequence = new Float64Array(capacity);
    const payload = new Int32Array(capacity);
    at.set(this.#at);
    sequence.set(this.#sequence);
    payload.set(this.#payload);
    this.#at = at;
    this.#sequence = sequence;
    this.#payload = payload;
  }
}
