/**
 * Slow start, beside any balancer: a server that has just come up or is healthy again is passed over by chance, so that
 * it gets the part of its traffic that the rule says. Weights would do that for weighted balancers alone.
 */
import type { Millis } from '../core/units.ts';
import { slowStartFactor } from '../policies/guards/slow-start.ts';
import type { FleetOptions } from './options.ts';

export class Ramp {
  readonly #options: NonNullable<FleetOptions['slowStart']>;

  constructor(options: NonNullable<FleetOptions['slowStart']>) {
    this.#options = options;
  }

  /** Does a server take this call that came up at `since`? */
  accepts(now: Millis, since: Millis): boolean {
    const { rule, rng } = this.#options;
    const elapsed = now - since;
    return elapsed >= rule.window || rng.next() < slowStartFactor(rule, elapsed);
  }
}
