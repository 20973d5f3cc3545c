/**
 * Clients that full servers have sent away: each comes again at once the first time, as another server may have room, and
 * after a pause each later time. It brings the same request, with the count of its deferrals.
 */
import type { Request } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { COME_AGAIN_MS } from '../scenario/traffic.ts';
import type { EventQueue } from './event-queue.ts';
import { EVENT } from './events.ts';

export class ComeAgain {
  readonly #queue: EventQueue;
  readonly #requests: Request[] = [];
  readonly #free: number[] = [];

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  deferred(now: Millis, request: Request): void {
    const deferrals = (request.deferrals ?? 0) + 1;
    const place = this.#free.pop() ?? this.#requests.length;
    this.#requests[place] = { ...request, deferrals, account: -1 };
    this.#queue.schedule(deferrals === 1 ? now : now + COME_AGAIN_MS, EVENT.resubmit, place);
  }

  /** The request whose time has come. */
  take(place: number): Request {
    this.#free.push(place);
    return this.#requests[place]!;
  }
}
