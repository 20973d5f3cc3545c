/**
 * The results file as text. A record a line where it fits, lists of numbers on one line: small enough to keep, and two of
 * them can be compared with `diff`. Reading checks that it is ours, whole, and shaped as reports expect.
 */
import { z } from 'zod';
import { METRIC_NAMES } from '../core/metrics.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { describeValue } from '../core/units.ts';
import { RESULTS_FORMAT, RESULTS_VERSION, type Results } from '../results/results.ts';

const LINE = 120;

export const resultsText = (results: Results): string => `${write(results, '')}\n`;

/** Throws ScenarioError, its place the file. */
export const parseResults = (file: string, text: string): Results => {
  const refuse = (message: string): never => {
    throw new ScenarioError(message, { file });
  };
  const parsed =
    parseJson(text) ??
    refuse('this is not JSON, or not all of it; allowed: a results file of windtunnel');
  const { format, version } = z
    .looseObject({ format: z.unknown(), version: z.unknown() })
    .catch({ format: undefined, version: undefined })
    .parse(parsed);
  if (format !== RESULTS_FORMAT) {
    refuse(
      `not a results file of windtunnel: its format is ${describeValue(format)}; allowed: ${RESULTS_FORMAT}`,
    );
  }
  if (version !== RESULTS_VERSION) {
    refuse(
      `a results file of version ${describeValue(version)}; this windtunnel reads version ${RESULTS_VERSION}`,
    );
  }
  const checked = RESULTS.safeParse(parsed);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    refuse(
      `a damaged results file: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`,
    );
  }
  // The schema names what reports rely on; the rest is as `sim` wrote it.
  return parsed as Results;
};

/** Undefined when it is no JSON. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const figure = z.number().nullable();
const estimate = z.looseObject({ mean: z.number(), low: figure, high: figure });
const figures = z.array(figure);
const metrics = z.partialRecord(z.enum(METRIC_NAMES as [string, ...string[]]), z.number());
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
const metric = z.enum(METRIC_NAMES as [string, ...string[]]);

const contender = z.looseObject({
  name: z.string(),
  policies: z.record(z.string(), z.unknown()),
  cell: z.array(z.number()).nullable(),
  runs: z.array(run),
  metrics: z.partialRecord(metric, estimate),
  percentiles: z.array(
    z.looseObject({ q: z.number(), mean: z.number(), low: figure, high: figure }),
  ),
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

const RESULTS = z.looseObject({
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
});

const write = (value: unknown, indent: string): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent} `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return JSON.stringify(value);
    return `[\n${value.map((item) => deeper + write(item, deeper)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const isRecord = entries.every(([, part]) => isPlain(part));
  const line = isRecord ? JSON.stringify(value) : '';
  if (isRecord && line.length + indent.length <= LINE) return line;
  const lines = entries.map(
    ([key, part]) => `${deeper}${JSON.stringify(key)}: ${write(part, deeper)}`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
};

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
