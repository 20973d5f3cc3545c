/**
 * Additive increase, multiplicative decrease: one more while calls are answered in time and the limit is in use, times
 * `backoff` at each drop or answer later than `timeout` (Netflix concurrency-limits, AIMDLimit; the rule of TCP Reno).
 * It learns only from losses, so it lets the queue grow until calls time out or are refused, and saws up and down.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import { zDuration, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Limit } from './limit.ts';
import { ordered, rangeOptions, type Range } from './options.ts';
import { toldBy } from './sample.ts';

export interface AimdOptions extends Range {
  /** Factor, [0.5, 1). */
  readonly backoff: number;
  readonly timeout: Millis;
}

export class AimdLimit implements Limit {
  readonly #options: AimdOptions;
  #limit: number;

  constructor(options: AimdOptions) {
    this.#options = options;
    this.#limit = options.initial;
  }

  limit(): number {
    return this.#limit;
  }

  settled(_now: Millis, outcome: Outcome, tookMs: Millis, inFlight: number): void {
    const told = toldBy(outcome);
    if (told === 'nothing') return;
    const { backoff, timeout, min, max } = this.#options;
    if (told === 'dropped' || tookMs > timeout)
      this.#limit = Math.max(min, Math.floor(this.#limit * backoff));
    else if (inFlight * 2 >= this.#limit) this.#limit = Math.min(max, this.#limit + 1);
  }
}

export const aimd = policy({
  summary: 'One more while all goes well, a tenth less when a call is lost or late.',
  options: ordered(
    z.strictObject({
      ...rangeOptions({ initial: 20, min: 20, max: 200 }),
      backoff: zShare({ min: 0.5, below: 1 })
        .prefault('90%')
        .describe('what is left of the limit after a drop, at least 50% and below 100%'),
      timeout: zDuration({ positive: true })
        .prefault('5s')
        .describe('an answer that took longer counts as a drop'),
    }),
  ),
  facts: {
    rule: 'Timeout, 503, 429 or an answer later than `timeout`: the limit times `backoff`, rounded down. An answer in time while in flight x 2 >= limit: one more. Always within `min`..`max`.',
    follows: 'Netflix concurrency-limits @784c960 AIMDLimit, with its defaults',
    good: 'servers that refuse calls when they are full: the refusal is the signal',
    bad: 'servers that queue without end: it sees nothing until calls time out. The default `min` of 20 is above what a small MCP server can do at once',
    cost: 'O(1)',
  },
  make: (options): Limit => new AimdLimit(options),
});
