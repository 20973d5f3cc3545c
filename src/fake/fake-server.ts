/**
 * The behaviour of one fake MCP server, told `now`: it takes calls into slots and a queue, works, fails as its condition
 * says, and holds sessions in memory that die with the process. The simulator steps it through `Host`; a live server
 * serves the very same object. Draws of errors are keyed by (arrival, call, attempt), so weather is the same for all.
 */
import { invariant } from '../core/invariant.ts';
import { serverName, type ServerId } from '../core/request.ts';
import type { Draws } from '../core/rng.ts';
import type { Millis } from '../core/units.ts';
import type { FaultEffect } from '../scenario/scenario.ts';
import { Condition } from './condition.ts';
import { FirstComeFirstServed, ProcessorSharing, type Discipline } from './discipline.ts';
import { JobList } from './job-list.ts';
import { NO_JOB, PLACE, type JobId, type Jobs } from './jobs.ts';

/** What the server asks of whoever steps it. */
export interface Host {
  /** Call `finish(now, job)` at `at`, unless told another time for this job before. */
  finishAt(at: Millis, job: JobId): void;
  /** The job's process died, or closed the connection: its client sees a reset. */
  reset(now: Millis, job: JobId): void;
  /** The job waited `waitedMs` for its slot. */
  waited(now: Millis, server: ServerId, waitedMs: Millis): void;
  /** Time in a slot at speed 1, ms. */
  workOf(job: JobId): Millis;
}

export interface FakeServerOptions {
  readonly id: ServerId;
  readonly speed: number;
  readonly slots: number;
  /** Waiting places; Infinity = no limit. */
  readonly queue: number;
  readonly discipline: 'fifo' | 'processor-sharing';
}

/** What became of a call at the door; every other than `working`, `queued` and `silent` is an answer at once. */
export type Admission = 'working' | 'queued' | 'silent' | 'refused' | 'overloaded' | 'http-5xx' | 'session-lost';

/** Running totals, ms and counts since the server was made. */
export interface ServerTally {
  busyMs: number;
  /** Slot time while it was up. */
  slotMs: number;
  upMs: number;
  came: number;
  finished: number;
}

export class FakeServer {
  readonly condition = new Condition();
  /** Serving: started and not crashed. */
  up = false;
  readonly id: ServerId;
  readonly slots: number;
  readonly #options: FakeServerOptions;
  readonly #jobs: Jobs;
  readonly #host: Host;
  readonly #faultDraws: Draws;
  readonly #discipline: Discipline;
  readonly #queue: JobList;
  readonly #silent: JobList;
  readonly #sessions = new Set<number>();
  readonly #tally: ServerTally = { busyMs: 0, slotMs: 0, upMs: 0, came: 0, finished: 0 };
  #talliedAt: Millis = 0;

  constructor(options: FakeServerOptions, jobs: Jobs, host: Host, faultDraws: Draws) {
    this.id = options.id;
    this.slots = options.slots;
    this.#options = options;
    this.#jobs = jobs;
    this.#host = host;
    this.#faultDraws = faultDraws;
    this.#queue = new JobList(jobs);
    this.#silent = new JobList(jobs);
    this.#discipline =
      options.discipline === 'fifo'
        ? new FirstComeFirstServed(options.slots, jobs, host)
        : new ProcessorSharing(options.slots, jobs, host);
  }

  /** Slots at work. */
  get busy(): number {
    return this.#discipline.busy;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** The process is up and listens. */
  rise(now: Millis): void {
    this.#count(now);
    this.up = true;
    this.condition.restarted(now);
    this.#discipline.slowness(now, this.#slowness(now));
  }

  /** The process dies: sessions are gone, every call it holds is reset. */
  fall(now: Millis): void {
    this.#count(now);
    this.up = false;
    this.#sessions.clear();
    for (let job = this.#queue.first; job !== NO_JOB; job = this.#queue.first) this.#lose(now, this.#queue, job);
    for (let job = this.#silent.first; job !== NO_JOB; job = this.#silent.first) this.#lose(now, this.#silent, job);
    for (let job = this.#discipline.any(); job !== NO_JOB; job = this.#discipline.any()) {
      this.#discipline.leave(now, job);
      this.#host.reset(now, job);
    }
  }

  faultBegins(now: Millis, fault: number, effect: FaultEffect, healthOk: boolean): void {
    this.#count(now);
    this.condition.begin(now, fault, effect, healthOk);
    this.#discipline.slowness(now, this.#slowness(now));
  }

  faultEnds(now: Millis, fault: number): void {
    this.#count(now);
    this.condition.end(fault);
    this.#discipline.slowness(now, this.#slowness(now));
  }

  /** A call arrives. */
  offer(now: Millis, job: JobId): Admission {
    this.#count(now);
    this.#tally.came++;
    const { condition } = this;
    if (!this.up || condition.refuses > 0) return 'refused';
    if (condition.partitions > 0 || condition.hangs > 0) return this.#swallow(job);
    const request = this.#jobs.request[job]!;
    if (!condition.isClear) {
      const draw = condition.errors > 0 && this.#faultDraws.uniform(request.arrival, request.call, 2 * this.#jobs.attempt[job]!);
      if (draw !== false && draw < condition.errors) return 'http-5xx';
      this.#discipline.slowness(now, this.#slowness(now));
    }
    const bound = request.era === 'legacy' && request.session !== 0;
    if (bound && request.kind === 'call' && !this.#sessions.has(request.session)) return 'session-lost';
    this.#jobs.cameAt[job] = now;
    if (this.#discipline.hasRoom(this.#options.queue)) {
      this.#begin(now, job);
      return 'working';
    }
    if (this.#queue.size >= this.#options.queue) return 'overloaded';
    this.#jobs.place[job] = PLACE.queued;
    this.#queue.append(job);
    this.#check();
    return 'queued';
  }

  /**
   * A job's work is done. True: it is to be answered. False: the answer is lost on the way, as the server hangs or is
   * cut off.
   */
  finish(now: Millis, job: JobId): boolean {
    this.#count(now);
    this.#tally.finished++;
    this.#discipline.leave(now, job);
    const request = this.#jobs.request[job]!;
    if (request.kind === 'initialize') this.#sessions.add(request.session);
    const answered = this.condition.hangs === 0 && this.condition.partitions === 0;
    if (!answered) this.#swallow(job);
    this.#fill(now);
    return answered;
  }

  /** Does the tool say no? Asked when the work is done. */
  toolFails(job: JobId): boolean {
    if (this.condition.toolErrors === 0) return false;
    const request = this.#jobs.request[job]!;
    if (request.kind !== 'call') return false;
    return this.#faultDraws.uniform(request.arrival, request.call, 2 * this.#jobs.attempt[job]! + 1) < this.condition.toolErrors;
  }

  /** Takes a job out, wherever it stands: cancelled by its client, or out of patience. */
  withdraw(now: Millis, job: JobId): void {
    this.#count(now);
    const place = this.#jobs.place[job];
    if (place === PLACE.queued) this.#queue.remove(job);
    else if (place === PLACE.silent) this.#silent.remove(job);
    else if (place === PLACE.working) this.#discipline.leave(now, job);
    this.#fill(now);
  }

  /** A session's client says goodbye. */
  closeSession(session: number): void {
    this.#sessions.delete(session);
  }

  /** GET /health, which takes no slot: answered well, answered badly, or not at all. `draw` is uniform. */
  healthCheck(draw: number): 'ok' | 'bad' | 'silent' {
    const shown = this.condition.shownToHealth();
    if (!this.up || shown.refused) return 'bad';
    if (shown.silent) return 'silent';
    return draw < shown.errors ? 'bad' : 'ok';
  }

  /** The totals up to `now`; a fresh object. */
  tally(now: Millis): ServerTally {
    this.#count(now);
    return { ...this.#tally };
  }

  #slowness(now: Millis): number {
    return this.condition.slowness(now) / this.#options.speed;
  }

  #begin(now: Millis, job: JobId): void {
    this.#jobs.place[job] = PLACE.working;
    this.#jobs.beganAt[job] = now;
    this.#host.waited(now, this.id, this.#jobs.waited(job));
    this.#discipline.enter(now, job);
  }

  /** Free slots take from the queue. */
  #fill(now: Millis): void {
    while (this.#queue.size > 0 && this.#discipline.hasRoom(0)) {
      const job = this.#queue.first;
      this.#queue.remove(job);
      this.#begin(now, job);
    }
    this.#check();
  }

  #swallow(job: JobId): 'silent' {
    this.#jobs.place[job] = PLACE.silent;
    this.#silent.append(job);
    return 'silent';
  }

  #lose(now: Millis, list: JobList, job: JobId): void {
    list.remove(job);
    this.#host.reset(now, job);
  }

  /** Adds the time since the last change to the totals. */
  #count(now: Millis): void {
    const passed = now - this.#talliedAt;
    this.#talliedAt = now;
    if (!this.up) return;
    this.#tally.upMs += passed;
    this.#tally.slotMs += passed * this.slots;
    this.#tally.busyMs += passed * this.#discipline.busy;
  }

  #check(): void {
    invariant(this.#discipline.busy <= this.slots, `${serverName(this.id)}: more in service than slots`);
    invariant(this.#queue.size === 0 || this.#discipline.busy === this.slots, `${serverName(this.id)}: an idle slot while the queue waits`);
  }
}
