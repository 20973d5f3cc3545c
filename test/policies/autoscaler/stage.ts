/**
 * A fleet for timeline tests: servers that are as busy as told, report at every turn unless they are mute, and come and
 * go at once as the autoscaler decides, or after a start-up. It tells time from turn to turn.
 */
import type {
  Autoscaler,
  Decision,
  Load,
  ServerLoad,
} from '../../../src/policies/autoscaler/autoscaler.ts';
import type { LoadReport } from '../../../src/core/load-report.ts';
import { load, report, server } from './load.ts';

export interface Turn {
  /** Busy slots of each server, of ten; or the calls at work in the fleet, shared out evenly. */
  readonly busy?: number | ((id: number) => number);
  readonly work?: number;
  /** Slot time of a call, ms: 100 unless said otherwise. */
  readonly callMs?: number;
  readonly queued?: number;
  readonly waiting?: number;
  readonly requestsPerSecond?: number;
  readonly concurrencyMean?: number;
  /** Servers that do not report. */
  readonly mute?: 'all' | readonly number[];
  readonly unhealthy?: readonly number[];
}

interface Actor {
  readonly id: number;
  readonly startedAt: number;
  readonly readyAt: number;
  busyMs: number;
  finished: number;
  inFlight: number;
  last: { report: LoadReport; at: number } | null;
  before: { report: LoadReport; at: number } | null;
}

export class Stage {
  now = 0;
  readonly #scaler: Autoscaler;
  readonly #startup: number;
  #actors: Actor[] = [];
  #nextId = 0;

  constructor(scaler: Autoscaler, { servers = 4, startup = 0 } = {}) {
    this.#scaler = scaler;
    this.#startup = startup;
    for (let k = 0; k < servers; k++) this.#start(0);
  }

  get servers(): number {
    return this.#actors.length;
  }

  /** Lives through one interval under that load, asks, and follows. */
  turn(turn: Turn = {}): Decision {
    const took = this.#scaler.every;
    this.now += took;
    for (const actor of this.#actors) this.#work(actor, turn, took);
    const decision = this.#scaler.decide(this.now, this.#load(turn));
    this.follow(decision.desired);
    return decision;
  }

  /** Sizes after each of so many turns under the same load. */
  turns(count: number, turn: Turn = {}): number[] {
    return Array.from({ length: count }, () => this.turn(turn).desired);
  }

  /** Somebody changes the size. */
  follow(desired: number): void {
    while (this.#actors.length < desired) this.#start(this.now + this.#startup);
    this.#actors.length = desired;
  }

  #start(readyAt: number): void {
    const id = this.#nextId++;
    const startedAt = readyAt === 0 ? 0 : this.now;
    this.#actors.push({
      id,
      startedAt,
      readyAt,
      busyMs: 0,
      finished: 0,
      inFlight: 0,
      last: null,
      before: null,
    });
  }

  #work(actor: Actor, turn: Turn, took: number): void {
    const { busy, work, callMs = 100, queued = 0, mute = [] } = turn;
    if (actor.readyAt > this.now) return;
    const ready = this.#actors.filter(({ readyAt }) => readyAt <= this.now).length;
    const own = typeof busy === 'function' ? busy(actor.id) : (busy ?? (work ?? 0) / ready);
    const slots = Math.min(10, own);
    const workedMs = slots * Math.min(took, this.now - actor.readyAt);
    actor.busyMs += workedMs;
    actor.finished += workedMs / callMs;
    actor.inFlight = slots + queued;
    if (mute === 'all' || mute.includes(actor.id)) return;
    const { busyMs, finished } = actor;
    actor.before = actor.last;
    actor.last = { at: this.now, report: report({ busy: slots, queued, busyMs, finished }) };
  }

  #load({ waiting = 0, requestsPerSecond = 0, concurrencyMean = 0, unhealthy = [] }: Turn): Load {
    const members = this.#actors.map((actor): ServerLoad =>
      server(actor.id, {
        phase: actor.readyAt <= this.now ? 'ready' : 'starting',
        healthy: actor.readyAt <= this.now && !unhealthy.includes(actor.id),
        startedAt: actor.startedAt,
        readyAt: actor.readyAt <= this.now ? actor.readyAt : null,
        inFlight: actor.inFlight,
        report: actor.last?.report ?? null,
        reportedAt: actor.last?.at ?? -Infinity,
        previous: actor.before?.report ?? null,
        previousAt: actor.before?.at ?? -Infinity,
      }),
    );
    const ready = members.filter(({ phase }) => phase === 'ready').length;
    const servers = members.length;
    return load({ servers, ready, members, waiting, requestsPerSecond, concurrencyMean });
  }
}
