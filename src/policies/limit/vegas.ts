/**
 * TCP Vegas for calls (Netflix concurrency-limits, VegasLimit): the shortest time ever seen is taken for a call that did
 * not wait, and from it and the time of this call follows how many of the limit's calls must be waiting. Few: the limit
 * grows; many: it shrinks; the steps are log10 of the limit. The shortest time is forgotten every so often.
 *
 * Its pathology: tools whose work varies. The shortest call of all is then a light one, not an unloaded one, and each
 * heavier call looks like a queue: on an idle server that could do any number at once the limit falls to about 10 when
 * the work has a coefficient of variation of 0.3, and to 6, where no more can seem to wait, when it is 1 and above.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, zShare, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Limit } from './limit.ts';
import { ordered, rangeOptions, type Range } from './options.ts';
import { toldBy } from './sample.ts';

export interface VegasOptions extends Range {
  /** Weight of the newest limit, 0..1. */
  readonly smoothing: number;
  readonly probeMultiplier: number;
}

export class VegasLimit implements Limit {
  readonly #options: VegasOptions;
  readonly #rng: Rng;
  readonly #decreased: (limit: number) => number;
  #estimate: number;
  #unloadedMs: Millis = 0;
  /** Answers since the unloaded time was last forgotten. */
  #samples = 0;
  #probeJitter: number;

  constructor(
    options: VegasOptions,
    rng: Rng,
    decreased: (limit: number) => number = (limit) => limit - stepOf(limit),
  ) {
    this.#options = options;
    this.#rng = rng;
    this.#decreased = decreased;
    this.#estimate = options.initial;
    this.#probeJitter = this.#drawJitter();
  }

  limit(): number {
    return Math.floor(this.#estimate);
  }

  settled(_now: Millis, outcome: Outcome, tookMs: Millis, inFlight: number): void {
    const told = toldBy(outcome);
    if (told === 'dropped') this.#adopt(this.#decreased(this.#estimate));
    if (told !== 'answered' || tookMs <= 0) return;
    this.#samples++;
    const probes =
      this.#samples >= this.#probeJitter * this.#options.probeMultiplier * this.#estimate;
    if (probes) {
      this.#probeJitter = this.#drawJitter();
      this.#samples = 0;
    }
    if (probes || this.#unloadedMs === 0 || tookMs < this.#unloadedMs) this.#unloadedMs = tookMs;
    else if (inFlight * 2 >= this.#estimate) this.#adjust(tookMs);
  }

  #adjust(tookMs: Millis): void {
    const waiting = Math.ceil(this.#estimate * (1 - this.#unloadedMs / tookMs));
    const step = stepOf(this.#estimate);
    if (waiting <= step) this.#adopt(this.#estimate + 6 * step);
    else if (waiting < 3 * step) this.#adopt(this.#estimate + step);
    else if (waiting > 6 * step) this.#adopt(this.#decreased(this.#estimate));
  }

  #adopt(limit: number): void {
    const { min, max, smoothing } = this.#options;
    const bounded = Math.max(min, Math.min(max, limit));
    this.#estimate += smoothing * (bounded - this.#estimate);
  }

  #drawJitter(): number {
    return 0.5 + this.#rng.next() / 2;
  }
}

/** Whole tens of the limit's magnitude, at least 1. */
const stepOf = (limit: number): number => Math.max(1, Math.floor(Math.log10(Math.floor(limit))));

export const vegas = policy({
  summary: 'Reckons from the shortest time seen how many calls wait, and keeps that number small.',
  options: ordered(
    z.strictObject({
      ...rangeOptions({ initial: 20, min: 1, max: 1000 }),
      smoothing: zShare({ positive: true })
        .prefault('100%')
        .describe('weight of the new limit against the old'),
      probeMultiplier: zCount({ min: 1 })
        .prefault(30)
        .describe(
          'the shortest time is measured anew after 0.5 to 1 times as many answers as this times the limit',
        ),
    }),
  ),
  facts: {
    rule: 'waiting = ceil(limit x (1 - shortest time / time)), L = max(1, floor(log10 limit)). waiting <= L: + 6 L; < 3 L: + L; > 6 L, or a timeout, 503 or 429: - L. No growth while in flight x 2 < limit. The shortest time is measured anew after jitter(0.5..1) x `probeMultiplier` x limit answers.',
    follows:
      'Netflix concurrency-limits @7989055 VegasLimit, with its defaults; mended: the time of a drop is never taken for the shortest time',
    good: 'like calls: it finds the slots of a server within seconds and follows when they change',
    bad: 'tools whose work varies: the shortest call is a light one, so every heavier one looks like a queue, and even on an idle server the limit falls to about 10 (coefficient of variation 0.3) or 6 (1 and above); a measurement anew under load takes the queue for the unloaded time',
    cost: 'O(1)',
  },
  make: (options, rng): Limit => new VegasLimit(options, rng),
});
