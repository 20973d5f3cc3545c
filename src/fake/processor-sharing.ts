/**
 * Processor sharing: everyone is let in at once, and beyond `slots` jobs the slots are shared evenly, so that each of n
 * jobs runs at min(1, slots/n). Each server keeps a clock of attained service, and each job its reading at which it will
 * be done; only the next job to be done has an event (Kleinrock's model in virtual time, as in fair queueing).
 */
import { EventHeap } from '../core/event-heap.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Clockwork, Discipline } from './discipline.ts';
import { TOTAL, type Floor } from './floor.ts';
import { NO_JOB, type JobId } from './jobs.ts';

class ServiceClock {
  /** By the reading at which a job is done; entries of jobs that left early are stale. */
  readonly order = new EventHeap(16);
  /** The entry of a job, by its sequence. */
  readonly entries = new Map<JobId, number>();
  issued = 0;
  /** Service that each job present from the beginning would have got, in ms of work. */
  reading = 0;
  readAt: Millis = 0;
  busyMs: Millis = 0;
  next: JobId = NO_JOB;
}

export class ProcessorSharing implements Discipline {
  readonly queues = false;
  readonly #floor: Floor;
  readonly #clockwork: Clockwork;
  /** By server id. */
  readonly #clocks: ServiceClock[] = [];

  constructor(floor: Floor, clockwork: Clockwork) {
    this.#floor = floor;
    this.#clockwork = clockwork;
  }

  busy(server: ServerId, slots: number): number {
    return Math.min(this.#floor.working.size(server), slots);
  }

  hasRoom(server: ServerId, slots: number, places: number): boolean {
    return this.#floor.working.size(server) < slots + places;
  }

  enter(now: Millis, server: ServerId, slots: number, job: JobId): void {
    const clock = this.#advance(now, server, slots);
    this.#floor.working.append(server, job);
    clock.entries.set(job, ++clock.issued);
    clock.order.push(clock.reading + this.#clockwork.workOf(job), clock.issued, 0, job);
    this.#reschedule(now, server, slots, clock);
  }

  leave(now: Millis, server: ServerId, slots: number, job: JobId): void {
    const clock = this.#advance(now, server, slots);
    this.#floor.working.remove(server, job);
    this.#floor.jobs.due[job] = 0;
    clock.entries.delete(job);
    if (clock.next === job) clock.next = NO_JOB;
    this.#reschedule(now, server, slots, clock);
  }

  slowed(now: Millis, server: ServerId, slots: number, slowness: number): void {
    const clock = this.#advance(now, server, slots);
    this.#floor.set(server, TOTAL.slowness, slowness);
    this.#reschedule(now, server, slots, clock);
  }

  busyMs(now: Millis, server: ServerId, slots: number): Millis {
    return this.#advance(now, server, slots).busyMs;
  }

  /** Work done per ms for each job. */
  #pace(server: ServerId, slots: number): number {
    return (
      Math.min(1, slots / this.#floor.working.size(server)) /
      this.#floor.total(server, TOTAL.slowness)
    );
  }

  #advance(now: Millis, server: ServerId, slots: number): ServiceClock {
    const clock = (this.#clocks[server] ??= new ServiceClock());
    const passed = now - clock.readAt;
    clock.readAt = now;
    if (this.#floor.working.size(server) > 0) {
      clock.reading += passed * this.#pace(server, slots);
      clock.busyMs += passed * this.busy(server, slots);
    }
    return clock;
  }

  #reschedule(now: Millis, server: ServerId, slots: number, clock: ServiceClock): void {
    const { order, entries } = clock;
    while (order.size > 0 && entries.get(order.item) !== order.sequence) order.pop();
    if (clock.next !== NO_JOB) this.#floor.jobs.due[clock.next] = 0;
    clock.next = order.size === 0 ? NO_JOB : order.item;
    if (clock.next === NO_JOB) return;
    const left = Math.max(0, order.at - clock.reading);
    this.#clockwork.finishAt(now + left / this.#pace(server, slots), clock.next);
  }
}
