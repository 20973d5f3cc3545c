/**
 * The network between gateway and servers: one delay a leg. Constant delays keep their order, so they ride in lanes; a
 * random delay is drawn for each leg by (arrival, call, attempt, leg) and goes through the heap.
 */
import {
  durationSampler,
  isConstant,
  meanOf,
  type Distribution,
  type Sampler,
} from '../core/distributions.ts';
import type { Request } from '../core/request.ts';
import { Draws } from '../core/rng.ts';
import type { Millis } from '../core/units.ts';
import type { Inputs } from '../scenario/scenario.ts';
import type { EventQueue } from './event-queue.ts';
import { EVENT } from './events.ts';

type Leg = typeof EVENT.deliver | typeof EVENT.answer | typeof EVENT.cancel;
const LEGS: readonly Leg[] = [EVENT.deliver, EVENT.answer, EVENT.cancel];

export class Network {
  /** Delay of a health check's leg: the constant, or the mean. */
  readonly typical: Millis;
  readonly #queue: EventQueue;
  readonly #delay: Sampler | null;
  readonly #draws: Draws;
  readonly #lanes: readonly number[];

  constructor(delay: Distribution, inputs: Inputs, seed: number, queue: EventQueue) {
    this.typical = meanOf(delay, inputs);
    this.#queue = queue;
    this.#delay = isConstant(delay) ? null : durationSampler(delay, inputs);
    this.#draws = new Draws(seed, 'network');
    this.#lanes = LEGS.map((leg) => queue.addLane(leg));
  }

  /** Sends a job over one leg; returns the sequence number of its arrival. */
  send(now: Millis, leg: Leg, job: number, request: Request, attempt: number): number {
    const k = leg - EVENT.deliver;
    if (this.#delay === null) return this.#queue.follow(this.#lanes[k]!, now + this.typical, job);
    const draw = this.#draws.uniform(request.arrival, request.call, 4 * attempt + k);
    return this.#queue.schedule(now + this.#delay(draw), leg, job);
  }
}
