/**
 * linkerd2-proxy's unified breaker (@29637b6, linkerd/app/outbound/src/http/breaker/unified.rs, success_rate.rs,
 * consecutive_failures.rs): failures in a row OR a success rate below (strictly) a threshold, exact over a ring of ten
 * buckets and only with a minimum of calls in it. A 429 counts against the rate, not for the run (it ends the run), and
 * fails a half-open call. Breaks double, with jitter on top, and start over at each close. One half-open call; if it
 * has not ended within the longest break, it counts as failed. Closing empties the window and ends the run.
 * Pathology: the first break is a second, so a server that is down for minutes is tried every few seconds at first; the
 * rate trips a server for its tenants' rate limits. Mended: there any answer that comes while it probes decides.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import { formatPercent, orNone, zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { lengthened, zGrowth, type Growth } from './back-off.ts';
import { Circuit } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';
import { kindOf, type Tally } from './tally.ts';
import { BucketWindow } from './windows.ts';

const BUCKETS = 10;
/** linkerd's floor of a window: a millisecond a bucket. */
const SHORTEST: Millis = BUCKETS;

export interface LinkerdOptions extends Growth {
  /** Null: only the rate counts. */
  readonly failures: number | null;
  /** Null: only the run counts. */
  readonly successRate: number | null;
  readonly window: Millis;
  readonly minimumCalls: number;
  readonly counts: readonly Category[];
}

export class LinkerdBreaker extends Circuit {
  readonly #options: LinkerdOptions;
  readonly #window: BucketWindow;
  #run = 0;

  constructor(options: LinkerdOptions, rng: Rng) {
    super(
      options.counts,
      {
        trials: 1,
        breaks: lengthened(options),
        patience: options.longest ?? Infinity,
        impatient: 'open',
      },
      rng,
    );
    this.#options = options;
    this.#window = new BucketWindow(Math.max(options.window, SHORTEST) / BUCKETS, BUCKETS);
  }

  protected served(now: Millis, outcome: Outcome, failed: boolean): void {
    this.#run = failed ? this.#run + 1 : 0;
    this.#window.add(now, kindOf(degrades(outcome, failed), false));
    this.#judge(now, outcome);
  }

  protected tried(now: Millis, outcome: Outcome, failed: boolean): void {
    if (degrades(outcome, failed)) {
      this.open(now, `the half-open call failed: ${outcome}`);
      return;
    }
    this.#run = 0;
    this.#window.clear(now);
    this.close('the half-open call succeeded');
  }

  #judge(now: Millis, outcome: Outcome): void {
    const { failures, successRate, minimumCalls } = this.#options;
    if (failures !== null && this.#run >= failures) {
      this.open(now, `${this.#run} failures in a row, the last: ${outcome}`);
      return;
    }
    const { tally } = this.#window;
    if (successRate === null || !isTooLow(tally, minimumCalls, successRate)) return;
    const rate = formatPercent((tally.total - tally.failed) / tally.total);
    this.open(now, `${rate} of ${tally.total} calls succeeded`);
  }
}

/** Does it count against the success rate? */
const degrades = (outcome: Outcome, failed: boolean): boolean => failed || outcome === 'throttled';

/** Does the window condemn the server? An empty one never does, a minimum of 0 is one of 1. */
export const isTooLow = (
  { total, failed }: Tally,
  minimumCalls: number,
  successRate: number,
): boolean => total > 0 && total >= minimumCalls && (total - failed) / total < successRate;

export const linkerd = policy({
  summary: 'Opens on failures in a row or on a low success rate; breaks double and are jittered.',
  options: z.strictObject({
    failures: orNone(zCount({ min: 1 }))
      .prefault(7)
      .describe('failures in a row that open the circuit'),
    successRate: orNone(zShare({ positive: true }))
      .prefault('80%')
      .describe('success rate below which (<) the circuit opens; a 429 counts against it'),
    window: zDuration({ positive: true })
      .prefault('10s')
      .describe('time over which the rate counts, in ten buckets'),
    minimumCalls: zCount()
      .prefault(10)
      .describe('calls in the window below which the rate is not judged'),
    ...zGrowth({ recovery: '1s', growth: 2, longest: '60s', jitter: '50%' }),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: '`failures` failures in a row, or fewer than `successRate` successes over `window` with at least `minimumCalls` calls in it, open the circuit; a 429 counts for the rate only. Breaks of `recovery` times `growth` for each failed half-open call, plus up to `jitter` of it by chance, at most `longest`. One half-open call; a 429 or no answer within `longest` fails it.',
    follows:
      'linkerd2-proxy @29637b6 (breaker/unified.rs, success_rate.rs, consecutive_failures.rs); run and breaks with the defaults of its annotations (7, 1s to 60s, jitter 0.5), the rate, which is off there unless asked for, with those of its tests and a floor of 10 calls',
    good: 'fleets of any traffic: the run sees a dead server at once, the rate a half-dead one',
    bad: 'rate limits: 429s trip the server whoever earned them; a first break of a second tries a dead server again and again',
    cost: 'O(1)',
  },
  make: (options, rng) => new LinkerdBreaker(options, rng),
});
