/**
 * The door and the observer's window, passed on unchanged: whoever watches one of them extends its class and overrides
 * what it watches, and the rest goes by. They know nothing of a fleet but its interfaces; that is why the recorder and
 * the tracer, who may import only types of this folder, may import this file.
 */
import type { LoadReport } from '../core/load-report.ts';
import type { Failure, Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { CallId, Facts } from './facts.ts';
import type { Call, FleetNote, Intentions } from './intentions.ts';
import type { Observer, ServerTotals, SessionTotals } from './world.ts';

/** Tells `next` every fact that it is told. */
export class PassingFacts implements Facts {
  protected readonly next: Facts;

  constructor(next: Facts) {
    this.next = next;
  }

  opened(now: Millis): void {
    this.next.opened(now);
  }

  arrived(now: Millis, request: Request): void {
    this.next.arrived(now, request);
  }

  began(now: Millis, call: CallId): void {
    this.next.began(now, call);
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.next.answered(now, call, outcome);
  }

  left(now: Millis, request: Request): void {
    this.next.left(now, request);
  }

  closed(now: Millis, session: number): void {
    this.next.closed(now, session);
  }

  probed(now: Millis, server: ServerId, ok: boolean): void {
    this.next.probed(now, server, ok);
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    this.next.reported(now, server, report);
  }

  started(now: Millis, server: ServerId): void {
    this.next.started(now, server);
  }

  exited(now: Millis, server: ServerId): void {
    this.next.exited(now, server);
  }

  woke(now: Millis): void {
    this.next.woke(now);
  }
}

/** States to `next` every intention that is stated to it. */
export class PassingIntentions implements Intentions {
  protected readonly next: Intentions;

  constructor(next: Intentions) {
    this.next = next;
  }

  send(now: Millis, call: Call): void {
    this.next.send(now, call);
  }

  abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void {
    this.next.abandon(now, call, because);
  }

  withhold(now: Millis, request: Request, because: Failure): void {
    this.next.withhold(now, request, because);
  }

  probe(now: Millis, server: ServerId, timeout: Millis): void {
    this.next.probe(now, server, timeout);
  }

  ask(now: Millis, server: ServerId): void {
    this.next.ask(now, server);
  }

  start(now: Millis, server: ServerId): void {
    this.next.start(now, server);
  }

  stop(now: Millis, server: ServerId): void {
    this.next.stop(now, server);
  }

  wakeAt(now: Millis, at: Millis): void {
    this.next.wakeAt(now, at);
  }

  reply(now: Millis, request: Request, outcome: Outcome): void {
    this.next.reply(now, request, outcome);
  }

  note(note: FleetNote): void {
    this.next.note(note);
  }
}

/** Shows `next` all that it is shown. */
export class PassingObserver implements Observer {
  protected readonly next: Observer;

  constructor(next: Observer) {
    this.next = next;
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis, request: Request, attempt: number): void {
    this.next.waited(now, server, waitedMs, request, attempt);
  }

  tick(now: Millis, queued: number): void {
    this.next.tick(now, queued);
  }

  tally(now: Millis, servers: readonly ServerTotals[]): void {
    this.next.tally(now, servers);
  }

  fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    this.next.fault(now, fault, server, on);
  }

  sessions(totals: SessionTotals): void {
    this.next.sessions(totals);
  }
}
