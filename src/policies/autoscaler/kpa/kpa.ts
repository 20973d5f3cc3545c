/**
 * Knative's pod autoscaler over the fleet's load: a sample of concurrency (or requests a second) each second, a stable
 * and a panic window over them, a decision every two seconds. Knative serving 1.2x (2026-08), pkg/autoscaler and
 * config/core/configmaps/autoscaler.yaml; defaults are Knative's but for `min`, which is 1 here and 0 there, since at
 * zero somebody must hold the requests, as Knative's activator does. Pathologies: see scaler.ts; a target far above what
 * a server can work on at once (100 x 70 % against 8 slots) never scales out before the queue is long.
 */
import { z } from 'zod';
import {
  formatDuration,
  NEVER,
  orNone,
  zCount,
  zDuration,
  zFactor,
  zNumber,
  zShare,
  type Millis,
} from '../../../core/units.ts';
import { within } from '../../../core/within.ts';
import { policy } from '../../registry.ts';
import type { Autoscaler, Decision, Load } from '../autoscaler.ts';
import { BucketWindow } from './bucket-window.ts';
import { ScaleToZero } from './scale-to-zero.ts';
import { KPA_TICK, KpaScaler, panicAtStart, type KpaResult, type KpaSpec } from './scaler.ts';

const SAMPLE: Millis = 1000;

export interface KpaOptions {
  readonly metric: 'concurrency' | 'rps';
  /** Null: Knative's own for the metric. */
  readonly target: number | null;
  readonly utilisation: number;
  readonly window: Millis;
  /** Share of `window`. */
  readonly panicWindow: number;
  readonly panicThreshold: number;
  readonly average: 'linear' | 'weighted';
  readonly maxUp: number;
  readonly maxDown: number;
  readonly scaleDownDelay: Millis;
  readonly activationScale: number;
  readonly burst: number | 'always';
  readonly grace: Millis;
  readonly retention: Millis;
  readonly min: number;
  readonly max: number | null;
}

export class Kpa implements Autoscaler {
  readonly every = SAMPLE;
  readonly scrape = NEVER;
  readonly #options: KpaOptions;
  readonly #spec: KpaSpec;
  readonly #stable: BucketWindow;
  readonly #panic: BucketWindow;
  #running: { readonly scaler: KpaScaler; readonly toZero: ScaleToZero } | null = null;
  #nextAt = KPA_TICK;
  #wanted = 1;

  constructor(options: KpaOptions) {
    this.#options = options;
    this.#spec = specOf(options);
    this.#stable = new BucketWindow(options.window, SAMPLE);
    this.#panic = new BucketWindow(options.window * options.panicWindow, SAMPLE);
  }

  decide(now: Millis, load: Load): Decision {
    const { metric } = this.#options;
    const sample = metric === 'rps' ? load.requestsPerSecond : load.concurrencyMean;
    this.#stable.record(now, sample);
    this.#panic.record(now, sample);
    // A fleet at zero does not wait for the tick: the activator tells of the first request at once.
    if (now < this.#nextAt && !(this.#wanted === 0 && sample > 0))
      return { desired: this.#bounded(load.servers), because: 'between two decisions' };
    this.#nextAt = now + KPA_TICK;
    return this.#tick(now, load);
  }

  #tick(now: Millis, load: Load): Decision {
    const { scaler, toZero } = (this.#running ??= {
      scaler: new KpaScaler(this.#spec, panicAtStart(now, load.ready)),
      toZero: new ScaleToZero(this.#options, now),
    });
    const stable = this.#average(this.#stable, now);
    const panic = this.#average(this.#panic, now);
    const result = scaler.scale(now, load.ready, { stable, panic })!;
    const desired = this.#bounded(result.desired);
    this.#wanted = toZero.decide(now, desired, load.servers, result.excessBurstCapacity);
    return { desired: this.#wanted, because: this.#because(result, stable, panic) };
  }

  #bounded(servers: number): number {
    const { min, max } = this.#options;
    return Math.max(min, Math.min(servers, max ?? Infinity));
  }

  #average(window: BucketWindow, now: Millis): number {
    return this.#options.average === 'weighted' ? window.weightedAverage(now) : window.average(now);
  }

  #because({ panicking }: KpaResult, stable: number, panic: number): string {
    const { metric, window, panicWindow } = this.#options;
    const [mode, value, over] = panicking
      ? ['panic', Math.max(panic, stable), window * panicWindow]
      : ['stable', stable, window];
    const what = metric === 'rps' ? 'requests a second' : 'in flight';
    const target = Number(this.#spec.target.toPrecision(4));
    return `${mode}: ${value.toFixed(1)} ${what} over ${formatDuration(over)}, target ${target} a server`;
  }
}

const specOf = (options: KpaOptions): KpaSpec => {
  const { metric, target, utilisation, burst, window, ...rest } = options;
  const total = target ?? KPA_TARGETS[metric];
  return {
    ...rest,
    total,
    target: Math.max(LEAST_TARGET, total * utilisation),
    burst: burst === 'always' ? Infinity : burst,
    stableWindow: window,
    reachable: true,
  };
};

/** Knative's own targets, by metric. */
const KPA_TARGETS = { concurrency: 100, rps: 200 } as const;
const LEAST_TARGET = 0.01;

export const kpa = policy({
  summary: 'Knative: target concurrency over a stable window, and a panic window for bursts.',
  options: z
    .strictObject({
      metric: z
        .enum(['concurrency', 'rps'])
        .prefault('concurrency')
        .describe('requests in flight, or requests a second'),
      target: orNone(zNumber({ min: 0.01 }))
        .prefault('none')
        .describe("of the metric, what one server can hold; none: Knative's 100, 200 for rps"),
      utilisation: zShare({ positive: true })
        .prefault('70%')
        .describe('share of the target that a server should have'),
      window: zDuration({ positive: true }).prefault('60s').describe('the stable window'),
      panicWindow: zShare({ positive: true })
        .prefault('10%')
        .describe('length of the panic window, of the stable one'),
      panicThreshold: zShare({ above: 1, max: 10 })
        .prefault('200%')
        .describe('wanted / ready servers from which on it panics'),
      average: z
        .enum(['linear', 'weighted'])
        .prefault('linear')
        .describe('weighted: the newest second weighs most (weightedExponential)'),
      maxUp: zFactor({ above: 1 })
        .prefault('1000x')
        .describe('most growth a decision, of the ready servers'),
      maxDown: zFactor({ above: 1 })
        .prefault('2x')
        .describe('most shrinking a decision, of the ready servers'),
      scaleDownDelay: zDuration()
        .prefault(0)
        .describe('a scale-in waits until nothing wanted more for so long'),
      activationScale: zCount({ min: 1 })
        .prefault(1)
        .describe('fewest servers whenever there is any load'),
      burst: z
        .union([z.literal('always'), zCount()])
        .prefault(211)
        .describe(
          'spare capacity in requests without which the activator stays in the path; decides how soon the last server may go',
        ),
      grace: zDuration()
        .prefault('30s')
        .describe('time behind the activator before the last server goes'),
      retention: zDuration()
        .prefault(0)
        .describe('time the last server is kept when nothing is wanted any more'),
      min: zCount().prefault(1).describe('fewest servers; 0 scales to zero'),
      max: orNone(zCount({ min: 1 }))
        .prefault('none')
        .describe('most servers'),
    })
    .superRefine(within('max', 'at least', 'min')),
  facts: {
    rule: 'Every 2 s: ceil(average / (target x utilisation)) servers by the stable window, within ready / maxDown and ready x maxUp. When the panic window asks for panicThreshold times the ready servers it panics: the larger of both windows, never fewer than before, until a stable window has passed without.',
    follows: 'Knative serving 1.2x (2026-08), KPA; sampled once a second at the balancer',
    good: 'steps and bursts: it sees a step within 6 s and may go to any size at once; counts work, not CPU, so servers that wait on others scale too',
    bad: 'holds the peak for a whole window after each panic; slow starters make it panic for what is already on its way; the target must fit the slots',
    cost: 'O(window in seconds) a decision with weighted averages, else O(1)',
  },
  make: (options) => new Kpa(options),
});
