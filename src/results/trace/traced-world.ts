/** A world at whose door the tracer listens: every intention, fact and observation passes by it and on, unchanged. */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { CallId, Facts, Report } from '../../fleet/facts.ts';
import type { Call, FleetNote, Intentions } from '../../fleet/intentions.ts';
import type { Observer, ServerTotals, SessionTotals, World } from '../../fleet/world.ts';
import type { Tracer } from './tracer.ts';

export class TracedWorld implements World {
  readonly #world: World;
  readonly #tracer: Tracer;

  constructor(world: World, tracer: Tracer) {
    this.#world = world;
    this.#tracer = tracer;
  }

  run(facts: Facts, observer: Observer): void {
    this.#world.run(
      new TracedFacts(facts, this.#tracer),
      new TracedObserver(observer, this.#tracer),
    );
  }

  send(now: Millis, call: Call): void {
    this.#tracer.sent(now, call);
    this.#world.send(now, call);
  }

  abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void {
    this.#tracer.abandoned(now, call, because);
    this.#world.abandon(now, call, because);
  }

  withhold(now: Millis, request: Request, because: Parameters<Intentions['withhold']>[2]): void {
    this.#tracer.withheld(now, request, because);
    this.#world.withhold(now, request, because);
  }

  probe(now: Millis, server: ServerId, timeout: Millis): void {
    this.#world.probe(now, server, timeout);
  }

  start(now: Millis, server: ServerId): void {
    this.#world.start(now, server);
  }

  stop(now: Millis, server: ServerId): void {
    this.#world.stop(now, server);
  }

  wakeAt(now: Millis, at: Millis): void {
    this.#world.wakeAt(now, at);
  }

  reply(now: Millis, request: Request, outcome: Outcome): void {
    this.#tracer.replied(now, request, outcome);
    this.#world.reply(now, request, outcome);
  }

  note(note: FleetNote): void {
    this.#tracer.noted(note);
    this.#world.note(note);
  }
}

class TracedFacts implements Facts {
  readonly #facts: Facts;
  readonly #tracer: Tracer;

  constructor(facts: Facts, tracer: Tracer) {
    this.#facts = facts;
    this.#tracer = tracer;
  }

  opened(now: Millis): void {
    this.#facts.opened(now);
  }

  arrived(now: Millis, request: Request): void {
    this.#tracer.arrived(now, request);
    this.#facts.arrived(now, request);
  }

  began(now: Millis, call: CallId): void {
    this.#facts.began(now, call);
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#tracer.answered(now, call, outcome);
    this.#facts.answered(now, call, outcome);
  }

  left(now: Millis, request: Request): void {
    this.#facts.left(now, request);
  }

  closed(now: Millis, session: number): void {
    this.#facts.closed(now, session);
  }

  probed(now: Millis, server: ServerId, ok: boolean): void {
    this.#facts.probed(now, server, ok);
  }

  reported(now: Millis, server: ServerId, report: Report): void {
    this.#facts.reported(now, server, report);
  }

  started(now: Millis, server: ServerId): void {
    this.#facts.started(now, server);
  }

  exited(now: Millis, server: ServerId): void {
    this.#facts.exited(now, server);
  }

  woke(now: Millis): void {
    this.#facts.woke(now);
  }
}

class TracedObserver implements Observer {
  readonly #observer: Observer;
  readonly #tracer: Tracer;

  constructor(observer: Observer, tracer: Tracer) {
    this.#observer = observer;
    this.#tracer = tracer;
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis, request: Request, attempt: number): void {
    this.#tracer.served(now, server, waitedMs, request, attempt);
    this.#observer.waited(now, server, waitedMs, request, attempt);
  }

  tick(now: Millis, queued: number): void {
    this.#observer.tick(now, queued);
  }

  tally(now: Millis, servers: readonly ServerTotals[]): void {
    this.#observer.tally(now, servers);
  }

  fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    this.#tracer.fault(now, fault, on);
    this.#observer.fault(now, fault, server, on);
  }

  sessions(totals: SessionTotals): void {
    this.#observer.sessions(totals);
  }
}
