/**
 * The simulated world: a discrete-event simulation of clients, network and fake servers that carries out a fleet's
 * intentions by arithmetic. It keeps its own record of every job, as a legacy server goes on working on a call that the
 * fleet has given up. Draws are keyed by the request, so the weather does not depend on who asks first. Here are the run
 * loop and the door; the way of a call is in journeys.ts, the servers are in server-room.ts.
 */
import { emptyReport } from '../core/load-report.ts';
import { invariant } from '../core/invariant.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import { ticksOf } from '../core/ticks.ts';
import { NEVER, type Millis } from '../core/units.ts';
import { Floor } from '../fake/floor.ts';
import type { JobId } from '../fake/jobs.ts';
import type { Host } from '../fake/site.ts';
import type { Facts } from '../fleet/facts.ts';
import type { Call } from '../fleet/intentions.ts';
import type { Observer, World } from '../fleet/world.ts';
import type { Inputs, Setup } from '../scenario/scenario.ts';
import { Demand, followMs } from '../scenario/traffic.ts';
import { ComeAgain } from './come-again.ts';
import { EventQueue } from './event-queue.ts';
import { EVENT, SLOTS } from './events.ts';
import { Journeys } from './journeys.ts';
import { Network } from './network.ts';
import { ServerRoom } from './server-room.ts';

export interface SimWorldOptions {
  readonly setup: Setup;
  readonly inputs: Inputs;
  readonly seed: number;
  readonly duration: Millis;
  readonly warmup: Millis;
  /** Does the fleet want a report of load with each answer? No, if absent. */
  readonly reports?: boolean;
  /** Overrides the drawn work of a request, ms in a slot at speed 1: for golden paths. */
  readonly workOf?: (request: Request) => Millis;
}

export class SimWorld implements World, Host {
  /** Events handled so far, for the reader of a breached invariant. */
  events = 0;
  readonly #options: SimWorldOptions;
  readonly #queue = new EventQueue(SLOTS);
  readonly #floor = new Floor();
  readonly #jobs = this.#floor.jobs;
  readonly #network: Network;
  readonly #comeAgain = new ComeAgain(this.#queue);
  readonly #demand: Demand;
  readonly #room: ServerRoom;
  readonly #journeys: Journeys;
  /** Do reports of load ride on answers? */
  readonly #reports: boolean;
  readonly #report = emptyReport();
  /** Times of ticks to come, last first. */
  readonly #ticks: Millis[];
  readonly #end: Millis;
  #facts!: Facts;
  #observer!: Observer;
  #inFlight = 0;
  /** The duration is over, and the servers' totals are taken. */
  #tallied = false;

  constructor(options: SimWorldOptions) {
    const { setup, inputs, seed, duration, warmup } = options;
    this.#options = options;
    this.#demand = new Demand(setup.traffic, inputs, seed, warmup);
    this.#network = new Network(setup.network, inputs, seed, this.#queue);
    this.#room = new ServerRoom(
      setup,
      inputs,
      seed,
      duration,
      this.#queue,
      this.#floor,
      this,
      this.#demand,
    );
    this.#journeys = new Journeys(this.#jobs, this.#network, this.#room);
    this.#reports = options.reports ?? false;
    this.#end = duration + followMs(setup.traffic, duration);
    this.#ticks = ticksOf(duration, warmup);
  }

  /** Time in a slot of a job, ms at speed 1. */
  workOf(job: JobId): Millis {
    const request = this.#jobs.request[job]!;
    return this.#options.workOf?.(request) ?? this.#demand.workOf(request);
  }

  run(facts: Facts, observer: Observer): void {
    this.#facts = facts;
    this.#observer = observer;
    const queue = this.#queue;
    this.#room.open(observer, facts);
    queue.set(EVENT.arrival, this.#demand.nextAt);
    queue.set(EVENT.tick, this.#ticks.pop()!);
    facts.opened(0);
    while (queue.next() && queue.at <= this.#end) {
      this.events++;
      this.#handle(queue.at, queue.kind, queue.item, queue.sequence);
      if (this.#inFlight === 0 && this.#tallied) break;
    }
    const { tally } = this.#demand;
    observer.sessions(tally);
  }

  send(now: Millis, call: Call): void {
    this.#journeys.send(now, call);
  }

  abandon(now: Millis, call: Call): void {
    this.#journeys.abandon(now, call);
  }

  probe(now: Millis, server: ServerId, timeout: Millis): void {
    this.#room.probe(now, server, timeout, this.#network.typical);
  }

  /** The report is of the instant at which it comes in. */
  ask(now: Millis, server: ServerId): void {
    this.#queue.schedule(now + 2 * this.#network.typical, EVENT.load, server);
  }

  start(now: Millis, server: ServerId): void {
    this.#room.start(now, server);
  }

  stop(now: Millis, server: ServerId): void {
    this.#room.stop(now, server);
  }

  /** Ahead of all else at that instant, as a fleet settles its timers before it hears a fact: a deadline met on the dot is missed. */
  wakeAt(_now: Millis, at: Millis): void {
    this.#queue.setAhead(EVENT.alarm, at);
  }

  reply(now: Millis, request: Request, outcome: Outcome): void {
    if (outcome === 'deferred') {
      this.#comeAgain.deferred(now, request);
      return;
    }
    this.#inFlight--;
    if (request.session === 0) return;
    const next = this.#demand.replied(now, request, outcome);
    if (next === NEVER) this.#queue.schedule(now, EVENT.session, request.session);
    else if (next < this.#options.duration)
      this.#queue.schedule(next, EVENT.session, request.session);
  }

  withhold(): void {}
  note(): void {}

  /** The server's side of a job's end, told by `fake/`. */
  finishAt(at: Millis, job: JobId): void {
    this.#jobs.due[job] = this.#queue.schedule(at, EVENT.finish, job);
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis, job: JobId): void {
    const { request, attempt } = this.#jobs;
    this.#observer.waited(now, server, waitedMs, request[job]!, attempt[job]!);
  }

  reset(now: Millis, job: JobId): void {
    this.#journeys.answer(now, job, 'reset');
  }

  #handle(now: Millis, kind: number, item: number, sequence: number): void {
    switch (kind) {
      case EVENT.arrival:
        this.#arrive(now);
        break;
      case EVENT.deliver:
        this.#journeys.deliver(now, item);
        break;
      case EVENT.finish:
        if (this.#jobs.due[item] === sequence) this.#journeys.finish(now, item);
        break;
      case EVENT.answer:
        this.#answered(now, item);
        break;
      case EVENT.alarm:
        this.#facts.woke(now);
        break;
      case EVENT.cancel:
        if (this.#jobs.cancel[item] === sequence) this.#journeys.cancel(now, item);
        break;
      case EVENT.patience:
        if (this.#jobs.due[item] === sequence) this.#journeys.giveUp(now, item);
        break;
      case EVENT.resubmit:
        this.#facts.arrived(now, this.#comeAgain.take(item));
        break;
      case EVENT.session:
        this.#resume(now, item);
        break;
      case EVENT.tick:
        this.#tick(now);
        break;
      default:
        this.#serverEvent(now, kind, item, sequence);
    }
  }

  #serverEvent(now: Millis, kind: number, server: ServerId, sequence: number): void {
    switch (kind) {
      case EVENT.fault:
        this.#room.changeFaults(now);
        break;
      case EVENT.probe:
        this.#room.probeArrives(now, server, this.#network.typical);
        break;
      case EVENT.probedOk:
        if (this.#reports) this.#tellLoad(now, server);
        this.#facts.probed(now, server, true);
        break;
      case EVENT.load:
        this.#tellLoad(now, server);
        break;
      case EVENT.probedBad:
        this.#facts.probed(now, server, false);
        break;
      case EVENT.rise:
        this.#room.rise(now, server, sequence);
        break;
      case EVENT.leaked:
        this.#room.leaked(now, server);
        break;
      case EVENT.exited:
        this.#facts.exited(now, server);
        break;
      default:
        invariant(false, `simulator: no such event ${kind}`);
    }
  }

  #arrive(now: Millis): void {
    if (now >= this.#options.duration) return;
    const request = this.#demand.arrive();
    this.#queue.set(EVENT.arrival, this.#demand.nextAt);
    this.#inFlight++;
    this.#facts.arrived(now, request);
  }

  #resume(now: Millis, session: number): void {
    if (!this.#demand.isOpen(session)) {
      this.#close(now, session);
      return;
    }
    if (now >= this.#options.duration) return;
    const request = this.#demand.resume(now, session);
    if (request.session !== session) this.#close(now, session);
    this.#inFlight++;
    this.#facts.arrived(now, request);
  }

  #close(now: Millis, session: number): void {
    this.#room.closeSession(session);
    this.#facts.closed(now, session);
  }

  #answered(now: Millis, job: JobId): void {
    const journeys = this.#journeys;
    const call = journeys.arrive(job);
    if (call < 0) return;
    const { outcome, server } = journeys;
    this.#facts.answered(now, call, outcome);
    if (this.#reports && outcome !== 'refused' && outcome !== 'reset') this.#tellLoad(now, server);
  }

  #tellLoad(now: Millis, server: ServerId): void {
    if (this.#room.server(server).report(now, this.#report))
      this.#facts.reported(now, server, this.#report);
  }

  #tick(now: Millis): void {
    const next = this.#ticks.pop();
    this.#tallied = next === undefined;
    this.#observer.tick(now, this.#room.queued());
    if (now === this.#options.warmup || this.#tallied)
      this.#observer.tally(now, this.#room.totals(now));
    if (next !== undefined) this.#queue.set(EVENT.tick, next);
  }
}
