/**
 * A fake server's behaviour (`fake/`) in real time: the host that steps one `FakeServer` by the clock of this process, as
 * the simulator steps many by arithmetic. A job is finished at the very instant it was due, however late the event loop
 * comes to it, so that lateness does not add up along a queue; only the answer leaves late.
 *
 * Time is told to the server as an instant that never goes back: a job rounded to an early finish must not be followed
 * by a call that came before it.
 */
import { durationSampler, type Sampler } from '../../core/distributions.ts';
import { EventHeap } from '../../core/event-heap.ts';
import { Histogram } from '../../core/histogram.ts';
import { emptyReport, type LoadReport } from '../../core/load-report.ts';
import type { Request, ServerId } from '../../core/request.ts';
import { Draws } from '../../core/rng.ts';
import type { Millis } from '../../core/units.ts';
import { FakeServer, type ServerTally } from '../../fake/fake-server.ts';
import { Floor } from '../../fake/floor.ts';
import { PLACE, type JobId } from '../../fake/jobs.ts';
import { siteOf, type Host } from '../../fake/site.ts';
import type { FaultEffect } from '../../scenario/scenario.ts';
import { Demand } from '../../scenario/traffic.ts';
import type { Clock } from '../clock.ts';
import { ExactAlarm } from '../exact-alarm.ts';
import type { FakeServerSettings } from './messages.ts';

/** How a job ends for whoever waits for it. A job that is never answered has none. */
export type Answer =
  | 'ok'
  | 'tool-error'
  | 'overloaded'
  | 'deferred'
  | 'throttled'
  | 'http-5xx'
  | 'session-lost'
  | 'refused'
  | 'reset';

/** Whoever waits for a job. */
export interface Waiter {
  /** The job has a slot. */
  began(): void;
  /** Told once, maybe before `offer` returns; the job's number is void from then on. */
  answered(answer: Answer): void;
}

/** What a server does with what is no call: a list of tools, a ping. */
export type Mood = 'fine' | 'silent' | 'http-5xx' | 'refused';

/** Waits in the queue since the server rose. */
export interface Waits {
  readonly count: number;
  readonly sumMs: Millis;
  /** Of a `Histogram`. */
  readonly counts: Uint32Array;
}

const FINISH = 0;
const PATIENCE = 1;

export class Workplace implements Host {
  readonly #clock: Clock;
  readonly #server: FakeServer;
  readonly #demand: Demand;
  readonly #floor = new Floor();
  readonly #jobs = this.#floor.jobs;
  readonly #due = new EventHeap();
  readonly #alarm: ExactAlarm;
  readonly #waiters: (Waiter | null)[] = [];
  readonly #patience: Sampler | null;
  readonly #patienceDraws: Draws;
  readonly #probeDraws: Draws;
  readonly #moodDraws: Draws;
  readonly #waits = new Histogram();
  readonly #report = emptyReport();
  #waitedMs: Millis = 0;
  #sequence = 0;
  #probes = 0;
  #moods = 0;
  #now: Millis = 0;

  constructor(settings: FakeServerSettings, clock: Clock) {
    const { id, discipline, patience, traffic, inputs, seed } = settings;
    this.#clock = clock;
    this.#demand = new Demand(traffic, inputs, seed);
    this.#patience = patience && durationSampler(patience, inputs);
    this.#patienceDraws = new Draws(seed, 'patience');
    this.#probeDraws = new Draws(seed, 'probe');
    this.#moodDraws = new Draws(seed, 'mood');
    this.#server = new FakeServer(
      id,
      { ...settings, defers: settings.defers ?? false },
      siteOf(this.#floor, discipline, this, seed),
    );
    this.#alarm = new ExactAlarm(clock, (now) => this.#settle(now));
  }

  /** Slots at work. */
  get busy(): number {
    return this.#server.busy;
  }

  /** What the server says of its load, valid until it is asked again; null when nothing comes of it. */
  get report(): LoadReport | null {
    return this.#server.report(this.#now, this.#report) ? this.#report : null;
  }

  get queued(): number {
    return this.#server.queued;
  }

  /** Jobs that are at work or wait for a slot. */
  get open(): number {
    return this.#floor.working.size(this.#server.id) + this.queued;
  }

  rise(): void {
    this.#server.rise(this.#catchUp());
  }

  /** Takes a call in. `attempt` from 0. */
  offer(request: Request, attempt: number, waiter: Waiter): JobId {
    const now = this.#catchUp();
    const job = this.#jobs.take(request, attempt, 0, this.#server.id);
    this.#waiters[job] = waiter;
    const admission = this.#server.offer(now, job);
    if (admission === 'queued') this.#limitPatience(now, job, request, attempt);
    else if (admission !== 'working' && admission !== 'silent') this.#answer(job, admission);
    this.#settle(now);
    return job;
  }

  /** Nobody waits for the job any more. Cancelled, it is taken out; else it is worked to its end all the same. */
  leave(job: JobId, cancelled: boolean): void {
    const now = this.#catchUp();
    // Catching up may have finished it.
    if (this.#jobs.place[job] === PLACE.free) return;
    this.#waiters[job] = null;
    if (cancelled || this.#jobs.place[job] === PLACE.silent) this.#dispose(now, job);
    this.#settle(now);
  }

  closeSession(session: number): void {
    this.#server.closeSession(session);
  }

  faultBegins(fault: number, effect: FaultEffect, healthOk: boolean): void {
    const now = this.#catchUp();
    this.#server.faultBegins(now, fault, effect, healthOk);
    this.#settle(now);
  }

  faultEnds(fault: number): void {
    const now = this.#catchUp();
    this.#server.faultEnds(now, fault);
    this.#settle(now);
  }

  get leaks(): boolean {
    return this.#server.condition.leaks;
  }

  /** Has a leak eaten all there was? */
  leaksOut(): boolean {
    return this.#server.condition.leaksOut(this.#clock.now());
  }

  /** Is every connection refused, those of health checks too? */
  get refuses(): boolean {
    return this.#server.condition.shownToHealth().refused;
  }

  /** GET /health. */
  healthCheck(): 'ok' | 'bad' | 'silent' {
    this.#catchUp();
    const draw = this.#probeDraws.uniform(this.#server.id, this.#probes++);
    return this.#server.healthCheck(draw);
  }

  mood(): Mood {
    const { condition } = this.#server;
    if (condition.isClear) return 'fine';
    if (condition.refuses > 0) return 'refused';
    if (condition.hangs > 0 || condition.partitions > 0) return 'silent';
    return this.#moodDraws.uniform(this.#moods++) < condition.errors ? 'http-5xx' : 'fine';
  }

  tally(): { readonly tally: ServerTally; readonly waits: Waits } {
    const now = this.#catchUp();
    const { count, counts } = this.#waits;
    return {
      tally: this.#server.tally(now),
      waits: { count, sumMs: this.#waitedMs, counts: counts.slice() },
    };
  }

  /** The process goes: what it still holds is reset. */
  close(): void {
    this.#server.fall(this.#catchUp());
    this.#alarm.clear();
  }

  /** The server's side of a job's life, told by `fake/`. */
  finishAt(at: Millis, job: JobId): void {
    this.#schedule(at, FINISH, job);
  }

  workOf(job: JobId): Millis {
    return this.#demand.workOf(this.#jobs.request[job]!);
  }

  waited(_now: Millis, _server: ServerId, waitedMs: Millis, job: JobId): void {
    this.#waits.record(waitedMs);
    this.#waitedMs += waitedMs;
    this.#waiters[job]?.began();
  }

  reset(_now: Millis, job: JobId): void {
    this.#answer(job, 'reset');
  }

  /** Does what is due, and gives the present. */
  #catchUp(): Millis {
    this.#settle(Math.max(this.#now, this.#clock.now()));
    return this.#now;
  }

  /** Everything due up to `until`, each at its own instant. */
  #settle(until: Millis): void {
    const due = this.#due;
    while (due.at <= until) {
      const { at, sequence, kind, item } = due;
      due.pop();
      if (this.#jobs.due[item] !== sequence) continue;
      this.#now = Math.max(this.#now, at);
      if (kind === FINISH) this.#finish(this.#now, item);
      else this.#giveUp(this.#now, item);
    }
    this.#now = Math.max(this.#now, until);
    this.#alarm.set(due.at);
  }

  #schedule(at: Millis, kind: number, job: JobId): void {
    this.#jobs.due[job] = ++this.#sequence;
    this.#due.push(at, this.#sequence, kind, job);
  }

  #finish(now: Millis, job: JobId): void {
    if (this.#server.finish(now, job)) {
      this.#answer(job, this.#server.toolFails(job) ? 'tool-error' : 'ok');
    } else if (this.#waiters[job] === null) this.#dispose(now, job);
  }

  #giveUp(now: Millis, job: JobId): void {
    this.#server.withdraw(now, job);
    this.#answer(job, 'overloaded');
  }

  #limitPatience(now: Millis, job: JobId, { arrival, call }: Request, attempt: number): void {
    if (this.#patience === null) return;
    const wait = this.#patience(this.#patienceDraws.uniform(arrival, call, attempt));
    this.#schedule(now + wait, PATIENCE, job);
  }

  #dispose(now: Millis, job: JobId): void {
    this.#server.withdraw(now, job);
    this.#jobs.free(job);
  }

  #answer(job: JobId, answer: Answer): void {
    const waiter = this.#waiters[job]!;
    this.#waiters[job] = null;
    this.#jobs.free(job);
    waiter?.answered(answer);
  }
}
