/**
 * The network between gateway and servers: one delay a leg. Constant delays keep their order, so they ride in lanes; a
 * random delay goes through the heap.
 */
import type { Distribution } from '../core/distributions.ts';
import type { Request } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import { NetworkDelays, type Leg } from '../scenario/network.ts';
import type { Inputs } from '../scenario/scenario.ts';
import type { EventQueue } from './event-queue.ts';
import { EVENT } from './events.ts';

type LegEvent = typeof EVENT.deliver | typeof EVENT.answer | typeof EVENT.cancel;
/** In the order of `LEG`. */
const LEGS: readonly LegEvent[] = [EVENT.deliver, EVENT.answer, EVENT.cancel];

export class Network {
  /** Delay of a health check's leg: the constant, or the mean. */
  readonly typical: Millis;
  readonly #queue: EventQueue;
  readonly #delays: NetworkDelays;
  readonly #lanes: readonly number[];

  constructor(delay: Distribution, inputs: Inputs, seed: number, queue: EventQueue) {
    this.#delays = new NetworkDelays(delay, inputs, seed);
    this.typical = this.#delays.typical;
    this.#queue = queue;
    this.#lanes = LEGS.map((leg) => queue.addLane(leg));
  }

  /** Sends a job over one leg; returns the sequence number of its arrival. */
  send(now: Millis, event: LegEvent, job: number, request: Request, attempt: number): number {
    const leg = (event - EVENT.deliver) as Leg;
    if (this.#delays.constant)
      return this.#queue.follow(this.#lanes[leg]!, now + this.typical, job);
    return this.#queue.schedule(now + this.#delays.of(request, attempt, leg), event, job);
  }
}
