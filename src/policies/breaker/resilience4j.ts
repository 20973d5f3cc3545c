/**
 * resilience4j's circuit breaker (resilience4j/resilience4j @af9e7c9, CircuitBreakerStateMachine.java,
 * CircuitBreakerMetrics.java, CircuitBreakerConfig.java): a rate of failures or of slow calls (strictly longer than
 * `slow`), >=, over the last calls or over seconds; any call may tip it, a success too. A window of calls never asks for
 * more than it holds: the minimum is min(minimumCalls, size), half-open min(minimumCalls, halfOpenCalls), so by default it
 * decides when all half-open calls have ended. The first call is let through strictly after the break; with `automatic` the
 * circuit is half-open at its end, and `halfOpenWait` runs even if nobody calls.
 * Pathology: half-open calls that never end hold it half-open for ever (resilience4j#935), unless `halfOpenWait` is set;
 * minimum 100 calls and breaks of a minute are far too slow for a server with a few calls a second.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import {
  formatDuration,
  formatPercent,
  gotButAllowed,
  orNone,
  zCount,
  zDuration,
  zShare,
  type Millis,
} from '../../core/units.ts';
import { policy } from '../registry.ts';
import { spread, zGrowth, type Growth } from './back-off.ts';
import type { Permit } from './breaker.ts';
import { Circuit } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf, type Tally } from './tally.ts';
import { BucketWindow, CountWindow, type Window } from './windows.ts';

const BUCKET: Millis = 1000;

export interface Resilience4jOptions extends Growth {
  readonly window: 'count' | 'time';
  /** Calls, of a window of calls. */
  readonly size: number;
  /** Whole seconds, of a window of time. */
  readonly span: Millis;
  readonly minimumCalls: number;
  readonly failureRate: number;
  readonly slowRate: number;
  readonly slow: Millis;
  readonly halfOpenCalls: number;
  /** Null: for ever. */
  readonly halfOpenWait: Millis | null;
  readonly afterWait: 'open' | 'closed';
  readonly automatic: boolean;
  readonly counts: readonly Category[];
}

export class Resilience4jBreaker extends Circuit {
  readonly #options: Resilience4jOptions;
  readonly #window: Window;
  readonly #minimum: number;
  readonly #trials: CountWindow;
  /** The half-open round that `#trials` speaks of. */
  #round: Permit = -1;
  /** What was judged last, and how many calls that takes. */
  #judged: Tally;
  #needed: number;

  constructor(options: Resilience4jOptions, rng: Rng) {
    const { window, size, span, minimumCalls, halfOpenCalls, automatic } = options;
    super(
      options.counts,
      {
        trials: halfOpenCalls,
        breaks: spread(options),
        patience: options.halfOpenWait ?? Infinity,
        impatient: options.afterWait,
        automatic,
        strictly: !automatic,
      },
      rng,
    );
    this.#options = options;
    this.#window =
      window === 'count' ? new CountWindow(size) : new BucketWindow(BUCKET, span / BUCKET);
    this.#minimum = window === 'count' ? Math.min(minimumCalls, size) : minimumCalls;
    this.#trials = new CountWindow(halfOpenCalls);
    this.#judged = this.#window.tally;
    this.#needed = this.#minimum;
  }

  /** Share of failures in the window that was judged last; null below its minimum of calls. */
  get failureRate(): number | null {
    return this.#shareOf(this.#judged.failed);
  }

  /** Share of slow calls, likewise. */
  get slowRate(): number | null {
    return this.#shareOf(this.#judged.slow);
  }

  protected served(now: Millis, _outcome: Outcome, failed: boolean, tookMs: Millis): void {
    this.#window.add(now, kindOf(failed, tookMs > this.#options.slow));
    this.#judged = this.#window.tally;
    this.#needed = this.#minimum;
    const excess = this.#excess();
    if (excess !== null) this.open(now, excess);
  }

  protected tried(now: Millis, _outcome: Outcome, failed: boolean, tookMs: Millis): void {
    if (this.period !== this.#round) this.#trials.clear();
    this.#round = this.period;
    this.#trials.add(now, kindOf(failed, tookMs > this.#options.slow));
    this.#judged = this.#trials.tally;
    this.#needed = Math.min(this.#options.minimumCalls, this.#options.halfOpenCalls);
    const excess = this.#excess();
    if (excess !== null) this.open(now, `half-open, ${excess}`);
    else if (this.#judged.total >= this.#needed) {
      this.close(`${this.#judged.total} half-open calls, ${this.#judged.failed} failed`);
      this.#window.clear(Math.floor(now / BUCKET) * BUCKET);
      this.#judged = this.#window.tally;
      this.#needed = this.#minimum;
    }
  }

  /** Which rate is too high, in words; null: none, or too few calls to say. */
  #excess(): string | null {
    const { failureRate, slowRate, slow } = this.#options;
    const failed = this.failureRate ?? 0;
    const slowed = this.slowRate ?? 0;
    if (failed >= failureRate)
      return `${formatPercent(failed)} of ${this.#judged.total} calls failed`;
    if (slowed >= slowRate)
      return `${formatPercent(slowed)} of ${this.#judged.total} calls took longer than ${formatDuration(slow)}`;
    return null;
  }

  #shareOf(calls: number): number | null {
    const { total } = this.#judged;
    return total === 0 || total < this.#needed ? null : calls / total;
  }
}

export const resilience4j = policy({
  summary: 'Opens when too many of the last calls failed or were slow.',
  options: z.strictObject({
    window: z
      .enum(['count', 'time'])
      .default('count')
      .describe('whether the last `size` calls count, or those of the last `span`'),
    size: zCount({ min: 1, max: 1e6 }).prefault(100).describe('of a count window: calls'),
    span: zDuration({ positive: true, max: 86_400_000 })
      .refine((ms) => ms % BUCKET === 0, {
        error: ({ input }) =>
          gotButAllowed(formatDuration(input as Millis), 'whole seconds, such as 20s'),
      })
      .prefault('100s')
      .describe('of a time window: its length in whole seconds, a bucket each'),
    minimumCalls: zCount({ min: 1 })
      .prefault(100)
      .describe('calls below which it never opens; in a count window at most `size`'),
    failureRate: zShare({ positive: true })
      .prefault('50%')
      .describe('share of failures that opens the circuit (>=)'),
    slowRate: zShare({ positive: true })
      .prefault('100%')
      .describe('share of slow calls that opens the circuit (>=)'),
    slow: zDuration({ positive: true })
      .prefault('60s')
      .describe('a call that takes longer (>) is slow, whether it fails or not'),
    ...zGrowth({ recovery: '60s', growth: 1, longest: 'none', jitter: '0%' }),
    halfOpenCalls: zCount({ min: 1, max: 1e6 })
      .prefault(10)
      .describe('calls let through while half-open'),
    halfOpenWait: orNone(zDuration({ positive: true }))
      .prefault('none')
      .describe('how long it may stay half-open; none: for ever'),
    afterWait: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('what it is after `halfOpenWait`'),
    automatic: z
      .boolean()
      .default(false)
      .describe('half-open by time alone at the end of a break, not with the first call after it'),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: 'When a call ends and the window holds `minimumCalls` (at most `size`), a share of failures >= `failureRate` or of calls longer than `slow` >= `slowRate` opens the circuit for `recovery`. Half-open it lets `halfOpenCalls` calls through and applies the same two rates once min(`minimumCalls`, `halfOpenCalls`) of them have ended: open again or closed, with an empty window.',
    follows:
      'resilience4j @af9e7c9 (CircuitBreakerStateMachine.java, CircuitBreakerMetrics.java), all defaults; exponential waits by `growth`, randomised by `jitter`',
    good: 'services of steady load: rates and slow calls over a window that is easy to reason about',
    bad: 'its defaults on a small server: 100 calls until it may open, a minute until it tries again, and for ever half-open if its calls never end',
    cost: 'O(1)',
  },
  make: (options, rng) => new Resilience4jBreaker(options, rng),
});
