/**
 * The table of jobs: what servers know of the calls they were sent, as columns of typed arrays with slots used again.
 * A world keeps it, not the fleet: a server may still work on a call that everyone else has given up. A job stands in
 * at most one list of its server (queue, at work, or silent), linked through `next` and `previous`.
 */
import { invariant } from '../core/invariant.ts';
import type { Request } from '../core/request.ts';

export type JobId = number;
export const NO_JOB: JobId = -1;

/** Where a job is. `silent`: accepted, but no answer will come. */
export const PLACE = {
  free: 0,
  travelling: 1,
  queued: 2,
  working: 3,
  replying: 4,
  silent: 5,
} as const;

export class Jobs {
  readonly request: Request[] = [];
  /** Attempt number of the call, from 0. */
  readonly attempt: number[] = [];
  /** The call that waits for it; -1 when nobody does any more. */
  call = new Int32Array(64);
  server = new Int32Array(64);
  place = new Uint8Array(64);
  /** When it came to its server, ms. */
  cameAt = new Float64Array(64);
  /** When its place in a slot began, ms. */
  beganAt = new Float64Array(64);
  /** Sequence of the event that will finish it (or end its patience); an event with another number is stale. */
  due = new Float64Array(64);
  /** Sequence of the event that will cancel it. */
  cancel = new Float64Array(64);
  next = new Int32Array(64);
  previous = new Int32Array(64);
  /** Answer on its way back: an index into the world's outcomes. */
  answer = new Uint8Array(64);
  /** Jobs there are. */
  count = 0;
  readonly #free: JobId[] = [];
  #used = 0;

  take(request: Request, attempt: number, call: number, server: number): JobId {
    const job = this.#free.pop() ?? this.#fresh();
    this.request[job] = request;
    this.attempt[job] = attempt;
    this.call[job] = call;
    this.server[job] = server;
    this.place[job] = PLACE.travelling;
    this.due[job] = 0;
    this.cancel[job] = 0;
    this.count++;
    return job;
  }

  free(job: JobId): void {
    invariant(this.place[job] !== PLACE.free, 'jobs: freed twice');
    this.place[job] = PLACE.free;
    this.call[job] = -1;
    this.due[job] = 0;
    this.cancel[job] = 0;
    this.count--;
    this.#free.push(job);
  }

  #fresh(): JobId {
    const job = this.#used++;
    if (job === this.call.length) this.#grow();
    return job;
  }

  #grow(): void {
    const wider = <T extends Int32Array | Float64Array | Uint8Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    const size = 2 * this.call.length;
    this.call = wider(this.call, new Int32Array(size));
    this.server = wider(this.server, new Int32Array(size));
    this.place = wider(this.place, new Uint8Array(size));
    this.cameAt = wider(this.cameAt, new Float64Array(size));
    this.beganAt = wider(this.beganAt, new Float64Array(size));
    this.due = wider(this.due, new Float64Array(size));
    this.cancel = wider(this.cancel, new Float64Array(size));
    this.next = wider(this.next, new Int32Array(size));
    this.previous = wider(this.previous, new Int32Array(size));
    this.answer = wider(this.answer, new Uint8Array(size));
  }
}
