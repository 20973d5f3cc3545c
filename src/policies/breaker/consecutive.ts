/**
 * Failures in a row: the simplest rule that proxies run (Envoy's consecutive_5xx, linkerd's consecutive failures), with
 * breaks that grow and are jittered. One half-open call decides; the breaks start over once the circuit closes, and not
 * before. Pathology: it is blind to errors that come mixed with successes (at 50 % errors five in a row take about 60
 * calls, at 20 % about 4,000), and with many calls in flight "in a row" is the order of the answers, so a server whose
 * failures are fast trips on a few of many calls. A run has no age: four failures of last night and one now are five.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { shortened, zGrowth, type Growth } from './back-off.ts';
import { Circuit, zPatience } from './circuit.ts';
import { zCounts, type Category } from './counts.ts';
import { zScope } from './scope.ts';

export interface ConsecutiveOptions extends Growth {
  readonly failures: number;
  readonly patience: Millis | null;
  readonly counts: readonly Category[];
}

export class ConsecutiveBreaker extends Circuit {
  readonly #failures: number;
  #run = 0;

  constructor(options: ConsecutiveOptions, rng: Rng) {
    super(
      options.counts,
      {
        trials: 1,
        breaks: shortened(options),
        patience: options.patience ?? Infinity,
        impatient: 'half-open',
      },
      rng,
    );
    this.#failures = options.failures;
  }

  protected served(now: Millis, outcome: Outcome, failed: boolean): void {
    this.#run = failed ? this.#run + 1 : 0;
    if (this.#run >= this.#failures)
      this.open(now, `${this.#run} failures in a row, the last: ${outcome}`);
  }

  protected tried(now: Millis, outcome: Outcome, failed: boolean): void {
    this.#run = failed ? this.#run + 1 : 0;
    if (failed) this.open(now, `the half-open call failed: ${outcome}`);
    else this.close('the half-open call succeeded');
  }
}

export const consecutive = policy({
  summary: 'Opens after a number of failures in a row; breaks grow and are jittered.',
  options: z.strictObject({
    failures: zCount({ min: 1 }).prefault(5).describe('failures in a row that open the circuit'),
    ...zGrowth({ recovery: '5s', growth: 2, longest: '5m', jitter: '50%' }),
    patience: zPatience('60s'),
    counts: zCounts(),
    scope: zScope(),
  }),
  facts: {
    rule: '`failures` failures in a row open the circuit for `recovery`, after each failed half-open call `growth` times as long, at most `longest`, less up to `jitter` of it by chance. One half-open call decides; a success starts the breaks over.',
    follows:
      "the rule of Envoy's consecutive_5xx and linkerd2-proxy's consecutive_failures.rs @29637b6, with AWS's equal jitter",
    good: 'servers that are down or not; it needs no tuning to the traffic',
    bad: 'partial failure: a server that fails half its calls passes for healthy most of the time, and one that fails a fifth for thousands of calls',
    cost: 'O(1)',
  },
  make: (options, rng) => new ConsecutiveBreaker(options, rng),
});
