/**
 * The simulated world under observation: the same world, with a look at what theory speaks of and no metric of ours
 * shows. Who waited how long, how many requests are present over time, and how many are at chosen instants.
 * It only looks: every call goes on to the world as it came.
 */
import { Histogram } from '../../src/core/histogram.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Request, ServerId } from '../../src/core/request.ts';
import type { Facts } from '../../src/fleet/facts.ts';
import type { Call } from '../../src/fleet/intentions.ts';
import { PassingObserver } from '../../src/fleet/passing.ts';
import type { Observer } from '../../src/fleet/world.ts';
import { SimWorld, type SimWorldOptions } from '../../src/sim/sim-world.ts';

/** 0.01 % wide: quantiles of waits are as good as exact. */
const FINE = 12;

export interface Watching {
  /** Instants, ascending, ms, at which the number present is noted. */
  readonly instants?: readonly number[];
  /** Told of each request's wait in a queue, ms, in the order in which they get their slots. */
  readonly waited?: (request: Request, waitedMs: number) => void;
  readonly sent?: (now: number, request: Request, server: ServerId) => void;
  readonly replied?: (now: number, request: Request) => void;
}

/** A fault begins or ends on a server. */
export interface FaultSeen {
  readonly at: number;
  readonly server: ServerId;
  readonly on: boolean;
}

export class WatchedWorld extends SimWorld {
  /** Waits of requests that arrived after the warm-up: their law, their squares summed, ms. */
  readonly waits = new Histogram(FINE);
  waitedMs = 0;
  waitedSquares = 0;
  unwaited = 0;
  /** Time integral of the number present, and the time with none, over the measured time, ms. */
  presentArea = 0;
  emptyMs = 0;
  readonly presentAt: number[] = [];
  readonly faults: FaultSeen[] = [];
  readonly #watching: Watching;
  readonly #instants: readonly number[];
  readonly #warmup: number;
  readonly #duration: number;
  #present = 0;
  #seen = 0;

  constructor(options: SimWorldOptions, watching: Watching = {}) {
    super(options);
    this.#watching = watching;
    this.#instants = watching.instants ?? [];
    this.#warmup = options.warmup;
    this.#duration = options.duration;
  }

  override run(facts: Facts, observer: Observer): void {
    super.run(facts, new Watcher(this, observer));
    this.#look(this.#duration);
  }

  override send(now: number, call: Call): void {
    if (call.attempt === 0) this.#change(now, 1);
    this.#watching.sent?.(now, call.request, call.server);
    super.send(now, call);
  }

  override reply(now: number, request: Request, outcome: Outcome): void {
    this.#change(now, -1);
    this.#watching.replied?.(now, request);
    super.reply(now, request, outcome);
  }

  /** Told by the watcher. */
  gotSlot(waitedMs: number, request: Request): void {
    this.#watching.waited?.(request, waitedMs);
    if (request.at < this.#warmup) return;
    this.waits.record(waitedMs);
    this.waitedMs += waitedMs;
    this.waitedSquares += waitedMs * waitedMs;
    if (waitedMs === 0) this.unwaited++;
  }

  #change(now: number, by: 1 | -1): void {
    this.#look(now);
    this.#present += by;
  }

  /** Brings the accounts up to `now`, at which nothing has changed yet. */
  #look(now: number): void {
    const instants = this.#instants;
    while (this.presentAt.length < instants.length && instants[this.presentAt.length]! <= now)
      this.presentAt.push(this.#present);
    const from = Math.max(this.#seen, this.#warmup);
    const passed = Math.min(now, this.#duration) - from;
    if (passed > 0) {
      this.presentArea += this.#present * passed;
      if (this.#present === 0) this.emptyMs += passed;
    }
    this.#seen = now;
  }
}

/** Hands everything on to the recorder. */
class Watcher extends PassingObserver {
  readonly #world: WatchedWorld;

  constructor(world: WatchedWorld, next: Observer) {
    super(next);
    this.#world = world;
  }

  override waited(
    now: number,
    server: ServerId,
    waitedMs: number,
    request: Request,
    attempt: number,
  ): void {
    this.#world.gotSlot(waitedMs, request);
    this.next.waited(now, server, waitedMs, request, attempt);
  }

  override fault(now: number, fault: number, server: ServerId, on: boolean): void {
    this.#world.faults.push({ at: now, server, on });
    this.next.fault(now, fault, server, on);
  }
}
