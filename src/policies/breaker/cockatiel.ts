/**
 * cockatiel's three breakers (connor4312/cockatiel, src/breaker/*.ts, src/CircuitBreakerPolicy.ts): failures in a row
 * (>=), or the share of failures, strictly above a threshold, over the last calls (`count`) or over time (`sampling`,
 * at least five slices of at most a second). A share is looked at only when a call fails. Half-open, `halfOpenCalls`
 * calls are let through: it reopens as soon as more than `halfOpenThreshold` of them have failed, and closes when all
 * have ended; the closed window then starts with one success.
 * Mended: SamplingBreaker drops one old slice a call, so that after an idle gap old failures still count (here all that
 * are too old go); a half-open call that never ends holds all others for ever (here for `patience`); there the calls
 * beyond the half-open ones wait, here they are refused, as the balancer sends them elsewhere.
 * Pathology: the sampling breaker's own guess of a minimum rate, 5 failures a second, is more than most servers get.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import {
  formatPercent,
  orNone,
  zCount,
  zDuration,
  zRate,
  zShare,
  type Millis,
} from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import { shortened, zGrowth, type Growth } from './back-off.ts';
import type { Permit } from './breaker.ts';
import { Circuit, zPatience } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf, type Tally } from './tally.ts';
import { CountWindow, SliceWindow, type Window } from './windows.ts';

const RULES = ['consecutive', 'count', 'sampling'] as const;

export interface CockatielOptions extends Growth {
  readonly rule: (typeof RULES)[number];
  /** Of rule consecutive. */
  readonly failures: number;
  /** Of the other two. */
  readonly threshold: number;
  /** Calls, of rule count. */
  readonly size: number;
  /** Null: `size`. */
  readonly minimumCalls: number | null;
  readonly duration: Millis;
  /** Calls a second, of rule sampling; null: as many as 5 failures a second are at the threshold. */
  readonly minimumRate: number | null;
  readonly halfOpenCalls: number;
  readonly halfOpenThreshold: number;
  readonly patience: Millis | null;
  readonly counts: readonly Category[];
}

export class CockatielBreaker extends Circuit {
  readonly #options: CockatielOptions;
  readonly #window: Window;
  /** Calls in the window below which a share is not judged. */
  readonly #minimum: number;
  #run = 0;
  /** Of the half-open round whose permits are `#round`. */
  #round: Permit = -1;
  #ended = 0;
  #failed = 0;

  constructor(options: CockatielOptions, rng: Rng) {
    super(
      options.counts,
      {
        trials: options.halfOpenCalls,
        breaks: shortened(options),
        patience: options.patience ?? Infinity,
        impatient: 'half-open',
      },
      rng,
    );
    const slices = slicesOf(options.duration);
    this.#options = options;
    this.#window =
      options.rule === 'sampling'
        ? new SliceWindow(slices.width, slices.span, 0)
        : new CountWindow(options.size);
    this.#minimum =
      options.rule === 'sampling'
        ? (minimumRateOf(options) * slices.span) / 1000
        : (options.minimumCalls ?? options.size);
  }

  /** What the window holds, as of the last call that ended. */
  get tally(): Tally {
    return this.#window.tally;
  }

  protected served(now: Millis, outcome: Outcome, failed: boolean): void {
    this.#run = failed ? this.#run + 1 : 0;
    this.#window.add(now, kindOf(failed, false));
    if (failed) this.#judge(now, outcome);
  }

  protected tried(now: Millis, _outcome: Outcome, failed: boolean): void {
    const { halfOpenCalls, halfOpenThreshold } = this.#options;
    if (this.period !== this.#round) {
      this.#round = this.period;
      this.#ended = 0;
      this.#failed = 0;
    }
    this.#ended++;
    if (failed) this.#failed++;
    const told = `${this.#failed} of ${halfOpenCalls} half-open calls failed`;
    if (this.#failed / halfOpenCalls > halfOpenThreshold) this.open(now, told);
    else if (this.#ended === halfOpenCalls) {
      this.#run = 0;
      this.#window.clear(now);
      this.#window.add(now, kindOf(false, false));
      this.close(told);
    }
  }

  #judge(now: Millis, outcome: Outcome): void {
    const { rule, failures, threshold } = this.#options;
    if (rule === 'consecutive') {
      if (this.#run >= failures)
        this.open(now, `${this.#run} failures in a row, the last: ${outcome}`);
      return;
    }
    const { failed, total } = this.#window.tally;
    if (total < this.#minimum || failed / total <= threshold) return;
    this.open(now, `${formatPercent(failed / total)} of ${total} calls failed`);
  }
}

/** The slices of a sampled window: whole milliseconds, at least five, none longer than a second. */
export const slicesOf = (
  duration: Millis,
): { readonly count: number; readonly width: Millis; readonly span: Millis } => {
  const count = Math.max(5, Math.ceil(duration / 1000));
  const width = Math.max(1, Math.round(duration / count));
  return { count, width, span: width * count };
};

/** Calls a second. */
export const minimumRateOf = (
  options: Pick<CockatielOptions, 'threshold' | 'minimumRate'>,
): number => options.minimumRate ?? 5 / options.threshold;

export const cockatiel = policy({
  summary:
    'Opens on failures in a row, or on a share of failures over the last calls or over time.',
  options: z
    .strictObject({
      rule: z
        .enum(RULES)
        .default('consecutive')
        .describe('ConsecutiveBreaker, CountBreaker or SamplingBreaker'),
      failures: zCount({ min: 1 })
        .prefault(5)
        .describe('of consecutive: failures in a row that open the circuit'),
      // It opens strictly above it, which is never above 100 %.
      threshold: zShare({ positive: true, below: 1 })
        .prefault('50%')
        .describe('of count and sampling: share of failures above which (>) it opens'),
      size: zCount({ min: 1, max: 1e6 }).prefault(100).describe('of count: calls in the window'),
      minimumCalls: orNone(zCount({ min: 1 }))
        .prefault('none')
        .describe('of count: calls below which it never opens; none: a full window'),
      duration: zDuration({ positive: true, max: 86_400_000 })
        .prefault('30s')
        .describe('of sampling: time over which it counts'),
      minimumRate: orNone(zRate({ positive: true }))
        .prefault('none')
        .describe('of sampling: rate below which it never opens; none: 5/s over the threshold'),
      ...zGrowth({ recovery: '10s', growth: 1, longest: 'none', jitter: '0%' }),
      halfOpenCalls: zCount({ min: 1 }).prefault(1).describe('calls let through while half-open'),
      halfOpenThreshold: zShare()
        .prefault('0%')
        .describe('share of half-open failures above which (>) it opens again'),
      patience: zPatience('60s'),
      counts: zCounts(),
      scope: zScope(),
    })
    .superRefine(within('minimumCalls', 'at most', 'size')),
  facts: {
    rule: 'consecutive: `failures` in a row; count: more than `threshold` of the last `size` calls failed, at least `minimumCalls` of them there; sampling: more than `threshold` over `duration`, at `minimumRate` or more. A share is judged when a call fails. After `recovery` it lets `halfOpenCalls` through: it opens again, for `growth` times as long, as soon as more than `halfOpenThreshold` of them failed, else it closes when all have ended.',
    follows:
      'cockatiel as of 2026, with halfOpenSampling (connor4312/cockatiel, src/breaker/*.ts, src/CircuitBreakerPolicy.ts), its stale sampling window and its half-open call without an end mended',
    good: 'Node clients, where it is what people have; count for steady small samples, sampling for busy servers',
    bad: 'sampling below its minimum rate, 10 calls a second at a threshold of 50 %: it never opens; breaks without jitter, unless asked for',
    cost: 'O(1)',
  },
  make: (options, rng) => new CockatielBreaker(options, rng),
});
