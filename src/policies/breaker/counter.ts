/**
 * The reference's breaker, mended. `failures` failures open the circuit, each success takes one back; after `recovery`
 * it is half-open and lets `halfOpenCalls` calls through at a time: one success closes it, one failure opens it anew.
 * Mended, each with a test: half-open calls are counted (the reference compares a counter it never raises); failures
 * older than `window` are forgotten (a count without a window trips any long-lived server); answers from before a
 * trip are ignored; a cancelled call gives its permit back; time 0 is a time like any other.
 */
import { z } from 'zod';
import { invariant } from '../../core/invariant.ts';
import type { Outcome } from '../../core/outcome.ts';
import { formatDuration, NEVER, orNone, zCount, zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Breaker, BreakerState, Permit } from './breaker.ts';
import { countsAgainst, zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';

export interface CounterOptions {
  readonly failures: number;
  readonly recovery: Millis;
  readonly halfOpenCalls: number;
  /** Null: failures never grow old. */
  readonly window: Millis | null;
  readonly counts: readonly Category[];
}

export class CounterBreaker implements Breaker {
  readonly #options: CounterOptions;
  readonly #isFailure: (outcome: Outcome) => boolean;
  /** Instants of the failures that still count, oldest first: a ring of `failures` places. */
  readonly #failedAt: Float64Array;
  #oldest = 0;
  #failed = 0;
  #phase: BreakerState = 'closed';
  #opensUntil: Millis = NEVER;
  /** Half-open calls in flight. */
  #trials = 0;
  /** Grows with each change of phase; a permit is the period it was given in. */
  #period: Permit = 0;
  #because = 'new';

  constructor(options: CounterOptions) {
    this.#options = options;
    this.#isFailure = countsAgainst(options.counts);
    this.#failedAt = new Float64Array(options.failures);
  }

  state(now: Millis): BreakerState {
    return this.#phase === 'open' && now >= this.#opensUntil ? 'half-open' : this.#phase;
  }

  admits(now: Millis): boolean {
    if (this.#phase === 'closed') return true;
    if (this.#phase === 'open') return now >= this.#opensUntil;
    return this.#trials < this.#options.halfOpenCalls;
  }

  sent(now: Millis): Permit {
    if (this.#phase === 'closed') return this.#period;
    if (this.#phase === 'open')
      this.#enter('half-open', `${formatDuration(this.#options.recovery)} have passed`);
    invariant(now >= this.#opensUntil, 'breaker: a call was sent through an open circuit');
    this.#trials++;
    invariant(this.#trials <= this.#options.halfOpenCalls, 'breaker: too many half-open calls');
    return this.#period;
  }

  settled(now: Millis, permit: Permit, outcome: Outcome): void {
    if (permit !== this.#period) return;
    if (this.#phase === 'half-open') this.#trials--;
    if (outcome === 'cancelled') return;
    if (this.#isFailure(outcome)) this.#failure(now, outcome);
    else this.#success(now);
  }

  because(): string {
    return this.#because;
  }

  wakeAt(now: Millis): Millis {
    return this.#phase === 'open' && now < this.#opensUntil ? this.#opensUntil : NEVER;
  }

  #success(now: Millis): void {
    if (this.#phase === 'half-open') {
      this.#enter('closed', 'a half-open call succeeded');
      this.#failed = 0;
      return;
    }
    this.#forgetExpired(now);
    if (this.#failed > 0) this.#forgetOldest();
  }

  #failure(now: Millis, outcome: Outcome): void {
    const { failures } = this.#options;
    if (this.#phase === 'half-open') {
      this.#open(now, `a half-open call failed: ${outcome}`);
      return;
    }
    this.#forgetExpired(now);
    this.#failedAt[(this.#oldest + this.#failed) % failures] = now;
    this.#failed++;
    if (this.#failed === failures) {
      this.#open(now, `${failures} failure${failures === 1 ? '' : 's'}, the last: ${outcome}`);
      this.#failed = 0;
    }
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

  #open(now: Millis, because: string): void {
    this.#enter('open', because);
    this.#opensUntil = now + this.#options.recovery;
  }

  #enter(phase: BreakerState, because: string): void {
    this.#phase = phase;
    this.#because = because;
    this.#trials = 0;
    this.#period++;
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
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: 'A failure adds one, a success takes the oldest away, `failures` within `window` open the circuit. After `recovery` up to `halfOpenCalls` calls at a time are let through: one success closes, one failure opens again.',
    follows: "the reference's MCPServerCircuitBreaker, with its faults mended",
    good: 'servers that fail most of their calls',
    bad: 'moderate error rates: as each success takes a failure back, the count is a random walk that trips at 30 % errors now and then, at 10 % hardly ever',
    cost: 'O(1)',
  },
  make: (options) => new CounterBreaker(options),
});
