/**
 * Envoy's retry budget (cluster circuit breakers, `retry_budget`): the retries in flight are at most a share of all that
 * is in flight, and `least` are always allowed. It needs no memory, as it bounds a state and not a rate.
 *
 * Its pathology: slow failures. Calls that hang fill what is in flight, so the budget grows with the very trouble that
 * makes the retries; and retries that fail at once take up so little that they hardly count.
 */
import { z } from 'zod';
import { zCount, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Budget } from './budget.ts';

export interface ShareOptions {
  readonly share: number;
  readonly least: number;
}

export class ShareBudget implements Budget {
  readonly #options: ShareOptions;

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  arrived(): void {}

  admits(_now: Millis, inFlight: number, retrying: number): boolean {
    const { share, least } = this.#options;
    return retrying < Math.max(Math.floor(share * inFlight), least);
  }

  spent(): void {}

  settled(): void {}
}

export const share = policy({
  summary: 'Retries in flight up to a share of all requests in flight.',
  options: z.strictObject({
    share: zShare().prefault('20%').describe('retries in flight, of all requests in flight'),
    least: zCount().prefault(3).describe('retries in flight that are always allowed'),
  }),
  facts: {
    rule: 'A retry is made while retries in flight < max(floor(`share` x requests in flight), `least`).',
    follows: "Envoy's retry_budget, @56af06f, with its defaults (20 %, min_retry_concurrency 3)",
    good: 'busy fleets: it follows the load at once, and has nothing to forget',
    bad: 'failures that come at once: three retries in flight that last 1 ms each are 3,000 a second; calls that hang widen it',
    cost: 'O(1)',
  },
  make: (options): Budget => new ShareBudget(options),
});
