/**
 * Gradient2 (Netflix concurrency-limits, Gradient2Limit): compares the time of a call with a slow average of all times
 * instead of the shortest one, so tools whose work varies a little do not look like a queue. limit x gradient + `queue`,
 * smoothed; the gradient is `tolerance` x average / time, at most 1 and at least 0.5.
 *
 * Its pathologies: the average learns the queue too, so under an overload that lasts the limit creeps up to `max`; and
 * light calls cut the average, so with work that varies much (coefficient of variation 1) the limit stays at about 20
 * on an idle server. Netflix averages times over a second before they come here; here each call is a sample.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import { zCount, zNumber, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Limit } from './limit.ts';
import { ordered, rangeOptions, type Range } from './options.ts';
import { toldBy } from './sample.ts';

export interface Gradient2Options extends Range {
  /** Weight of the newest limit, 0..1. */
  readonly smoothing: number;
  /** Calls that may wait. */
  readonly queue: number;
  readonly tolerance: number;
  /** Samples of the slow average. */
  readonly longWindow: number;
}

export class Gradient2Limit implements Limit {
  readonly #options: Gradient2Options;
  #estimate: number;
  #longMs: Millis = 0;
  #samples = 0;

  constructor(options: Gradient2Options) {
    this.#options = options;
    this.#estimate = options.initial;
  }

  limit(): number {
    return Math.floor(this.#estimate);
  }

  settled(_now: Millis, outcome: Outcome, tookMs: Millis, inFlight: number): void {
    // A call that timed out took at least so long; one that was refused took no time and is no measure.
    if ((toldBy(outcome) !== 'answered' && outcome !== 'timeout') || tookMs <= 0) return;
    const longMs = this.#average(tookMs);
    // After an overload the average is far too long: it recovers faster than it would by averaging.
    if (longMs / tookMs > 2) this.#longMs *= 0.95;
    if (inFlight < this.#estimate / 2) return;
    const { min, max, smoothing, queue, tolerance } = this.#options;
    const gradient = Math.max(0.5, Math.min(1, (tolerance * longMs) / tookMs));
    const wanted = this.#estimate * gradient + queue;
    const smoothed = this.#estimate * (1 - smoothing) + wanted * smoothing;
    this.#estimate = Math.max(min, Math.min(max, smoothed));
  }

  /** A plain mean of the first samples, then an exponential average with the weight of `longWindow` samples. */
  #average(tookMs: Millis): Millis {
    if (this.#samples < WARM_UP) {
      this.#samples++;
      this.#longMs += (tookMs - this.#longMs) / this.#samples;
    } else {
      this.#longMs += (tookMs - this.#longMs) * (2 / (this.#options.longWindow + 1));
    }
    return this.#longMs;
  }
}

const WARM_UP = 10;

export const gradient2 = policy({
  summary: 'Shrinks when calls take longer than their slow average, else grows a little.',
  options: ordered(
    z.strictObject({
      ...rangeOptions({ initial: 20, min: 20, max: 200 }),
      smoothing: zShare({ positive: true })
        .prefault('20%')
        .describe('weight of the new limit against the old'),
      queue: zCount().prefault(4).describe('calls that may wait: how fast the limit grows'),
      tolerance: zNumber({ min: 1 })
        .prefault(1.5)
        .describe('how many times the average a call may take before the limit shrinks'),
      longWindow: zCount({ min: 1 }).prefault(600).describe('calls that the slow average spans'),
    }),
  ),
  facts: {
    rule: 'gradient = `tolerance` x slow average / time, within 0.5..1; the limit moves by `smoothing` towards limit x gradient + `queue`, within `min`..`max`. No change while in flight < limit / 2. An average above twice the time is cut by 5 %.',
    follows:
      'Netflix concurrency-limits @f2528de Gradient2Limit, with its defaults, without its windows of a second; mended: refusals are no samples',
    good: 'tools whose work varies a little (coefficient of variation up to 0.3); bursts of overload',
    bad: 'overload that lasts: the slow average learns the queue and the limit rises to `max`; work that varies much: at a coefficient of variation of 1 the limit stays at about 20 on an idle server. The default `min` of 20 is above what a small MCP server can do at once',
    cost: 'O(1)',
  },
  make: (options): Limit => new Gradient2Limit(options),
});
