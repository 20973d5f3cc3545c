/**
 * The one controller: it hears facts, asks the policies, and states intentions. This file is its door and its clockwork;
 * calls, members, sessions and scaling have files of their own. Nothing here knows whether the world is real.
 */
import type { LoadReport } from '../core/load-report.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import { NEVER, type Millis } from '../core/units.ts';
import type { Balancer } from '../policies/balancer/balancer.ts';
import type { Ejection } from '../policies/ejection/ejection.ts';
import { Calls } from './calls.ts';
import type { CallId, Facts } from './facts.ts';
import type { Intentions } from './intentions.ts';
import { Members } from './members.ts';
import type { FleetOptions } from './options.ts';
import { Scaling } from './scaling.ts';
import { Sessions } from './sessions.ts';
import { TIMER, Timers } from './timers.ts';

export class Fleet implements Facts {
  readonly #out: Intentions;
  readonly #balancer: Balancer;
  readonly #ejection: Ejection | null;
  readonly #timers = new Timers();
  readonly #members: Members;
  readonly #sessions: Sessions;
  readonly #scaling: Scaling;
  readonly #calls: Calls;
  /** What the world was last asked to wake us for. */
  #alarm: Millis = NEVER;

  constructor(options: FleetOptions, out: Intentions) {
    this.#out = out;
    this.#balancer = options.balancer;
    this.#ejection = options.ejection;
    this.#members = new Members(options, this.#timers, out);
    this.#sessions = new Sessions(this.#members, options.rebalance, out);
    this.#scaling = new Scaling(options.autoscaler, options.victims, this.#members, out);
    this.#calls = new Calls(
      options,
      this.#members,
      this.#sessions,
      this.#scaling,
      this.#timers,
      out,
    );
  }

  /** Servers ready or starting. */
  get wanted(): number {
    return this.#members.wanted;
  }

  /** Servers started and checked, not draining. */
  get ready(): number {
    return this.#members.eligibility.readyCount;
  }

  /** Requests that wait at the balancer for a server. */
  get waiting(): number {
    return this.#calls.waiting;
  }

  /** Requests without a reply. */
  get inFlight(): number {
    return this.#calls.inFlight;
  }

  /** Time since the arrivals of requests without a reply, summed; walks over all of them. */
  ages(now: Millis): Millis {
    return this.#calls.ages(now);
  }

  /**
   * Proves by a full recount that the eligible set is what the policies say; throws an invariant if not. With timers due
   * that no fact has settled yet there is nothing to prove: a real clock runs ahead of its alarms.
   */
  audit(now: Millis): void {
    if (!this.#timers.due(now)) this.#members.eligibility.audit(now);
  }

  opened(now: Millis): void {
    this.#members.open(now);
    if (this.#scaling.every < NEVER)
      this.#timers.schedule(now + this.#scaling.every, TIMER.scale, 0);
    if (this.#ejection !== null && this.#ejection.every < NEVER)
      this.#timers.schedule(now + this.#ejection.every, TIMER.sweep, 0);
    if (this.#scaling.scrape < NEVER)
      this.#timers.schedule(now + this.#scaling.scrape, TIMER.scrape, 0);
    this.#arm(now);
  }

  arrived(now: Millis, request: Request): void {
    this.#settleTimers(now);
    this.#scaling.arrived(now);
    this.#calls.open(now, request);
    this.#arm(now);
  }

  began(now: Millis, call: CallId): void {
    const serial = this.#calls.serial(call);
    this.#settleTimers(now);
    if (this.#calls.serial(call) === serial) this.#calls.begun(now, call);
    this.#arm(now);
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    const serial = this.#calls.serial(call);
    this.#settleTimers(now);
    if (this.#calls.serial(call) === serial) this.#calls.answered(now, call, outcome);
    this.#arm(now);
  }

  left(now: Millis, request: Request): void {
    this.#settleTimers(now);
    this.#calls.left(now, request);
    this.#arm(now);
  }

  closed(now: Millis, session: number): void {
    this.#settleTimers(now);
    this.#sessions.close(now, session);
    this.#arm(now);
  }

  probed(now: Millis, server: ServerId, ok: boolean): void {
    this.#settleTimers(now);
    this.#members.probed(now, this.#members.all[server]!, ok);
    this.#arm(now);
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    this.#settleTimers(now);
    this.#scaling.reported(now, server, report);
    if (this.#balancer.listens || this.#balancer.polls)
      this.#balancer.reported(now, server, report);
    this.#arm(now);
  }

  started(now: Millis, server: ServerId): void {
    this.#settleTimers(now);
    this.#members.started(now, this.#members.all[server]!);
    this.#arm(now);
  }

  exited(now: Millis, _server: ServerId): void {
    this.#settleTimers(now);
    this.#arm(now);
  }

  woke(now: Millis): void {
    this.#settleTimers(now);
    this.#arm(now);
  }

  #settleTimers(now: Millis): void {
    const timers = this.#timers;
    while (timers.due(now)) {
      timers.take();
      const { at, item, sequence } = timers;
      switch (timers.kind) {
        case TIMER.deadline:
          this.#calls.expired(at, item, sequence);
          break;
        case TIMER.retry:
          this.#calls.retry(at, item, sequence);
          break;
        case TIMER.probe:
          this.#members.probe(at, this.#members.all[item]!);
          break;
        case TIMER.wake:
          this.#members.woke(at, this.#members.all[item]!);
          break;
        case TIMER.drain:
          this.#members.drained(at, this.#members.all[item]!);
          break;
        case TIMER.scale:
          this.#scaling.decide(at, this.#calls.waiting);
          timers.schedule(at + this.#scaling.every, TIMER.scale, 0);
          break;
        case TIMER.hedge:
          this.#calls.hedge(at, item, sequence);
          break;
        case TIMER.backlog:
          this.#calls.outOfPatience(at, item, sequence);
          break;
        case TIMER.sweep:
          this.#members.sweep(at);
          timers.schedule(at + this.#ejection!.every, TIMER.sweep, 0);
          break;
        case TIMER.scrape:
          this.#scaling.scrapes(at);
          timers.schedule(at + this.#scaling.scrape, TIMER.scrape, 0);
          break;
      }
    }
    if (this.#alarm <= now) this.#alarm = NEVER;
  }

  /** Asks for an earlier alarm when one is needed; a late one is harmless and re-arms itself. */
  #arm(now: Millis): void {
    this.#calls.serveBacklog(now);
    const earliest = this.#timers.earliest(this.#calls.isDue);
    if (earliest < this.#alarm) {
      this.#alarm = earliest;
      this.#out.wakeAt(now, earliest);
    }
  }
}
