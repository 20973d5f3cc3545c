/**
 * The moments a fleet cares about. Deadlines are all the same delay away and so wait in a lane; everything rarer stands
 * in a heap. The fleet asks the world for one alarm: the earliest of them. Timers are not cancelled: each kind recognises
 * its stale ones, and settled deadlines are dropped as soon as they come to the front.
 */
import { EventHeap } from '../core/event-heap.ts';
import { Lane } from '../core/lane.ts';
import { NEVER, type Millis } from '../core/units.ts';

export const TIMER = {
  probe: 0,
  wake: 1,
  retry: 2,
  drain: 3,
  scale: 4,
  deadline: 5,
  scrape: 6,
  hedge: 7,
  backlog: 8,
  sweep: 9,
} as const;
export type TimerKind = (typeof TIMER)[keyof typeof TIMER];

export class Timers {
  /** The timer taken by `take`. */
  at: Millis = 0;
  kind: TimerKind = TIMER.probe;
  item = 0;
  sequence = 0;
  readonly #heap = new EventHeap();
  readonly #deadlines = new Lane();
  #issued = 0;

  schedule(at: Millis, kind: TimerKind, item: number): number {
    this.#heap.push(at, ++this.#issued, kind, item);
    return this.#issued;
  }

  /** Deadlines must come in order, which a constant timeout sees to. */
  deadline(at: Millis, call: number): number {
    this.#deadlines.push(at, ++this.#issued, call);
    return this.#issued;
  }

  /** The earliest timer, or NEVER; `live` tells a deadline that still counts from one whose call is settled. */
  earliest(live: (call: number, sequence: number) => boolean): Millis {
    const lane = this.#deadlines;
    while (lane.size > 0 && !live(lane.item, lane.sequence)) lane.pop();
    return Math.min(this.#heap.at, lane.at);
  }

  /** Is any timer due by `now`? */
  due(now: Millis): boolean {
    return this.#heap.at <= now || this.#deadlines.at <= now;
  }

  /** Takes the first timer off; ties in the order they were set. */
  take(): void {
    const heap = this.#heap;
    const lane = this.#deadlines;
    const fromLane =
      lane.at < heap.at ||
      (lane.at === heap.at && lane.at < NEVER && lane.sequence < heap.sequence);
    if (fromLane) {
      this.at = lane.at;
      this.kind = TIMER.deadline;
      this.item = lane.item;
      this.sequence = lane.sequence;
      lane.pop();
    } else {
      this.at = heap.at;
      this.kind = heap.kind as TimerKind;
      this.item = heap.item;
      this.sequence = heap.sequence;
      heap.pop();
    }
  }
}
