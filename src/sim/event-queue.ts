/**
 * The simulator's agenda: what happens next, ties in the order they were scheduled. A heap serves events at any time;
 * lanes serve events that always come the same delay later (network legs); slots hold the single next arrival, alarm
 * and tick. `next()` picks the earliest of all of them and leaves it in `at`, `kind`, `item` and `sequence`.
 */
import { EventHeap } from '../core/event-heap.ts';
import { Lane } from '../core/lane.ts';
import { NEVER, type Millis } from '../core/units.ts';

export class EventQueue {
  at: Millis = 0;
  kind = 0;
  item = 0;
  sequence = 0;
  readonly #heap = new EventHeap(4096);
  readonly #lanes: Lane[] = [];
  readonly #laneKinds: number[] = [];
  readonly #slotAt: Float64Array;
  readonly #slotSequence: Float64Array;
  #issued = 0;

  /** `slots` kinds, from 0, have one pending event at most. */
  constructor(slots: number) {
    this.#slotAt = new Float64Array(slots).fill(NEVER);
    this.#slotSequence = new Float64Array(slots);
  }

  /** A lane for events of `kind`; returns its number for `follow`. */
  addLane(kind: number): number {
    this.#laneKinds.push(kind);
    return this.#lanes.push(new Lane()) - 1;
  }

  /** Schedules an event; returns its sequence number, by which its owner can tell it from a stale one. */
  schedule(at: Millis, kind: number, item: number): number {
    this.#heap.push(at, ++this.#issued, kind, item);
    return this.#issued;
  }

  /** The same through a lane: `at` never runs backwards within it. */
  follow(lane: number, at: Millis, item: number): number {
    this.#lanes[lane]!.push(at, ++this.#issued, item);
    return this.#issued;
  }

  /** Sets the one pending event of a slot kind; NEVER clears it. */
  set(slot: number, at: Millis): void {
    this.#slotAt[slot] = at;
    this.#slotSequence[slot] = ++this.#issued;
  }

  /** The same, ahead of everything else at its instant. */
  setAhead(slot: number, at: Millis): void {
    this.#slotAt[slot] = at;
    this.#slotSequence[slot] = 0;
  }

  /** Moves to the next event; false when nothing is left. */
  next(): boolean {
    let at = this.#heap.at;
    let sequence = this.#heap.sequence;
    let source = -1;
    const lanes = this.#lanes;
    for (let k = 0; k < lanes.length; k++) {
      const lane = lanes[k]!;
      if (lane.at < at || (lane.at === at && lane.sequence < sequence)) {
        at = lane.at;
        sequence = lane.sequence;
        source = k;
      }
    }
    const slotAt = this.#slotAt;
    for (let k = 0; k < slotAt.length; k++) {
      const due = slotAt[k]!;
      if (due < at || (due === at && this.#slotSequence[k]! < sequence)) {
        at = due;
        sequence = this.#slotSequence[k]!;
        source = lanes.length + k;
      }
    }
    if (at === NEVER) return false;
    this.at = at;
    this.sequence = sequence;
    if (source < 0) {
      this.kind = this.#heap.kind;
      this.item = this.#heap.item;
      this.#heap.pop();
    } else if (source < lanes.length) {
      const lane = lanes[source]!;
      this.kind = this.#laneKinds[source]!;
      this.item = lane.item;
      lane.pop();
    } else {
      this.kind = source - lanes.length;
      this.item = 0;
      slotAt[this.kind] = NEVER;
    }
    return true;
  }
}
