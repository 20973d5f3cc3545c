/**
 * The grammar of a scenario, key by key: one zod source for validation, defaults, docs and scenario.schema.json. `HEAD`
 * is said once a file; each contender may have a `SETUP` of its own.
 */
import { z } from 'zod';
import { METRIC_NAMES, METRICS, type MetricName } from '../core/metrics.ts';
import { butAllowed, describeValue, orNone, zCount, zDuration, zShare } from '../core/units.ts';
import { AFFINITIES, affinity } from '../policies/guards/affinity.ts';
import { backlog } from '../policies/guards/backlog.ts';
import { panic } from '../policies/guards/panic.ts';
import { rebalance } from '../policies/guards/rebalance.ts';
import { slowStart } from '../policies/guards/slow-start.ts';
import { VICTIMS, victims } from '../policies/guards/victims.ts';
import { either } from './choice.ts';
import { zDurations } from './distribution-schema.ts';
import { zFaults } from './faults-schema.ts';
import { zBacklog, zPanic, zRebalance, zSlowStart } from './guards-schema.ts';
import { zAutoscaler, zBalancer, zBreaker, zEjection, zHealth, zLimit } from './policies-schema.ts';
import { zServers } from './servers-schema.ts';
import { zSlo } from './slo-schema.ts';
import { zTraffic } from './traffic-schema.ts';

const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const twice = (input: unknown): string => {
  const values = input as readonly unknown[];
  const again = values.find((value, index) => values.indexOf(value) < index);
  return `got ${describeValue(again)} twice; allowed: each once`;
};

/** Metrics that have a better and a worse. */
const JUDGEABLE = METRIC_NAMES.filter((name) => METRICS[name].better !== 'none');

const judge = z
  .array(z.enum(JUDGEABLE as [MetricName, ...MetricName[]]))
  .min(1)
  .refine(distinct, { error: ({ input }) => twice(input) });

export const MOST_SEEDS = 10_000;
export const LARGEST_SEED = 2 ** 31 - 1;

const seedCount = zCount({ min: 1, max: MOST_SEEDS }).transform((count) =>
  Array.from({ length: count }, (_, index) => index + 1),
);
const seedList = z
  .array(zCount({ max: LARGEST_SEED }))
  .min(1)
  .max(MOST_SEEDS)
  .refine(distinct, { error: ({ input }) => twice(input) });

/** Replications: a count (seeds 1, 2, ...) or a list of seeds. */
export const zSeeds = either<readonly number[], readonly number[]>(seedList, seedCount);

export const HEAD = {
  question: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe("the report's title; quote it if it contains `: ` or ` #`"),
  duration: zDuration({ positive: true }).prefault('5m').describe('how long the traffic lasts'),
  warmup: zDuration()
    .optional()
    .describe('cut from every metric; 10 % of the duration if absent, 0 for "what happens when"'),
  seeds: zSeeds.prefault(10).describe('replications 1..n, or a list of seeds'),
  judge: judge
    .prefault(['errorRate', 'latencyMsP99'])
    .describe('metrics that the answer and the verdicts rest on'),
  margin: zShare()
    .prefault('5%')
    .describe('practical significance: a smaller difference, as a share of the baseline, is none'),
} as const;

export const SETUP = {
  traffic: zTraffic.prefault({}),
  servers: zServers
    .prefault({})
    .describe('count of equal servers, groups, or URLs for the gateway'),
  network: zDurations.prefault('1ms').describe('one way between gateway and server'),
  faults: zFaults.prefault([]).describe('what goes wrong, where and when'),
  balancer: zBalancer.prefault('round-robin').describe('picks the server of a call'),
  affinity: z.enum(AFFINITIES).prefault('none').describe(affinity.summary),
  rebalance: zRebalance.prefault('none').describe(rebalance.summary),
  health: zHealth.prefault({}).describe('finds servers that should get no calls'),
  ejection: zEjection.prefault('none').describe('takes out servers that do worse than the others'),
  panic: zPanic.prefault('none').describe(panic.summary),
  breaker: zBreaker.prefault('none').describe('circuit breaker of each server'),
  slowStart: zSlowStart.prefault('none').describe(slowStart.summary),
  limit: zLimit.prefault('none').describe('calls in flight at once'),
  backlog: zBacklog.prefault('none').describe(backlog.summary),
  autoscaler: zAutoscaler.prefault('none').describe('starts and drains servers'),
  victims: z.enum(VICTIMS).prefault('newest').describe(victims.summary),
  drain: orNone(zDuration())
    .prefault('30s')
    .describe('how long a draining server keeps its calls and sessions; none: stopped at once'),
  slo: zSlo.prefault({}),
} as const;

export type HeadKey = keyof typeof HEAD;
export type SetupKey = keyof typeof SETUP;

/** Read elsewhere: contenders.ts expands them, the gateway listens. */
export const REST = {
  contenders: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('name -> what it changes of the scenario; the first is the baseline'),
  matrix: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .optional()
    .describe('dotted path -> values: every combination is a contender'),
  listen: z
    .string()
    .regex(/^(?:[^\s:]+|\[[\da-fA-F:.]+\]):\d{1,5}$/, {
      error: butAllowed('host:port, e.g. 127.0.0.1:8080'),
    })
    .optional()
    .describe('gateway only: where it serves'),
} as const;

/** Every top-level key. */
export const SCENARIO_SHAPE = { ...HEAD, ...SETUP, ...REST } as const;
