/**
 * How jobs at work share a server. First come, first served: a job has a slot to itself and keeps the pace it began with.
 * Processor sharing: everyone is let in at once, and beyond `slots` jobs the slots are shared evenly, so each job runs at
 * min(1, slots/n). The latter keeps a clock of attained service and each job's reading at which it will be done; only the
 * next job to be done has an event (Kleinrock's processor-sharing model, in virtual time as in WFQ).
 */
import { EventHeap } from '../core/event-heap.ts';
import type { Millis } from '../core/units.ts';
import { JobList } from './job-list.ts';
import { NO_JOB, type JobId, type Jobs } from './jobs.ts';

export interface Clockwork {
  finishAt(at: Millis, job: JobId): void;
  workOf(job: JobId): Millis;
}

export interface Discipline {
  /** Slots at work. */
  readonly busy: number;
  /** May another job go to work, when `places` jobs may wait? */
  hasRoom(places: number): boolean;
  enter(now: Millis, job: JobId): void;
  leave(now: Millis, job: JobId): void;
  /** Some job at work, or NO_JOB. */
  any(): JobId;
  /** Time in a slot per unit of work, from now on. */
  slowness(now: Millis, factor: number): void;
}

export class FirstComeFirstServed implements Discipline {
  readonly #slots: number;
  readonly #jobs: Jobs;
  readonly #clockwork: Clockwork;
  readonly #working: JobList;
  #slowness = 1;

  constructor(slots: number, jobs: Jobs, clockwork: Clockwork) {
    this.#slots = slots;
    this.#jobs = jobs;
    this.#clockwork = clockwork;
    this.#working = new JobList(jobs);
  }

  get busy(): number {
    return this.#working.size;
  }

  hasRoom(): boolean {
    return this.#working.size < this.#slots;
  }

  enter(now: Millis, job: JobId): void {
    this.#working.append(job);
    this.#clockwork.finishAt(now + this.#clockwork.workOf(job) * this.#slowness, job);
  }

  leave(_now: Millis, job: JobId): void {
    this.#working.remove(job);
    this.#jobs.due[job] = 0;
  }

  any(): JobId {
    return this.#working.first;
  }

  slowness(_now: Millis, factor: number): void {
    this.#slowness = factor;
  }
}

export class ProcessorSharing implements Discipline {
  readonly #slots: number;
  readonly #jobs: Jobs;
  readonly #clockwork: Clockwork;
  readonly #working: JobList;
  /** By the reading of the service clock at which a job is done; entries of jobs that left early are stale. */
  readonly #order = new EventHeap(16);
  /** The entry of a job, by its sequence. */
  readonly #entry = new Map<JobId, number>();
  #issued = 0;
  /** Service that each job has got since the beginning, in ms of work. */
  #served = 0;
  #servedAt: Millis = 0;
  #slowness = 1;
  #next: JobId = NO_JOB;

  constructor(slots: number, jobs: Jobs, clockwork: Clockwork) {
    this.#slots = slots;
    this.#jobs = jobs;
    this.#clockwork = clockwork;
    this.#working = new JobList(jobs);
  }

  get busy(): number {
    return Math.min(this.#working.size, this.#slots);
  }

  hasRoom(places: number): boolean {
    return this.#working.size < this.#slots + places;
  }

  enter(now: Millis, job: JobId): void {
    this.#advance(now);
    this.#working.append(job);
    this.#entry.set(job, ++this.#issued);
    this.#order.push(this.#served + this.#clockwork.workOf(job), this.#issued, 0, job);
    this.#reschedule(now);
  }

  leave(now: Millis, job: JobId): void {
    this.#advance(now);
    this.#working.remove(job);
    this.#entry.delete(job);
    this.#jobs.due[job] = 0;
    if (this.#next === job) this.#next = NO_JOB;
    this.#reschedule(now);
  }

  any(): JobId {
    return this.#working.first;
  }

  slowness(now: Millis, factor: number): void {
    if (factor === this.#slowness) return;
    this.#advance(now);
    this.#slowness = factor;
    this.#reschedule(now);
  }

  /** Work done per ms for each job. */
  get #pace(): number {
    return Math.min(1, this.#slots / this.#working.size) / this.#slowness;
  }

  #advance(now: Millis): void {
    if (this.#working.size > 0) this.#served += (now - this.#servedAt) * this.#pace;
    this.#servedAt = now;
  }

  #reschedule(now: Millis): void {
    const order = this.#order;
    while (order.size > 0 && this.#entry.get(order.item) !== order.sequence) order.pop();
    if (this.#next !== NO_JOB) this.#jobs.due[this.#next] = 0;
    this.#next = order.size === 0 ? NO_JOB : order.item;
    if (this.#next === NO_JOB) return;
    const left = Math.max(0, order.at - this.#served);
    this.#clockwork.finishAt(now + left / this.#pace, this.#next);
  }
}
