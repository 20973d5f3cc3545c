/** Small scenarios, run records and contenders for the tests of results, with only what a claim is about left to say. */
import { UNGUARDED } from '../unguarded.ts';
import { Histogram } from '../../src/core/histogram.ts';
import { METRIC_NAMES, type MetricName, type Metrics } from '../../src/core/metrics.ts';
import { sequential, type Rng } from '../../src/core/rng.ts';
import type { ContenderResults, Results, RunRecord } from '../../src/results/results.ts';
import { compareContenders } from '../../src/results/compare.ts';
import { tInterval } from '../../src/results/statistics.ts';
import { summarise, type RunsToSummarise } from '../../src/results/summarise.ts';
import type { Contender, Scenario, Setup, SloLimit } from '../../src/scenario/scenario.ts';

export const setup = (slo: readonly SloLimit[] = []): Setup => ({
  traffic: {
    arrivals: { kind: 'poisson', rate: 100 },
    era: 'modern',
    timeout: null,
    retries: { attempts: 1, backoff: { kind: 'constant', value: 0 } },
    sessions: null,
    keys: null,
    hedging: null,
    budget: null,
    calls: [],
  },
  servers: { count: 2, groups: [], startup: 0, discipline: 'fifo', overload: 'reject' },
  network: { kind: 'constant', value: 1 },
  faults: [],
  balancer: { name: 'round-robin', options: {} },
  affinity: 'none',
  ...UNGUARDED,
  health: { name: 'consecutive', options: {} },
  breaker: { name: 'none', options: {} },
  autoscaler: { name: 'none', options: {} },
  drain: 0,
  slo,
});

export const scenario = (
  names: readonly string[],
  change: Partial<Scenario> & { slo?: readonly SloLimit[] } = {},
): Scenario => {
  const { slo, ...rest } = change;
  return {
    name: 'test',
    question: 'Does it matter?',
    duration: 300_000,
    warmup: 30_000,
    seeds: upTo(10),
    judge: ['errorRate', 'latencyMsP99'],
    margin: 0.05,
    base: setup(slo),
    contenders: names.map((name): Contender => ({
      name,
      changes: {},
      cell: null,
      setup: setup(slo),
    })),
    matrix: null,
    ...rest,
  };
};

/** 1..n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

export const record = (
  contender: number,
  seed: number,
  metrics: Metrics,
  change: Partial<RunRecord> = {},
): RunRecord => ({
  contender,
  seed,
  metrics: { arrived: 30_000, requests: 30_000, completed: 30_000, ...metrics },
  stable: true,
  notes: [],
  notesTotal: 0,
  latency: new Histogram().counts,
  failures: {},
  series: { binMs: 1000, at: [], values: {} },
  tools: [],
  servers: [],
  sessions: null,
  strips: [],
  faults: [],
  ...change,
});

/** A contender straight from the values of its runs, seeds 1..n. */
export const contender = (
  name: string,
  values: { readonly [metric in MetricName]?: readonly number[] },
  change: Partial<ContenderResults> = {},
): ContenderResults => {
  const count = Math.max(0, ...Object.values(values).map((list) => list.length));
  const runs = upTo(count).map((seed) => ({
    seed,
    metrics: Object.fromEntries(
      METRIC_NAMES.flatMap((metric) => {
        const value = values[metric]?.[seed - 1];
        return value === undefined ? [] : [[metric, value]];
      }),
    ),
    notes: [],
    notesTotal: 0,
    stable: change.stable ?? true,
  }));
  return {
    name,
    policies: {},
    cell: null,
    runs,
    metrics: Object.fromEntries(
      METRIC_NAMES.flatMap((metric) => {
        const list = values[metric];
        return list === undefined || list.length === 0 ? [] : [[metric, tInterval(list)]];
      }),
    ),
    percentiles: [],
    series: { binMs: 0, at: [], bands: {} },
    failures: {},
    tools: [],
    servers: [],
    sessions: null,
    strips: [],
    slo: [],
    stable: true,
    ...change,
  };
};

/** What an answer is made from. */
export const field = (contenders: readonly ContenderResults[], change: Partial<Scenario> = {}) => {
  const plan = scenario(
    contenders.map(({ name }) => name),
    change,
  );
  return {
    scenario: plan,
    contenders,
    independent: false,
    comparisons: compareContenders(contenders, plan, false),
  };
};

export const summary = (
  plan: Scenario,
  records: readonly (readonly RunRecord[])[],
  change: Partial<RunsToSummarise> = {},
): Results =>
  summarise({
    scenario: plan,
    records,
    complete: true,
    independent: false,
    mode: 'sim',
    source: { file: 'test.yaml', text: '' },
    policies: [],
    scenarioHash: 'sha256:0',
    command: 'windtunnel sim test.yaml',
    environment: {
      windtunnel: '0.0.0',
      node: 'v20',
      platform: 'linux',
      workers: 1,
      startedAt: '2026-01-01T00:00:00Z',
      tookMs: 1,
    },
    ...change,
  });

/** A standard normal draw (Box-Muller). */
export const gaussian = (rng: Rng): number =>
  Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());

export const gaussians = (seed: number, name: string, count: number): number[] => {
  const rng = sequential(seed, name);
  return upTo(count).map(() => gaussian(rng));
};

/** n values around a centre whose sample mean is exactly the centre: centre ± spread in turn. */
export const around = (centre: number, spread: number, n = 10): number[] =>
  upTo(n).map((i) => centre + (i % 2 === 0 ? spread : -spread));
