/**
 * KEDA 2 with a queue as trigger: what waits, and what is at work unless told otherwise, divided by a target for each
 * server, through an HPA. KEDA itself only polls for whether there is anything at all: that wakes a fleet of none, and
 * with `min: 0` puts it to sleep when nothing was there for `cooldown`. When the queue cannot be read `failures` polls
 * in a row, the HPA is told a value that means `fallback` servers. A queue says nothing of servers that are busy and
 * keep up: with `atWork: false` a fleet at 99 % with empty queues is scaled to its minimum.
 */
import { z } from 'zod';
import {
  formatDuration,
  orNone,
  zCount,
  zDuration,
  zNumber,
  zShare,
  type Millis,
} from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';
import { behaviorOf, toleranceOf, zBehavior } from './behavior-options.ts';
import { Controller } from './hpa/controller.ts';
import { milli, type Opinion } from './hpa/metrics.ts';
import type { Tolerance } from './hpa/proposal.ts';
import { averageValueMetric } from './hpa/total-metrics.ts';
import { wording } from './hpa/wording.ts';
import { totalOf } from './server-load.ts';

const OPTIONS = z
  .strictObject({
    min: zCount().prefault(1).describe('fewest servers; 0 lets the fleet sleep'),
    max: zCount({ min: 1 }).prefault(10).describe('most servers'),
    perServer: zNumber({ exclusiveMin: 0 }).prefault(5).describe('target: calls for each server'),
    atWork: z
      .boolean()
      .prefault(true)
      .describe('count calls at work too, not only those that wait'),
    activation: zNumber().prefault(0).describe('more calls than this wake a fleet of none'),
    poll: zDuration({ positive: true })
      .prefault('30s')
      .describe('time between looks whether there is anything at all'),
    cooldown: zDuration()
      .prefault('300s')
      .describe('with min 0: time without anything until sleep'),
    fallback: orNone(
      z.strictObject({
        failures: zCount({ min: 1 }).prefault(3).describe('polls in a row without a value'),
        servers: zCount({ min: 1 }).describe('what the fleet is scaled to then'),
        behavior: z
          .enum(['static', 'current', 'current-if-higher', 'current-if-lower'])
          .prefault('static')
          .describe('whether the present size counts in its place'),
      }),
    )
      .prefault('none')
      .describe('what to do when the queue cannot be read'),
    tolerance: zShare({ max: 100 }).prefault('10%').describe('as of the HPA'),
    behavior: zBehavior().optional().describe('as of the HPA'),
    stabilization: zDuration().prefault('300s').describe('as of the HPA'),
    every: zDuration({ positive: true }).prefault('15s').describe("time between the HPA's turns"),
  })
  .superRefine(within('max', 'at least', 'min'));

type Options = z.output<typeof OPTIONS>;

class QueueScaler implements Autoscaler {
  readonly every: Millis;
  readonly scrape: Millis;
  readonly #options: Options;
  readonly #controller: Controller;
  readonly #tolerance: Tolerance;
  #polledAt: Millis = -Infinity;
  #failures = 0;
  #active = true;
  #activeAt: Millis = 0;

  constructor(options: Options) {
    this.every = this.scrape = options.every;
    this.#options = options;
    const { min, max, behavior, stabilization, tolerance } = options;
    this.#tolerance = toleranceOf(behavior, tolerance);
    this.#controller = new Controller({
      min: Math.max(1, min),
      max,
      behavior: behavior === undefined ? null : behaviorOf(behavior, stabilization),
      stabilization,
    });
  }

  decide(now: Millis, load: Load): Decision {
    const { servers } = load;
    const { min, cooldown } = this.#options;
    const length = this.#length(now, load);
    if (now - this.#polledAt >= this.#options.poll) this.#poll(now, length);
    if (servers === 0) return this.#asleep();
    if (min === 0 && !this.#active && now - this.#activeAt >= cooldown)
      return { desired: 0, because: `nothing to do for ${formatDuration(cooldown)}` };
    const opinions = [this.#opinion(length, servers)];
    const verdict = this.#controller.reconcile(now, servers, opinions);
    return { desired: verdict.replicas, because: wording(verdict, opinions) };
  }

  #length(now: Millis, { members, waiting }: Load): number | null {
    const metric = this.#options.atWork ? 'inFlight' : 'queued';
    const inServers = totalOf(now, metric, members, this.scrape);
    return inServers === null ? null : inServers + waiting;
  }

  #poll(now: Millis, length: number | null): void {
    this.#polledAt = now;
    this.#failures = length === null ? this.#failures + 1 : 0;
    // What cannot be read is not taken for empty.
    this.#active = length === null ? this.#active : length > this.#options.activation;
    if (this.#active) this.#activeAt = now;
  }

  #asleep(): Decision {
    const { min } = this.#options;
    if (min > 0) return { desired: min, because: `fewer than min ${min}` };
    return this.#active
      ? { desired: 1, because: 'there is something to do' }
      : { desired: 0, because: 'nothing to do' };
  }

  #opinion(length: number | null, servers: number): Opinion {
    const { perServer, fallback } = this.#options;
    const target = milli(perServer);
    if (length !== null) {
      const metric = { valueMilli: milli(length), targetMilli: target };
      const got = averageValueMetric(metric, servers, this.#tolerance);
      if ('failed' in got) return got;
      const shown = Number(length.toPrecision(3));
      return { replicas: got.replicas, told: `queue ${shown} (target ${perServer} a server)` };
    }
    if (fallback === null || this.#failures < fallback.failures)
      return { failed: 'queue: no server has reported' };
    const replicas = FALLBACKS[fallback.behavior](fallback.servers, servers);
    return { replicas, told: 'the fallback for a queue that cannot be read' };
  }
}

const FALLBACKS = {
  static: (fallback: number, _current: number): number => fallback,
  current: (_fallback: number, current: number): number => current,
  'current-if-higher': Math.max,
  'current-if-lower': Math.min,
} as const;

export const queue = policy({
  summary: 'KEDA: calls that wait and run, over a target for each server, by an HPA; sleeps at 0.',
  options: OPTIONS,
  facts: {
    rule: 'ceil(calls / perServer), through the windows, limits and bounds of the HPA. With min 0: to 0 when no poll found more than `activation` for `cooldown`, and from 0 to 1 at the next poll that does. Without a value: no scale-in; after `fallback.failures` polls, `fallback.servers`.',
    follows:
      'KEDA 2.17 (pkg/scaling/executor/scale_scaledobjects.go, pkg/fallback), trigger of type AverageValue',
    good: 'work that queues, bursts above all; a minimum of 0',
    bad: 'queues as the only sign of load; a fleet at 0 pays a poll and a start-up; the HPA behind it is as slow as any',
    cost: 'O(n) a decision',
  },
  make: (options) => new QueueScaler(options),
});
