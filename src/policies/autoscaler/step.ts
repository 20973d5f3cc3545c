/**
 * Step scaling of EC2 Auto Scaling: an alarm on one metric, and steps by how far the value is beyond it, in servers or
 * as a share of those that are warm. While new servers warm up only what a larger step asks beyond them is added, and
 * nothing is removed. With a `cooldown` it is simple scaling, the older kind: one step, then nothing at all for a
 * while, which makes a removal block an urgent addition. Shares round as AWS rounds: down, but 1 at least.
 */
import { z } from 'zod';
import { orNone, zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import { Alarm } from './alarm.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';
import { clamped } from './bounds.ts';
import {
  GROUP_METRICS,
  GroupMetric,
  shownAs,
  warmCount,
  type GroupMetricName,
} from './group-metric.ts';

type Adjustment = { readonly servers: number } | { readonly share: number };

interface Steps {
  readonly up: readonly { readonly from: number; readonly add: Adjustment }[];
  readonly down: readonly { readonly below: number; readonly remove: Adjustment }[];
}

const zAdjustment = (max: number) =>
  z.union([
    zCount({ min: 1 }).transform((servers): Adjustment => ({ servers })),
    zShare({ positive: true, max }).transform((share): Adjustment => ({ share })),
  ]);

const zSteps = <Threshold extends z.ZodType<number, unknown>>(threshold: () => Threshold) =>
  z.strictObject({
    up: z
      .array(z.strictObject({ from: threshold(), add: zAdjustment(100) }))
      .prefault([])
      .describe('the step with the highest `from` that is reached; the lowest is the alarm'),
    down: z
      .array(z.strictObject({ below: threshold(), remove: zAdjustment(1) }))
      .prefault([])
      .describe('the step with the lowest `below` that is undercut; the highest is the alarm'),
  });

const OPTIONS = z
  .strictObject({
    min: zCount({ min: 1 }).prefault(1).describe('fewest servers'),
    max: zCount({ min: 1 }).prefault(10).describe('most servers'),
    cpu: zSteps(GROUP_METRICS.cpu)
      .optional()
      .describe(
        'busy share of the slots, mean of warm servers; when no metric is given: up 1 from 70% and 30% from 85%, down 1 below 30%',
      ),
    requests: zSteps(GROUP_METRICS.requests)
      .optional()
      .describe('requests at the balancer for each ready server'),
    inFlight: zSteps(GROUP_METRICS.inFlight)
      .optional()
      .describe('requests present at the balancer for each ready server'),
    out: zCount({ min: 1 }).prefault(2).describe('points in a row over the alarm to scale out'),
    in: zCount({ min: 1 }).prefault(15).describe('points in a row under the alarm to scale in'),
    warmup: zDuration().prefault('300s').describe('how long a new server is left out of account'),
    cooldown: orNone(zDuration({ positive: true }))
      .prefault('none')
      .describe('time after a change in which nothing is changed: simple scaling'),
    every: zDuration({ positive: true })
      .prefault('60s')
      .describe('time between points, and decisions'),
  })
  .superRefine(within('max', 'at least', 'min'))
  .superRefine(({ cpu, requests, inFlight }, context) => {
    const given = Object.entries({ cpu, requests, inFlight }).filter(([, steps]) => steps);
    if (given.length <= 1) return;
    const got = given.map(([metric]) => metric).join(', ');
    context.addIssue(`got ${got}; allowed: one metric, of cpu, requests and inFlight`);
  });

type Options = z.output<typeof OPTIONS>;

const DEFAULT_STEPS: Steps = {
  up: [
    { from: 0.7, add: { servers: 1 } },
    { from: 0.85, add: { share: 0.3 } },
  ],
  down: [{ below: 0.3, remove: { servers: 1 } }],
};

class StepScaling implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #options: Options;
  readonly #name: GroupMetricName;
  readonly #steps: Steps;
  readonly #metric: GroupMetric;
  readonly #high: Alarm;
  readonly #low: Alarm;
  #changedAt: Millis = -Infinity;

  constructor(options: Options) {
    this.every = this.scrape = options.every;
    this.#options = options;
    const name = (['requests', 'inFlight'] as const).find((each) => options[each] !== undefined);
    this.#name = name ?? 'cpu';
    this.#steps = options[this.#name] ?? DEFAULT_STEPS;
    this.#metric = new GroupMetric(this.#name, options.warmup);
    this.#high = new Alarm(options.out);
    this.#low = new Alarm(options.in);
  }

  decide(now: Millis, load: Load): Decision {
    const { servers } = load;
    const { desired, because } = this.#asked(now, load);
    const decision = clamped(this.#options, desired, servers, because);
    if (decision.desired !== servers) this.#changedAt = now;
    return decision;
  }

  #asked(now: Millis, load: Load): Decision {
    const { servers } = load;
    const value = this.#metric.point(now, load);
    const { up, down } = this.#steps;
    const reached = value === null ? [] : up.filter(({ from }) => value >= from);
    const undercut = value === null ? [] : down.filter(({ below }) => value < below);
    const high = this.#high.hears(value === null ? null : reached.length > 0);
    const low = this.#low.hears(value === null ? null : undercut.length > 0);
    if (value === null) return { desired: servers, because: `${this.#name} is missing` };
    const told = `${this.#name} ${shownAs(this.#name, value)}`;
    const { warmup, cooldown } = this.#options;
    if ((high || low) && cooldown !== null && now - this.#changedAt < cooldown)
      return { desired: servers, because: `${told}, cooling down` };
    const warm = warmCount(now, load, warmup);
    if (high) {
      const { add } = reached.reduce((a, b) => (b.from > a.from ? b : a));
      return { desired: Math.max(servers, warm + sizeOf(add, warm)), because: told };
    }
    if (!low) return { desired: servers, because: told };
    if (warm < servers) return { desired: servers, because: `${told}; servers are warming up` };
    const { remove } = undercut.reduce((a, b) => (b.below < a.below ? b : a));
    return { desired: servers - sizeOf(remove, servers), because: told };
  }
}

const sizeOf = (adjustment: Adjustment, servers: number): number =>
  'servers' in adjustment
    ? adjustment.servers
    : Math.max(1, Math.floor(servers * adjustment.share + 1e-9));

export const step = policy({
  summary: 'AWS step scaling: an alarm, and steps by how far the value is beyond it.',
  options: OPTIONS,
  facts: {
    rule: 'When the last `out` points reach an `up` step: at least the warm servers and that step of them. When the last `in` points undercut a `down` step and no server is warming up: that step fewer. Shares are rounded down, to 1 at least. Missing points change nothing. With a `cooldown`, nothing within that time of a change.',
    follows: 'Amazon EC2 Auto Scaling, step and simple scaling policies (as documented 2024)',
    good: 'known loads, where the size of the answer is known too',
    bad: 'thresholds and steps are guesses that a new release makes wrong; no target, so it may swing between its alarms',
    cost: 'O(n) a decision',
  },
  make: (options) => new StepScaling(options),
});
