/**
 * The scenario's network between gateway and servers: the delay of each leg of a call, drawn by (arrival, call, attempt,
 * leg), so that the simulator and a live run meet the same one.
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
import type { Inputs } from './scenario.ts';

/** Legs of a call: to the server, its answer back, and the word that nobody waits for it any more. */
export const LEG = { out: 0, back: 1, cancel: 2 } as const;
export type Leg = (typeof LEG)[keyof typeof LEG];

export class NetworkDelays {
  /** Every leg's delay, where it is constant; else their mean. That of a health check's leg in any case. */
  readonly typical: Millis;
  /** Always the same. */
  readonly constant: boolean;
  readonly #delay: Sampler | null;
  readonly #draws: Draws;

  constructor(delay: Distribution, inputs: Inputs, seed: number) {
    this.typical = meanOf(delay, inputs);
    this.constant = isConstant(delay);
    this.#delay = this.constant ? null : durationSampler(delay, inputs);
    this.#draws = new Draws(seed, 'network');
  }

  of({ arrival, call }: Pick<Request, 'arrival' | 'call'>, attempt: number, leg: Leg): Millis {
    if (this.#delay === null) return this.typical;
    return this.#delay(this.#draws.uniform(arrival, call, 4 * attempt + leg));
  }
}
