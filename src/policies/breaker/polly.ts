/**
 * Polly v8's circuit breaker (App-vNext/Polly @173d6d1, AdvancedCircuitBehavior.cs, RollingHealthMetrics.cs,
 * CircuitStateController.cs): the share of failures over a sampled window of ten slices, >= the threshold, looked at
 * only when a failure ends. One half-open call decides; if it does not end, another is let through a break later.
 * Pathology: the minimum throughput (100 calls in 30 s) is per circuit, here per server, so a server below 3.3 calls
 * a second never trips at all; and breaks of equal length make all clients of a server come back in step.
 * Mended: Polly lets an answer to a call from before the trip decide the half-open state. Left out: isolation by hand.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import { formatPercent, zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { Circuit } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf } from './tally.ts';
import { SliceWindow } from './windows.ts';

const SLICES = 10;

export interface PollyOptions {
  readonly failureRatio: number;
  readonly throughput: number;
  readonly window: Millis;
  readonly recovery: Millis;
  readonly counts: readonly Category[];
}

export class PollyBreaker extends Circuit {
  readonly #options: PollyOptions;
  readonly #window: SliceWindow;

  constructor(options: PollyOptions) {
    const { window, recovery, counts } = options;
    super(counts, {
      trials: 1,
      breaks: () => recovery,
      patience: recovery,
      impatient: 'half-open',
    });
    this.#options = options;
    this.#window = new SliceWindow(window / SLICES, window);
  }

  protected served(now: Millis, _outcome: Outcome, failed: boolean): void {
    this.#window.add(now, kindOf(failed, false));
    if (failed) this.#judge(now);
  }

  protected tried(now: Millis, outcome: Outcome, failed: boolean): void {
    if (failed) {
      this.open(now, `the half-open call failed: ${outcome}`);
      return;
    }
    this.#window.clear();
    this.close('the half-open call succeeded');
  }

  #judge(now: Millis): void {
    const { failed, total } = this.#window.tally;
    const { failureRatio, throughput } = this.#options;
    if (total < throughput || failed / total < failureRatio) return;
    this.open(now, `${formatPercent(failed / total)} of ${total} calls failed`);
  }
}

export const polly = policy({
  summary: 'Opens when the share of failures over a sampled window reaches a threshold.',
  options: z.strictObject({
    failureRatio: zShare({ positive: true })
      .prefault('10%')
      .describe('share of failures that opens the circuit (>=)'),
    throughput: zCount({ min: 2 })
      .prefault(100)
      .describe('calls in the window below which it never opens'),
    window: zDuration({ positive: true })
      .prefault('30s')
      .describe('time over which it counts, in ten slices'),
    recovery: zDuration({ positive: true })
      .prefault('5s')
      .describe('length of a break; also how long a half-open call is waited for'),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: 'When a call fails and `window` holds at least `throughput` calls of which at least `failureRatio` failed, the circuit opens for `recovery`. Then one call is let through: a success closes and empties the window, a failure opens again; without an answer another call is let through after `recovery`.',
    follows: 'Polly v8 (@173d6d1, AdvancedCircuitBehavior.cs, RollingHealthMetrics.cs)',
    good: 'steady, busy traffic: it sees a rise in errors that never come in a row',
    bad: 'few calls a server: with less than `throughput` in a window it never opens; and equal breaks bring everyone back in step',
    cost: 'O(1)',
  },
  make: (options) => new PollyBreaker(options),
});
