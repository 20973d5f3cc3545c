/**
 * A fixed limit, as HAProxy's `maxconn` and Envoy's `max_requests`: simple, exact, and wrong as soon as the servers
 * change. Too low wastes slots, too high lets the queue stand inside the server, where nobody can send its calls
 * elsewhere (HAProxy's documentation of `maxconn` argues for the low side).
 */
import { z } from 'zod';
import { zCount } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Limit } from './limit.ts';
import { zLimitScope } from './scope.ts';

export class FixedLimit implements Limit {
  readonly #inFlight: number;

  constructor(options: { readonly inFlight: number }) {
    this.#inFlight = options.inFlight;
  }

  limit(): number {
    return this.#inFlight;
  }

  settled(): void {}
}

export const fixed = policy({
  summary: 'A fixed number of calls in flight.',
  options: z.strictObject({
    inFlight: zCount({ min: 1 }).prefault(10).describe('calls in flight allowed at once'),
    scope: zLimitScope(),
  }),
  facts: {
    rule: 'At most `inFlight` calls at once in the scope; the next one waits at the balancer or is shed.',
    follows:
      "HAProxy's `maxconn`, 3.3-dev of 2026-08 (scope server); Envoy's `max_requests`, @56af06f (scope fleet)",
    good: 'servers of known, steady capacity: set to their slots, no call waits behind a slow one',
    bad: 'capacity that changes or is unknown: too low wastes slots, too high does nothing',
    cost: 'O(1)',
  },
  make: (options): Limit => new FixedLimit(options),
});
