/**
 * How jobs at work share a server's slots. One discipline serves all servers of a floor; `Clockwork` is whoever keeps time.
 */
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { TOTAL, type Floor } from './floor.ts';
import { PLACE, type JobId } from './jobs.ts';

export interface Clockwork {
  /** The job's work will be done at `at`, unless another time is told before. */
  finishAt(at: Millis, job: JobId): void;
  /** Time in a slot at speed 1, ms. */
  workOf(job: JobId): Millis;
}

export interface Discipline {
  /** Do jobs without room wait in a queue? If not, they are turned away. */
  readonly queues: boolean;
  /** Slots at work, of `slots`. */
  busy(server: ServerId, slots: number): number;
  /** May another job go to work, when `places` may wait? */
  hasRoom(server: ServerId, slots: number, places: number): boolean;
  enter(now: Millis, server: ServerId, slots: number, job: JobId): void;
  leave(now: Millis, server: ServerId, slots: number, job: JobId): void;
  /** The server's slowness is another from now on. */
  slowed(now: Millis, server: ServerId, slots: number, slowness: number): void;
  /** Slot time used up to `now`, ms. */
  busyMs(now: Millis, server: ServerId, slots: number): Millis;
}

/** First come, first served: a job has a slot to itself and keeps the pace at which it began. */
export class FirstComeFirstServed implements Discipline {
  readonly queues = true;
  readonly #floor: Floor;
  readonly #clockwork: Clockwork;

  constructor(floor: Floor, clockwork: Clockwork) {
    this.#floor = floor;
    this.#clockwork = clockwork;
  }

  busy(server: ServerId): number {
    return this.#floor.working.size(server);
  }

  hasRoom(server: ServerId, slots: number): boolean {
    return this.#floor.working.size(server) < slots;
  }

  enter(now: Millis, server: ServerId, _slots: number, job: JobId): void {
    this.#floor.working.append(server, job);
    this.#clockwork.finishAt(
      now + this.#clockwork.workOf(job) * this.#floor.total(server, TOTAL.slowness),
      job,
    );
  }

  leave(now: Millis, server: ServerId, _slots: number, job: JobId): void {
    const { jobs } = this.#floor;
    this.#floor.working.remove(server, job);
    this.#floor.add(server, TOTAL.busyMs, now - jobs.beganAt[job]!);
    jobs.due[job] = 0;
  }

  slowed(_now: Millis, server: ServerId, _slots: number, slowness: number): void {
    this.#floor.set(server, TOTAL.slowness, slowness);
  }

  busyMs(now: Millis, server: ServerId): Millis {
    const { jobs, working } = this.#floor;
    let busy = this.#floor.total(server, TOTAL.busyMs);
    for (let job = working.first(server); job >= 0; job = jobs.next[job]!) {
      if (jobs.place[job] === PLACE.working) busy += now - jobs.beganAt[job]!;
    }
    return busy;
  }
}
