/**
 * A queue of events that are all due the same delay after they were made, hence sorted by construction: a ring instead
 * of a heap. Timeouts and constant network delays live here. Each event carries an item and a sequence number.
 */
export class Lane {
  /** Instant and sequence of the first event; Infinity when there is none. */
  at = Infinity;
  sequence = 0;
  size = 0;
  #ats = new Float64Array(64);
  #sequences = new Float64Array(64);
  #items = new Int32Array(64);
  #head = 0;

  /** Item of the first event. */
  get item(): number {
    return this.#items[this.#head]!;
  }

  /** `at` must not be earlier than that of the event before. */
  push(at: number, sequence: number, item: number): void {
    if (this.size === this.#items.length) this.#grow();
    const tail = (this.#head + this.size) & (this.#items.length - 1);
    this.#ats[tail] = at;
    this.#sequences[tail] = sequence;
    this.#items[tail] = item;
    if (this.size++ === 0) this.#show();
  }

  /** Takes the first event off; only when there is one. */
  pop(): void {
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.size--;
    this.#show();
  }

  #show(): void {
    if (this.size === 0) this.at = Infinity;
    else {
      this.at = this.#ats[this.#head]!;
      this.sequence = this.#sequences[this.#head]!;
    }
  }

  #grow(): void {
    const old = this.#items.length;
    const ats = new Float64Array(2 * old);
    const sequences = new Float64Array(2 * old);
    const items = new Int32Array(2 * old);
    for (let k = 0; k < this.size; k++) {
      const from = (this.#head + k) & (old - 1);
      ats[k] = this.#ats[from]!;
      sequences[k] = this.#sequences[from]!;
      items[k] = this.#items[from]!;
    }
    this.#ats = ats;
    this.#sequences = sequences;
    this.#items = items;
    this.#head = 0;
  }
}
