/**
 * The reference's autoscaler, kept as the named legacy policy: a weighted score of latency, errors, connections and
 * queue, one server up above `up`, one down below `down`, then a cooldown. It is faithful to its faults, which
 * docs/policies.md lists: it takes fleet totals against fixed constants, so adding servers does not lower it; fast
 * errors and a full fleet without queues score low and scale DOWN; one cooldown blocks both directions.
 */
import { z } from 'zod';
import { NEVER, zCount, zDuration, zNumber, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';

export interface ThresholdOptions {
  readonly up: number;
  readonly down: number;
  readonly min: number;
  readonly max: number;
  readonly cooldown: Millis;
  readonly every: Millis;
}

/** The score of the reference's `_calculate_utilization`; latency in ms, the rest fleet totals. */
export const referenceScore = (
  latencyMs: number,
  errorRate: number,
  active: number,
  queued: number,
): number =>
  (latencyMs / 1000) * 0.3 + errorRate * 0.3 + (active / 100) * 0.2 + (queued / 50) * 0.2;

export class ThresholdScaler implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis = NEVER;
  readonly #options: ThresholdOptions;
  #scaledAt: Millis = -Infinity;

  constructor(options: ThresholdOptions) {
    this.every = options.every;
    this.#options = options;
  }

  decide(now: Millis, load: Load): Decision {
    const { up, down, min, max, cooldown } = this.#options;
    const current = load.servers;
    const score = referenceScore(
      load.latencyMsMean ?? 0,
      load.errorRate,
      load.active,
      load.queued ?? 0,
    );
    const shown = score.toFixed(2);
    if (current < min) return { desired: min, because: `fewer than min ${min}` };
    if (current > max) return { desired: max, because: `more than max ${max}` };
    if (now - this.#scaledAt < cooldown) return { desired: current, because: 'cooling down' };
    if (score > up && current < max) {
      this.#scaledAt = now;
      return { desired: current + 1, because: `score ${shown} > ${up}` };
    }
    if (score < down && current > min) {
      this.#scaledAt = now;
      return { desired: current - 1, because: `score ${shown} < ${down}` };
    }
    return { desired: current, because: `score ${shown}` };
  }
}

export const threshold = policy({
  summary: "The reference's weighted score: one server up or down, then a cooldown.",
  options: z
    .strictObject({
      up: zNumber({ min: 0 }).prefault(0.8).describe('a score above this adds a server'),
      down: zNumber({ min: 0 }).prefault(0.3).describe('a score below this removes one'),
      min: zCount({ min: 1 }).prefault(2).describe('fewest servers'),
      max: zCount({ min: 1 }).prefault(10).describe('most servers'),
      cooldown: zDuration()
        .prefault('300s')
        .describe('time after a change in which nothing is changed'),
      every: zDuration({ positive: true }).prefault('15s').describe('time between decisions'),
    })
    .superRefine(within('max', 'at least', 'min'))
    .superRefine(within('down', 'at most', 'up')),
  facts: {
    rule: 'score = 0.3 x latency in seconds + 0.3 x error rate + 0.2 x active/100 + 0.2 x queued/50; above `up` one server more, below `down` one less, at most once a `cooldown`.',
    follows: "the reference's AutoScaler, faults included",
    good: 'as the baseline to beat',
    bad: 'no feedback from the size of the fleet; scales down in an outage of fast errors; 300 s a server',
    cost: 'O(1) a decision',
  },
  make: (options) => new ThresholdScaler(options),
});
