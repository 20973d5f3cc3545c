/**
 * What reports rely on in a results file, so that a damaged one is told as such instead of failing somewhere in a chart.
 * Loose: further keys are allowed, and a later version of windtunnel may write them.
 */
import { z } from 'zod';
import { METRIC_NAMES } from '../core/metrics.ts';

const figure = z.number().nullable();
const estimate = z.looseObject({ mean: z.number(), low: figure, high: figure });
const figures = z.array(figure);
const metric = z.enum(METRIC_NAMES as [string, ...string[]]);
const metrics = z.partialRecord(metric, z.number());
const note = z.looseObject({
  at: z.number(),
  kind: z.string(),
  server: z.string().nullable(),
  text: z.string(),
  because: z.string(),
});
const run = z.looseObject({
  seed: z.number(),
  metrics,
  notes: z.array(note),
  notesTotal: z.number(),
  stable: z.boolean(),
});
const band = z.looseObject({ mean: figures, low: figures, high: figures });

const percentiles = z.array(
  z.looseObject({ q: z.number(), mean: z.number(), low: figure, high: figure }),
);

const contender = z.looseObject({
  name: z.string(),
  policies: z.record(z.string(), z.unknown()),
  cell: z.array(z.number()).nullable(),
  runs: z.array(run),
  metrics: z.partialRecord(metric, estimate),
  percentiles,
  series: z.looseObject({
    binMs: z.number(),
    at: z.array(z.number()),
    bands: z.record(z.string(), band),
  }),
  tools: z.array(z.looseObject({ name: z.string(), requests: z.number() })),
  servers: z.array(z.looseObject({ name: z.string(), group: z.string(), remarkable: z.number() })),
  sessions: z.looseObject({ started: z.number() }).nullable(),
  strips: z.array(
    z.looseObject({
      server: z.string(),
      spans: z.array(z.looseObject({ from: z.number(), to: z.number(), state: z.string() })),
    }),
  ),
  slo: z.array(z.looseObject({ metric, limit: z.number(), mean: figure, met: z.boolean() })),
  stable: z.boolean(),
});

const lagRow = z.looseObject({
  contender: z.string(),
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
  limit: z.number(),
  valid: z.boolean(),
});
const twinRow = z.looseObject({
  contender: z.string(),
  percentiles,
  errors: z.array(z.looseObject({ metric, live: z.number(), sim: z.number(), error: figure })),
});

export const RESULTS_SHAPE = z.looseObject({
  mode: z.enum(['sim', 'live', 'load']),
  complete: z.boolean(),
  scenario: z.looseObject({
    name: z.string(),
    question: z.string(),
    duration: z.number(),
    warmup: z.number(),
    seeds: z.array(z.number()),
    judge: z.array(metric),
    margin: z.number(),
    contenders: z.array(z.looseObject({ name: z.string() })),
    matrix: z.array(z.looseObject({ path: z.string(), values: z.array(z.string()) })).nullable(),
  }),
  source: z.looseObject({ file: z.string(), text: z.string() }),
  scenarioHash: z.string(),
  command: z.string(),
  independent: z.boolean(),
  environment: z.looseObject({ windtunnel: z.string(), node: z.string(), tookMs: z.number() }),
  faults: z.array(z.looseObject({ label: z.string(), from: z.number(), to: z.number() })),
  contenders: z.array(contender).min(1),
  comparisons: z.array(
    z.looseObject({
      baseline: z.string(),
      contender: z.string(),
      metric,
      judged: z.boolean(),
      difference: estimate,
      relative: estimate.nullable(),
      verdict: z.enum(['better', 'worse', 'equivalent', 'undecided']),
    }),
  ),
  answer: z.string(),
  warnings: z.array(z.string()),
  lag: z.array(lagRow).optional(),
  twin: z.array(twinRow).optional(),
});
