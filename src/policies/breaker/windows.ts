/**
 * The windows over which breakers count, each in a ring that is made once:
 *
 * - `CountWindow`: the last n calls (resilience4j's FixedSizeSlidingWindowMetrics, cockatiel's CountBreaker).
 * - `BucketWindow`: buckets of equal width in step with a given instant (resilience4j's SlidingTimeWindowMetrics, linkerd's
 *   SuccessRateWindow). An instant's bucket is computed, never counted up, so that no idle gap is too long for it.
 * - `SliceWindow`: slices that begin when a call ends after the last slice is over (Polly's RollingHealthMetrics,
 *   cockatiel's SamplingBreaker). All that are too old go at once; cockatiel drops one a call, so that after an idle gap
 *   its old failures still count.
 */
import type { Millis } from '../../core/units.ts';
import { KINDS, Tally, type Kind } from './tally.ts';

export interface Window {
  /** What is in it, as of the last `add` or `roll`. */
  readonly tally: Tally;
  add(now: Millis, kind: Kind): void;
  /** Lets go of what is too old. */
  roll(now: Millis): void;
  /** Empties it. */
  clear(now: Millis): void;
}

export class CountWindow implements Window {
  readonly tally = new Tally();
  /** A circle, the oldest at `#next` once it is full. */
  readonly #kinds: Uint8Array;
  #next = 0;
  #size = 0;

  constructor(size: number) {
    this.#kinds = new Uint8Array(size);
  }

  add(_now: Millis, kind: Kind): void {
    if (this.#size === this.#kinds.length) this.tally.add(this.#kinds[this.#next] as Kind, -1);
    else this.#size++;
    this.#kinds[this.#next] = kind;
    this.#next = (this.#next + 1) % this.#kinds.length;
    this.tally.add(kind);
  }

  /** Its calls by age, 0 = the oldest. */
  kindAt(index: number): Kind {
    const { length } = this.#kinds;
    return this.#kinds[(this.#next - this.#size + index + length) % length] as Kind;
  }

  roll(): void {}

  clear(): void {
    this.#next = 0;
    this.#size = 0;
    this.tally.clear();
  }
}

export class BucketWindow implements Window {
  readonly tally = new Tally();
  readonly #width: Millis;
  readonly #places: Places;
  /** Buckets begin at this instant plus whole widths. */
  #anchor: Millis;
  /** Number of the newest bucket since the anchor. */
  #newest = 0;

  constructor(width: Millis, buckets: number, anchor: Millis = 0) {
    this.#width = width;
    this.#places = new Places(buckets, this.tally);
    this.#anchor = anchor;
  }

  add(now: Millis, kind: Kind): void {
    this.roll(now);
    this.#places.add(this.#newest % this.#places.count, kind);
  }

  roll(now: Millis): void {
    const bucket = Math.floor((now - this.#anchor) / this.#width);
    const first = Math.max(this.#newest + 1, bucket - this.#places.count + 1);
    for (let one = first; one <= bucket; one++) this.#places.empty(one % this.#places.count);
    if (bucket > this.#newest) this.#newest = bucket;
  }

  /** `now` becomes the instant with which its buckets are in step. */
  clear(now: Millis): void {
    this.#places.clear();
    this.#anchor = now;
    this.#newest = 0;
  }
}

export class SliceWindow implements Window {
  readonly tally = new Tally();
  readonly #width: Millis;
  readonly #span: Millis;
  readonly #places: Places;
  readonly #beganAt: Float64Array;
  #oldest = 0;
  #size = 0;

  /** `beganAt`: when its first slice began, if not with the first call. */
  constructor(width: Millis, span: Millis, beganAt?: Millis) {
    // Slices begin at least a width apart; one more is there while the oldest is not gone yet.
    const most = Math.ceil(span / width) + 2;
    this.#width = width;
    this.#span = span;
    this.#places = new Places(most, this.tally);
    this.#beganAt = new Float64Array(most);
    if (beganAt !== undefined) this.#begin(beganAt);
  }

  add(now: Millis, kind: Kind): void {
    this.roll(now);
    if (this.#size === 0 || now - this.#beganAt[this.#newest()]! >= this.#width) this.#begin(now);
    this.#places.add(this.#newest(), kind);
  }

  roll(now: Millis): void {
    while (this.#size > 0 && now - this.#beganAt[this.#oldest]! >= this.#span) {
      this.#places.empty(this.#oldest);
      this.#oldest = (this.#oldest + 1) % this.#places.count;
      this.#size--;
    }
  }

  clear(): void {
    this.#places.clear();
    this.#size = 0;
  }

  #begin(at: Millis): void {
    this.#size++;
    this.#beganAt[this.#newest()] = at;
  }

  #newest(): number {
    return (this.#oldest + this.#size - 1) % this.#places.count;
  }
}

/** The tallies of a ring's places, and their sum. */
class Places {
  readonly count: number;
  readonly #sum: Tally;
  readonly #calls: Float64Array;

  constructor(count: number, sum: Tally) {
    this.count = count;
    this.#sum = sum;
    this.#calls = new Float64Array(count * KINDS);
  }

  add(place: number, kind: Kind): void {
    this.#calls[place * KINDS + kind]!++;
    this.#sum.add(kind);
  }

  empty(place: number): void {
    for (let kind = 0; kind < KINDS; kind++) {
      const at = place * KINDS + kind;
      this.#sum.add(kind as Kind, -this.#calls[at]!);
      this.#calls[at] = 0;
    }
  }

  clear(): void {
    this.#calls.fill(0);
    this.#sum.clear();
  }
}
