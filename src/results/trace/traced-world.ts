/** A world at whose door the tracer listens: every intention, fact and observation passes by it and on, unchanged. */
import type { Failure, Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { CallId, Facts } from '../../fleet/facts.ts';
import type { Call, FleetNote } from '../../fleet/intentions.ts';
import { PassingFacts, PassingIntentions, PassingObserver } from '../../fleet/passing.ts';
import type { Observer, World } from '../../fleet/world.ts';
import type { Tracer } from './tracer.ts';

export class TracedWorld extends PassingIntentions implements World {
  readonly #world: World;
  readonly #tracer: Tracer;

  constructor(world: World, tracer: Tracer) {
    super(world);
    this.#world = world;
    this.#tracer = tracer;
  }

  run(facts: Facts, observer: Observer): void {
    this.#world.run(
      new TracedFacts(facts, this.#tracer),
      new TracedObserver(observer, this.#tracer),
    );
  }

  override send(now: Millis, call: Call): void {
    this.#tracer.sent(now, call);
    this.next.send(now, call);
  }

  override abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void {
    this.#tracer.abandoned(now, call, because);
    this.next.abandon(now, call, because);
  }

  override withhold(now: Millis, request: Request, because: Failure): void {
    this.#tracer.withheld(now, request, because);
    this.next.withhold(now, request, because);
  }

  override reply(now: Millis, request: Request, outcome: Outcome): void {
    this.#tracer.replied(now, request, outcome);
    this.next.reply(now, request, outcome);
  }

  override note(note: FleetNote): void {
    this.#tracer.noted(note);
    this.next.note(note);
  }
}

class TracedFacts extends PassingFacts {
  readonly #tracer: Tracer;

  constructor(facts: Facts, tracer: Tracer) {
    super(facts);
    this.#tracer = tracer;
  }

  override arrived(now: Millis, request: Request): void {
    this.#tracer.arrived(now, request);
    this.next.arrived(now, request);
  }

  override answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#tracer.answered(now, call, outcome);
    this.next.answered(now, call, outcome);
  }

  override left(now: Millis, request: Request): void {
    this.#tracer.left(request);
    this.next.left(now, request);
  }
}

class TracedObserver extends PassingObserver {
  readonly #tracer: Tracer;

  constructor(observer: Observer, tracer: Tracer) {
    super(observer);
    this.#tracer = tracer;
  }

  override waited(
    now: Millis,
    server: ServerId,
    waitedMs: Millis,
    request: Request,
    attempt: number,
  ): void {
    this.#tracer.served(now, server, waitedMs, request, attempt);
    this.next.waited(now, server, waitedMs, request, attempt);
  }

  override fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    this.#tracer.fault(now, fault, on);
    this.next.fault(now, fault, server, on);
  }
}
