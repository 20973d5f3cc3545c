/**
 * The behaviour of one fake MCP server, told `now`: it takes calls into slots and a queue, works, fails as its condition
 * says, and holds sessions in memory that die with the process. The simulator steps it through `Host`; a live server
 * serves the very same object.
 */
import { invariant } from '../core/invariant.ts';
import type { MutableLoadReport } from '../core/load-report.ts';
import { serverName, type Request, type ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { FaultEffect } from '../scenario/scenario.ts';
import { Condition } from './condition.ts';
import { isDeferrable } from './deferral.ts';
import type { Discipline } from './discipline.ts';
import { TOTAL, type Floor } from './floor.ts';
import { NO_JOB, PLACE, type JobId } from './jobs.ts';
import type { JobLists } from './job-lists.ts';
import { LoadReports } from './load-reports.ts';
import { MISHAP, type Mishaps } from './mishaps.ts';
import type { Host, Site } from './site.ts';

export interface FakeServerOptions {
  readonly speed: number;
  readonly slots: number;
  /** Waiting places; null = no limit. */
  readonly queue: number | null;
  /** Full, does it send modern clients away to come again, instead of refusing them? */
  readonly defers: boolean;
}

/** What became of a call at the door; any other than `working`, `queued` and `silent` is an answer at once. */
export type Admission = 'working' | 'queued' | 'silent' | Refusal;
type Refusal = 'refused' | 'deferred' | 'overloaded' | 'throttled' | 'http-5xx' | 'session-lost';

/** Totals since the server was made, ms and counts. */
export interface ServerTally {
  readonly busyMs: number;
  /** Slot time while it was up. */
  readonly slotMs: number;
  readonly upMs: number;
  readonly came: number;
  readonly finished: number;
}

/** Calls over which the reported latency is averaged, each new one by its share; the first ones among themselves. */
const REMEMBERED = 8;

const NO_SESSIONS: ReadonlySet<number> = new Set();

export class FakeServer {
  // What every call reads comes first, for the processor's caches.
  readonly id: ServerId;
  /** Up, and nothing is wrong with it. */
  #fine = false;
  readonly #floor: Floor;
  readonly #discipline: Discipline;
  readonly #slots: number;
  readonly #places: number;
  readonly #host: Host;
  /** Serving: started and not crashed. */
  up = false;
  #sessions: Set<number> | null = null;
  readonly condition = new Condition();
  readonly #defers: boolean;
  readonly #speed: number;
  readonly #mishaps: Mishaps;
  readonly #reports: LoadReports;
  #upMs: Millis = 0;
  #upSince: Millis = 0;

  constructor(id: ServerId, options: FakeServerOptions, site: Site) {
    const { floor, discipline, host, mishaps } = site;
    this.id = id;
    this.#slots = options.slots;
    this.#places = options.queue ?? Infinity;
    this.#defers = options.defers;
    this.#speed = options.speed;
    this.#floor = floor;
    this.#discipline = discipline;
    this.#host = host;
    this.#mishaps = mishaps;
    this.#reports = new LoadReports(id, options.slots, floor, discipline);
    floor.open(id);
    floor.set(id, TOTAL.slowness, 1 / options.speed);
  }

  /** Slots at work. */
  get busy(): number {
    return this.#discipline.busy(this.id, this.#slots);
  }

  get queued(): number {
    return this.#floor.queued.size(this.id);
  }

  /** The process is up and listens. */
  rise(now: Millis): void {
    this.up = true;
    this.#upSince = now;
    this.condition.restarted(now);
    this.#conditionChanged(now);
  }

  /** The process dies: every call it holds is reset, and the sessions it held, which are returned, are gone. */
  fall(now: Millis): ReadonlySet<number> {
    const lost = this.#sessions ?? NO_SESSIONS;
    this.#upMs += now - this.#upSince;
    this.up = this.#fine = false;
    this.#sessions = null;
    const { queued, silent, working } = this.#floor;
    this.#empty(now, queued);
    this.#empty(now, silent);
    for (let job = working.first(this.id); job !== NO_JOB; job = working.first(this.id)) {
      this.#discipline.leave(now, this.id, this.#slots, job);
      this.#host.reset(now, job);
    }
    return lost;
  }

  /** `fault`: its number in the scenario. */
  faultBegins(now: Millis, fault: number, effect: FaultEffect, healthOk: boolean): void {
    this.condition.begin(now, fault, effect, healthOk);
    this.#conditionChanged(now);
  }

  faultEnds(now: Millis, fault: number): void {
    this.condition.end(fault);
    this.#conditionChanged(now);
  }

  /** A call arrives. */
  offer(now: Millis, job: JobId): Admission {
    const { jobs, queued } = this.#floor;
    const { id } = this;
    const request = jobs.request[job]!;
    const refusal = this.#fine ? null : this.#ailment(now, job);
    if (refusal === 'refused') return refusal;
    this.#floor.add(id, TOTAL.came, 1);
    if (refusal !== null) {
      if (refusal !== 'silent') this.#floor.add(id, TOTAL.failed, 1);
      return refusal;
    }
    if (request.session !== 0 && !this.#knows(request)) return 'session-lost';
    jobs.cameAt[job] = now;
    if (this.#discipline.hasRoom(id, this.#slots, this.#places)) {
      this.#begin(now, job);
      return 'working';
    }
    if (!this.#discipline.queues || queued.size(id) >= this.#places) {
      return this.#turnAway(request);
    }
    jobs.place[job] = PLACE.queued;
    queued.append(id, job);
    this.#check();
    return 'queued';
  }

  /**
   * A job's work is done. True: it is to be answered. False: the answer is lost on its way, as the server hangs or is cut
   * off; the job is silent from now on.
   */
  finish(now: Millis, job: JobId): boolean {
    const { id } = this;
    const { jobs } = this.#floor;
    const tookMs = now - jobs.cameAt[job]!;
    const finished = this.#floor.total(id, TOTAL.finished) + 1;
    const latencyMs = this.#floor.total(id, TOTAL.latencyMs);
    this.#floor.set(id, TOTAL.finished, finished);
    this.#floor.set(
      id,
      TOTAL.latencyMs,
      latencyMs + (tookMs - latencyMs) / Math.min(finished, REMEMBERED),
    );
    this.#discipline.leave(now, this.id, this.#slots, job);
    const request = jobs.request[job]!;
    // A handshake whose client has gone would leave a session that nobody ever closes.
    if (request.kind === 'initialize' && jobs.call[job]! >= 0)
      (this.#sessions ??= new Set()).add(request.session);
    const answered = this.#fine || (this.condition.hangs === 0 && this.condition.partitions === 0);
    if (!answered) this.#swallow(job);
    this.#fill(now);
    return answered;
  }

  /** Does the tool say no? Asked when the work is done. */
  toolFails(job: JobId): boolean {
    if (this.#fine || this.condition.toolErrors === 0) return false;
    return (
      this.#floor.jobs.request[job]!.kind === 'call' &&
      this.#mishaps.befalls(job, MISHAP.toolError, this.condition.toolErrors)
    );
  }

  /** Takes a job out, wherever it stands: cancelled by its client, or out of patience. */
  withdraw(now: Millis, job: JobId): void {
    const { jobs, queued, silent } = this.#floor;
    const place = jobs.place[job];
    if (place === PLACE.queued) queued.remove(this.id, job);
    else if (place === PLACE.silent) silent.remove(this.id, job);
    else if (place === PLACE.working) this.#discipline.leave(now, this.id, this.#slots, job);
    this.#fill(now);
  }

  /** A session's client says goodbye. */
  closeSession(session: number): void {
    this.#sessions?.delete(session);
  }

  /** GET /health, which takes no slot: answered well, answered badly, or not at all. `draw` is uniform in (0, 1). */
  healthCheck(draw: number): 'ok' | 'bad' | 'silent' {
    const shown = this.condition.shownToHealth();
    if (!this.up || shown.refused) return 'bad';
    if (shown.silent) return 'silent';
    return draw < shown.errors ? 'bad' : 'ok';
  }

  /** Writes what it says of its load; false when nothing comes of it. */
  report(now: Millis, to: MutableLoadReport): boolean {
    return this.up && this.#reports.write(now, this.condition, to);
  }

  /** The totals up to `now`. */
  tally(now: Millis): ServerTally {
    const upMs = this.#upMs + (this.up ? now - this.#upSince : 0);
    return {
      busyMs: this.#discipline.busyMs(now, this.id, this.#slots),
      slotMs: upMs * this.#slots,
      upMs,
      came: this.#floor.total(this.id, TOTAL.came),
      finished: this.#floor.total(this.id, TOTAL.finished),
    };
  }

  /** It is full. */
  #turnAway(request: Request): 'deferred' | 'overloaded' {
    if (this.#defers && isDeferrable(request)) return 'deferred';
    this.#floor.add(this.id, TOTAL.failed, 1);
    return 'overloaded';
  }

  /** What a faulty server does with a call at its door; null if it takes it all the same. */
  #ailment(now: Millis, job: JobId): Refusal | 'silent' | null {
    const { condition } = this;
    if (!this.up || condition.refuses > 0) return 'refused';
    if (condition.partitions > 0 || condition.hangs > 0) return this.#swallow(job);
    if (this.#mishaps.befalls(job, MISHAP.error, condition.errors)) return 'http-5xx';
    if (this.#mishaps.befalls(job, MISHAP.throttle, condition.throttled)) return 'throttled';
    if (condition.leaks)
      this.#discipline.slowed(now, this.id, this.#slots, condition.slowness(now) / this.#speed);
    return null;
  }

  /** A legacy call needs its session here. */
  #knows(request: Request): boolean {
    return (
      request.era === 'modern' ||
      request.kind === 'initialize' ||
      this.#sessions?.has(request.session) === true
    );
  }

  #conditionChanged(now: Millis): void {
    this.#fine = this.up && this.condition.isClear;
    this.#discipline.slowed(now, this.id, this.#slots, this.condition.slowness(now) / this.#speed);
  }

  #begin(now: Millis, job: JobId): void {
    const { jobs } = this.#floor;
    jobs.place[job] = PLACE.working;
    jobs.beganAt[job] = now;
    this.#host.waited(now, this.id, now - jobs.cameAt[job]!, job);
    this.#discipline.enter(now, this.id, this.#slots, job);
  }

  /** Free slots take from the queue. */
  #fill(now: Millis): void {
    const { queued } = this.#floor;
    if (queued.size(this.id) === 0) return;
    while (queued.size(this.id) > 0 && this.#discipline.hasRoom(this.id, this.#slots, 0)) {
      const job = queued.first(this.id);
      queued.remove(this.id, job);
      this.#begin(now, job);
    }
    this.#check();
  }

  #swallow(job: JobId): 'silent' {
    this.#floor.jobs.place[job] = PLACE.silent;
    this.#floor.silent.append(this.id, job);
    return 'silent';
  }

  #empty(now: Millis, list: JobLists): void {
    for (let job = list.first(this.id); job !== NO_JOB; job = list.first(this.id)) {
      list.remove(this.id, job);
      this.#host.reset(now, job);
    }
  }

  /** Invariants: in service <= slots, and no idle slot while the queue waits. */
  #check(): void {
    const { busy } = this;
    if (busy === this.#slots || (busy < this.#slots && this.queued === 0)) return;
    invariant(
      false,
      `${serverName(this.id)}: ${busy} in service, ${this.queued} in the queue, ${this.#slots} slots`,
    );
  }
}
