/**
 * Finagle's hybrid failure accrual (twitter/finagle @4feb34c, liveness/FailureAccrualPolicy.scala,
 * FailureAccrualFactory.scala): failures in a row OR an exponentially weighted success rate below (strictly) the required
 * one, judged when a call fails, once the circuit has been closed for a whole window and at least `minimumCalls` calls
 * ended in the last one. The longer of the two rules' breaks counts, each equal-jittered from 5 s to 300 s. One probe;
 * its success revives: history and breaks start over. Pathology: the first break is 5 s to the dot, so what tripped
 * together tries again together once; a failed probe that neither rule condemns is tried again at once; after a trip by
 * rate the window may hold too few calls to condemn it.
 * Mended: there late successes end the run of a dead server, and a probe that never ends holds it dead for ever.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import { formatPercent, zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { equalJittered, type BreakLaw } from './back-off.ts';
import { Circuit, zPatience } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf } from './tally.ts';
import { BucketWindow } from './windows.ts';

/** Slices of the count of calls. */
const SLICES = 5;

export interface FinagleOptions {
  readonly failures: number;
  readonly successRate: number;
  readonly window: Millis;
  readonly minimumCalls: number;
  readonly recovery: Millis;
  readonly longest: Millis;
  readonly patience: Millis | null;
  readonly counts: readonly Category[];
}

export class FinagleBreaker extends Circuit {
  readonly #options: FinagleOptions;
  readonly #breaks: BreakLaw;
  readonly #rng: Rng;
  readonly #average: SuccessAverage;
  readonly #calls: BucketWindow;
  #run = 0;
  /** Breaks that each rule has ordered since the last revival. */
  #byRun = 0;
  #byRate = 0;
  /** When it was revived; before that, when its first call ended. */
  #since: Millis | null = null;

  constructor(options: FinagleOptions, rng: Rng) {
    const breaks = equalJittered(options.recovery, options.longest);
    super(
      options.counts,
      { trials: 1, breaks, patience: options.patience ?? Infinity, impatient: 'half-open' },
      rng,
    );
    this.#options = options;
    this.#breaks = breaks;
    this.#rng = rng;
    this.#average = new SuccessAverage(options.window);
    this.#calls = new BucketWindow(options.window / SLICES, SLICES);
  }

  protected served(now: Millis, outcome: Outcome, failed: boolean): void {
    this.#count(now, failed);
    if (failed) this.#condemns(now, outcome);
  }

  protected tried(now: Millis, outcome: Outcome, failed: boolean): void {
    if (!failed) this.#revive(now);
    this.#count(now, failed);
    if (failed && !this.#condemns(now, outcome))
      this.tryAgain('the probe failed, but neither rule is met');
  }

  #count(now: Millis, failed: boolean): void {
    this.#since ??= now;
    this.#calls.add(now, kindOf(failed, false));
    this.#average.update(now - this.#since, !failed);
    this.#run = failed ? this.#run + 1 : 0;
  }

  /** Opens the circuit if one of the rules is met. */
  #condemns(now: Millis, outcome: Outcome): boolean {
    const length = Math.max(this.#breakByRun(), this.#breakByRate(now));
    if (length < 0) return false;
    this.open(now, this.#told(outcome), length);
    return true;
  }

  #revive(now: Millis): void {
    this.#byRun = 0;
    this.#byRate = 0;
    this.#average.reset();
    this.#calls.clear(now);
    this.#since = now;
    this.close('the probe succeeded');
  }

  /** The break that the run calls for, or -1. */
  #breakByRun(): Millis {
    if (this.#run < this.#options.failures) return -1;
    return this.#breaks(++this.#byRun, this.#rng.next());
  }

  /** The break that the rate calls for, or -1. */
  #breakByRate(now: Millis): Millis {
    const { successRate, window, minimumCalls } = this.#options;
    const isLongEnough = now - (this.#since ?? now) >= window;
    if (!isLongEnough || this.#average.rate >= successRate) return -1;
    if (this.#calls.tally.total < minimumCalls) return -1;
    return this.#breaks(++this.#byRate, this.#rng.next());
  }

  #told(outcome: Outcome): string {
    if (this.#run >= this.#options.failures)
      return `${this.#run} failures in a row, the last: ${outcome}`;
    return `a success rate of ${formatPercent(this.#average.rate)}`;
  }
}

/** Finagle's Ema over outcomes: a sample's weight is 1 - exp(-gap / window); the first one sets it. */
export class SuccessAverage {
  readonly #window: number;
  #stamp: number | null = null;
  #rate = 1;

  /** `window` in the unit of the stamps: ms, or calls. */
  constructor(window: number) {
    this.#window = window;
  }

  /** 0..1; 1 while it knows nothing. */
  get rate(): number {
    return this.#rate;
  }

  update(stamp: number, ok: boolean): void {
    const weight = this.#stamp === null ? 0 : Math.exp((this.#stamp - stamp) / this.#window);
    this.#rate = (ok ? 1 - weight : 0) + this.#rate * weight;
    this.#stamp = stamp;
  }

  reset(): void {
    this.#stamp = null;
    this.#rate = 1;
  }
}

export const finagle = policy({
  summary: 'Opens on failures in a row or on a low moving average of success; breaks double.',
  options: z.strictObject({
    failures: zCount({ min: 1 }).prefault(5).describe('failures in a row that open the circuit'),
    successRate: zShare({ positive: true })
      .prefault('80%')
      .describe('moving average of success below which (<) the circuit opens'),
    window: zDuration({ positive: true })
      .prefault('30s')
      .describe('memory of that average, and how long it is not judged after a close'),
    minimumCalls: zCount().prefault(5).describe('calls in the window below which it is not judged'),
    recovery: zDuration().prefault('5s').describe('length of the first break, without jitter'),
    longest: zDuration({ positive: true }).prefault('300s').describe('no break is longer'),
    patience: zPatience('60s'),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: 'When a call fails: `failures` in a row, or an average of success (weights exp(-gap / `window`)) below `successRate` with `minimumCalls` calls in the `window` and at least a `window` since it was last revived. Breaks of `recovery`, then 1 to 2, 2 to 4, 4 to 8 times it by chance, at most `longest`. One probe: a success revives it.',
    follows:
      'Finagle @4feb34c (FailureAccrualPolicy.scala, FailureAccrualFactory.scala: the hybrid default), its probe without an end and its late answers mended',
    good: 'mixed traffic: the run sees a dead server, the average a half-dead one, whatever the rate',
    bad: 'it needs a window of 30 s before it judges the rate, and again after each revival; the first break has no jitter',
    cost: 'O(1)',
  },
  make: (options, rng) => new FinagleBreaker(options, rng),
});
