/**
 * The reference's breaker, mended. `failures` failures open the circuit, each success takes one back; after `recovery`
 * it is half-open and lets `halfOpenCalls` calls through at a time: one success closes it, one failure opens it anew.
 * Mended, each with a test: half-open calls are counted (the reference compares a counter it never raises); failures
 * older than `window` are forgotten (a count without a window trips any long-lived server); answers from before a
 * trip are ignored; a cancelled call gives its permit back, and half-open calls that never end are given up after
 * `patience`; time 0 is a time like any other.
 */
import { z } from 'zod';
import { counted } from '../../core/format.ts';
import type { Outcome } from '../../core/outcome.ts';
import { orNone, zCount, zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { Circuit, zPatience } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';

export interface CounterOptions {
  readonly failures: number;
  readonly recovery: Millis;
  readonly halfOpenCalls: number;
  /** Null: failures never grow old. */
  readonly window: Millis | null;
  /** Null: half-open calls that never end are waited for. */
  readonly patience: Millis | null;
  readonly counts: readonly Category[];
}

export class CounterBreaker extends Circuit {
  readonly #options: CounterOptions;
  /** Instants of the failures that still count, oldest first: a ring of `failures` places. */
  readonly #failedAt: Float64Array;
  #oldest = 0;
  #failed = 0;

  constructor(options: CounterOptions) {
    const { failures, recovery, halfOpenCalls, patience, counts } = options;
    super(counts, {
      trials: halfOpenCalls,
      breaks: () => recovery,
      patience: patience ?? Infinity,
      impatient: 'half-open',
    });
    this.#options = options;
    this.#failedAt = new Float64Array(failures);
  }

  protected served(now: Millis, outcome: Outcome, failed: boolean): void {
    if (failed) this.#failure(now, outcome);
    else this.#success(now);
  }

  protected tried(now: Millis, outcome: Outcome, failed: boolean): void {
    if (failed) this.open(now, `a half-open call failed: ${outcome}`);
    else this.close('a half-open call succeeded');
    this.#failed = 0;
  }

  #success(now: Millis): void {
    if (this.#failed === 0) return;
    this.#forgetExpired(now);
    if (this.#failed > 0) this.#forgetOldest();
  }

  #failure(now: Millis, outcome: Outcome): void {
    const { failures } = this.#options;
    this.#forgetExpired(now);
    this.#failedAt[(this.#oldest + this.#failed) % failures] = now;
    this.#failed++;
    if (this.#failed < failures) return;
    this.open(now, `${counted(failures, 'failure')}, the last: ${outcome}`);
    this.#failed = 0;
  }

  #forgetExpired(now: Millis): void {
    const { window } = this.#options;
    if (window === null) return;
    while (this.#failed > 0 && this.#failedAt[this.#oldest]! <= now - window) this.#forgetOldest();
  }

  #forgetOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#options.failures;
    this.#failed--;
  }
}

export const counter = policy({
  summary: 'Opens after a number of failures; each success takes one back.',
  options: z.strictObject({
    failures: zCount({ min: 1 }).prefault(5).describe('failures that open the circuit'),
    recovery: zDuration().prefault('30s').describe('time until an open circuit tries again'),
    halfOpenCalls: zCount({ min: 1 })
      .prefault(3)
      .describe('calls let through at a time while half-open'),
    window: orNone(zDuration({ positive: true }))
      .prefault('60s')
      .describe('failures older than this are forgotten'),
    patience: zPatience('60s'),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: 'A failure adds one, a success takes the oldest away, `failures` within `window` open the circuit. After `recovery` up to `halfOpenCalls` calls at a time are let through: one success closes, one failure opens again; if none of them ends within `patience`, others are let through.',
    follows: "the reference's MCPServerCircuitBreaker, with its faults mended",
    good: 'servers that fail most of their calls',
    bad: 'moderate error rates: as each success takes a failure back, the count is a random walk that trips at 30 % errors now and then, at 10 % hardly ever',
    cost: 'O(1)',
  },
  make: (options) => new CounterBreaker(options),
});
