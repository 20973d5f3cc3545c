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
import { zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Breaker, BreakerState, Permit } from './breaker.ts';
import { Circuit } from './circuit.ts';
import { countsAgainst, zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf, percent } from './tally.ts';
import { SliceWindow } from './windows.ts';

const SLICES = 10;

export interface PollyOptions {
  readonly failureRatio: number;
  readonly throughput: number;
  readonly window: Millis;
  readonly recovery: Millis;
  readonly counts: readonly Category[];
}

export class PollyBreaker implements Breaker {
  readonly #options: PollyOptions;
  readonly #isFailure: (outcome: Outcome) => boolean;
  readonly #window: SliceWindow;
  readonly #circuit: Circuit;

  constructor(options: PollyOptions) {
    const { window, recovery } = options;
    this.#options = options;
    this.#isFailure = countsAgainst(options.counts);
    this.#window = new SliceWindow(window / SLICES, window);
    this.#circuit = new Circuit({
      trials: 1,
      breaks: () => recovery,
      patience: recovery,
      impatient: 'half-open',
    });
  }

  state(now: Millis): BreakerState {
    return this.#circuit.state(now);
  }

  admits(now: Millis): boolean {
    return this.#circuit.admits(now);
  }

  sent(now: Millis): Permit {
    return this.#circuit.sent(now);
  }

  settled(now: Millis, permit: Permit, outcome: Outcome): void {
    const phase = this.#circuit.returned(now, permit, outcome);
    if (phase === null) return;
    const failed = this.#isFailure(outcome);
    if (phase === 'half-open') this.#probed(now, failed, outcome);
    else {
      this.#window.add(now, kindOf(failed, false));
      if (failed) this.#judge(now);
    }
  }

  because(): string {
    return this.#circuit.because();
  }

  wakeAt(now: Millis): Millis {
    return this.#circuit.wakeAt(now);
  }

  #probed(now: Millis, failed: boolean, outcome: Outcome): void {
    if (failed) {
      this.#circuit.open(now, `the half-open call failed: ${outcome}`);
      return;
    }
    this.#window.clear();
    this.#circuit.close('the half-open call succeeded');
  }

  #judge(now: Millis): void {
    const { failed, total } = this.#window.tally;
    const { failureRatio, throughput } = this.#options;
    if (total < throughput || failed / total < failureRatio) return;
    this.#circuit.open(now, `${percent(failed / total)} of ${total} calls failed`);
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
