/** The simulated world with a counter of how far it is, for the progress of long runs: told at each tick of the run. */
import type { Millis } from '../core/units.ts';
import type { Facts } from '../fleet/facts.ts';
import { PassingObserver } from '../fleet/passing.ts';
import type { Observer } from '../fleet/world.ts';
import { SimWorld, type SimWorldOptions } from '../sim/sim-world.ts';

/** What a finished run adds to the counter. */
export const WHOLE_RUN = 1000;

export class CountingWorld extends SimWorld {
  readonly #counter: Int32Array;
  readonly #duration: Millis;

  /** Adds to `counter[0]` atomically: other threads may share it. */
  constructor(options: SimWorldOptions, counter: Int32Array) {
    super(options);
    this.#counter = counter;
    this.#duration = options.duration;
  }

  override run(facts: Facts, observer: Observer): void {
    super.run(facts, new TickCounter(observer, this.#counter, this.#duration));
  }
}

class TickCounter extends PassingObserver {
  readonly #counter: Int32Array;
  readonly #duration: Millis;
  #told = 0;

  constructor(observer: Observer, counter: Int32Array, duration: Millis) {
    super(observer);
    this.#counter = counter;
    this.#duration = duration;
  }

  override tick(now: Millis, queued: number): void {
    const reached = Math.floor((WHOLE_RUN * now) / this.#duration);
    Atomics.add(this.#counter, 0, reached - this.#told);
    this.#told = reached;
    this.next.tick(now, queued);
  }
}
