/**
 * Target tracking of EC2 Auto Scaling: for each metric a pair of alarms, out when 3 of 3 one-minute points are above
 * the target, in when 15 of 15 are below 90 % of it; the capacity follows value / target. Instances in their warm-up
 * count neither in the CPU nor as capacity that is there, so a growing breach adds only what is missing; nothing is
 * removed meanwhile. With several metrics: out if any says so, in only if all do. It is slow: three minutes to a step
 * up, a quarter of an hour to the first step down.
 */
import { z } from 'zod';
import { zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import { Alarm } from './alarm.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';
import {
  GROUP_METRICS,
  GroupMetric,
  shownAs,
  warmCount,
  type GroupMetricName,
} from './group-metric.ts';
import { clamped } from './bounds.ts';

const OPTIONS = z
  .strictObject({
    min: zCount({ min: 1 }).prefault(1).describe('fewest servers'),
    max: zCount({ min: 1 }).prefault(10).describe('most servers'),
    cpu: GROUP_METRICS.cpu()
      .optional()
      .describe('share of the slots that is busy, mean of warm servers; 70% when nothing is given'),
    requests: GROUP_METRICS.requests()
      .optional()
      .describe('requests at the balancer for each ready server'),
    inFlight: GROUP_METRICS.inFlight()
      .optional()
      .describe('requests present at the balancer for each ready server'),
    out: zCount({ min: 1 }).prefault(3).describe('points in a row above the target to scale out'),
    in: zCount({ min: 1 })
      .prefault(15)
      .describe('points in a row below `margin` of the target to scale in'),
    margin: zShare({ positive: true })
      .prefault('90%')
      .describe('of the target, below which to scale in'),
    scaleIn: z.boolean().prefault(true).describe('false: it only ever scales out'),
    warmup: zDuration().prefault('300s').describe('how long a new server is left out of account'),
    every: zDuration({ positive: true })
      .prefault('60s')
      .describe('time between points, and decisions'),
  })
  .superRefine(within('max', 'at least', 'min'));

type Options = z.output<typeof OPTIONS>;

/** One metric with its two alarms. */
class Tracker {
  readonly #name: GroupMetricName;
  readonly #target: number;
  readonly #metric: GroupMetric;
  readonly #high: Alarm;
  readonly #low: Alarm;
  readonly #margin: number;

  constructor(name: GroupMetricName, target: number, options: Options) {
    this.#name = name;
    this.#target = target;
    this.#metric = new GroupMetric(name, options.warmup);
    this.#high = new Alarm(options.out);
    this.#low = new Alarm(options.in);
    this.#margin = options.margin;
  }

  hears(now: Millis, load: Load, warm: number): Hearing {
    const value = this.#metric.point(now, load);
    const missing = value === null;
    const high = this.#high.hears(missing ? null : value > this.#target);
    const low = this.#low.hears(missing ? null : value < this.#target * this.#margin);
    if (missing) return { wants: 'stay', told: `${this.#name} is missing`, servers: 0 };
    const ratio = value / this.#target;
    const told = `${this.#name} ${shownAs(this.#name, value)} (target ${shownAs(this.#name, this.#target)})`;
    if (high) return { wants: 'out', told, servers: Math.ceil(warm * ratio) };
    return { wants: low ? 'in' : 'stay', told, servers: Math.ceil(load.servers * ratio) };
  }
}

interface Hearing {
  readonly wants: 'out' | 'in' | 'stay';
  readonly told: string;
  readonly servers: number;
}

class TargetTracking implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #options: Options;
  readonly #trackers: readonly Tracker[];

  constructor(options: Options) {
    this.every = this.scrape = options.every;
    this.#options = options;
    const { cpu, requests, inFlight } = options;
    const targets = { cpu, requests, inFlight };
    const given = (['cpu', 'requests', 'inFlight'] as const).flatMap((name) => {
      const target = targets[name];
      return target === undefined ? [] : [new Tracker(name, target, options)];
    });
    this.#trackers = given.length > 0 ? given : [new Tracker('cpu', 0.7, options)];
  }

  decide(now: Millis, load: Load): Decision {
    const { warmup, scaleIn } = this.#options;
    const warm = warmCount(now, load, warmup);
    const heard = this.#trackers.map((tracker) => tracker.hears(now, load, warm));
    const { servers } = load;
    const out = heard.filter(({ wants }) => wants === 'out');
    if (out.length > 0) {
      const most = out.reduce((a, b) => (b.servers > a.servers ? b : a));
      return clamped(this.#options, Math.max(servers, most.servers), servers, most.told);
    }
    const told = heard.map((each) => each.told).join(', ');
    if (!scaleIn || !heard.every(({ wants }) => wants === 'in'))
      return clamped(this.#options, servers, servers, told);
    if (warm < servers)
      return clamped(this.#options, servers, servers, `${told}; servers are warming up`);
    const fewest = Math.max(...heard.map((each) => each.servers));
    return clamped(this.#options, Math.min(servers, fewest), servers, told);
  }
}

export const targetTracking = policy({
  summary: 'AWS target tracking: alarms around a target, capacity in proportion.',
  options: OPTIONS,
  facts: {
    rule: 'Out, to ceil(warm servers x value / target), when the last `out` points are above the target; in, to ceil(servers x value / target), when the last `in` points are below `margin` of it and no server is warming up. Missing points change nothing. Several metrics: out if any, in only if all.',
    follows:
      'Amazon EC2 Auto Scaling, target tracking policies with one-minute CloudWatch metrics (as documented 2024)',
    good: 'load that changes over tens of minutes, with little to set',
    bad: 'steps and spikes: minutes until the alarm, then the warm-up; scale-in after a quarter of an hour',
    cost: 'O(n) a decision',
  },
  make: (options) => new TargetTracking(options),
});
