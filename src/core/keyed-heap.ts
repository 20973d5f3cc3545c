/**
 * Items in order of (key, order), with keys that change: a 4-ary heap in typed arrays that knows where each item stands, so
 * that setting, moving and removing one cost O(log n). Items are small whole numbers (server ids). Heaps may share their
 * `places` as long as an item stands in one of them at a time: many heaps then need no more memory than one.
 */
const ABSENT = -1;

export class KeyedHeap {
  size = 0;
  #keys = new Float64Array(16);
  #orders = new Float64Array(16);
  #items = new Int32Array(16);
  /** Slot of each item, ABSENT when it stands in no heap. */
  readonly #places: number[];

  constructor(places: number[] = []) {
    this.#places = places;
  }

  /** The item with the least key, of equals the one with the least order; only when there is one. */
  get first(): number {
    return this.#items[0]!;
  }

  get firstKey(): number {
    return this.#keys[0]!;
  }

  get firstOrder(): number {
    return this.#orders[0]!;
  }

  keyOf(item: number): number {
    return this.#keys[this.#places[item]!]!;
  }

  orderOf(item: number): number {
    return this.#orders[this.#places[item]!]!;
  }

  /** Puts an item in, or moves it. */
  set(item: number, key: number, order: number): void {
    while (this.#places.length <= item) this.#places.push(ABSENT);
    let slot = this.#places[item]!;
    if (slot === ABSENT) {
      if (this.size === this.#items.length) this.#grow();
      slot = this.size++;
    }
    this.#settle(slot, key, order, item);
  }

  /** Takes an item out that is in. */
  remove(item: number): void {
    const slot = this.#places[item]!;
    this.#places[item] = ABSENT;
    const last = --this.size;
    if (slot === last) return;
    this.#settle(slot, this.#keys[last]!, this.#orders[last]!, this.#items[last]!);
  }

  /** Writes an entry at `slot` or where it belongs above or below. */
  #settle(slot: number, key: number, order: number, item: number): void {
    let hole = slot;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (!this.#precedes(key, order, parent)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    if (hole === slot) hole = this.#sink(slot, key, order);
    this.#keys[hole] = key;
    this.#orders[hole] = order;
    this.#items[hole] = item;
    this.#places[item] = hole;
  }

  /** Moves what comes before (key, order) up, from `hole` down; returns where the hole is then. */
  #sink(hole: number, key: number, order: number): number {
    const keys = this.#keys;
    for (;;) {
      const start = 4 * hole + 1;
      if (start >= this.size) return hole;
      const end = start + 4 < this.size ? start + 4 : this.size;
      let least = start;
      for (let child = start + 1; child < end; child++) {
        const less =
          keys[child]! < keys[least]! ||
          (keys[child] === keys[least] && this.#orders[child]! < this.#orders[least]!);
        if (less) least = child;
      }
      if (this.#precedes(key, order, least)) return hole;
      this.#move(least, hole);
      hole = least;
    }
  }

  #precedes(key: number, order: number, slot: number): boolean {
    const other = this.#keys[slot]!;
    return key < other || (key === other && order < this.#orders[slot]!);
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from]!;
    this.#orders[to] = this.#orders[from]!;
    const item = this.#items[from]!;
    this.#items[to] = item;
    this.#places[item] = to;
  }

  #grow(): void {
    const capacity = 2 * this.#items.length;
    const keys = new Float64Array(capacity);
    const orders = new Float64Array(capacity);
    const items = new Int32Array(capacity);
    keys.set(this.#keys);
    orders.set(this.#orders);
    items.set(this.#items);
    this.#keys = keys;
    this.#orders = orders;
    this.#items = items;
  }
}
