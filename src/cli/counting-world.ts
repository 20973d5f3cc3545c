/** The simulated world with a counter of how far it is, for the progress of long runs: told at each tick of the run. */
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Facts } from '../fleet/facts.ts';
import type { Observer, ServerTotals, SessionTotals } from '../fleet/world.ts';
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

class TickCounter implements Observer {
  readonly #observer: Observer;
  readonly #counter: Int32Array;
  readonly #duration: Millis;
  #told = 0;

  constructor(observer: Observer, counter: Int32Array, duration: Millis) {
    this.#observer = observer;
    this.#counter = counter;
    this.#duration = duration;
  }

  tick(now: Millis, queued: number): void {
    const reached = Math.floor((WHOLE_RUN * now) / this.#duration);
    Atomics.add(this.#counter, 0, reached - this.#told);
    this.#told = reached;
    this.#observer.tick(now, queued);
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis, request: Request, attempt: number): void {
    this.#observer.waited(now, server, waitedMs, request, attempt);
  }

  tally(now: Millis, servers: readonly ServerTotals[]): void {
    this.#observer.tally(now, servers);
  }

  fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    this.#observer.fault(now, fault, server, on);
  }

  sessions(totals: SessionTotals): void {
    this.#observer.sessions(totals);
  }
}
