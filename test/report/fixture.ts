/**
 * Results to draw reports from, without a simulator: plausible figures from a small keyed noise, shaped like those of
 * a fleet in which two of six servers turn flaky between one and three minutes. Every call with the same options
 * yields the same object. `hostile` puts markup, formulas and table syntax wherever a scenario file can put text.
 */
import { UNGUARDED } from '../unguarded.ts';
import { METRICS, type MetricName, type Metrics } from '../../src/core/metrics.ts';
import type {
  Band,
  Comparison,
  ContenderResults,
  Estimate,
  Note,
  Results,
  Run,
  SeriesName,
  Setup,
  Strip,
  Verdict,
} from '../../src/results/results.ts';

export interface FixtureOptions {
  /** Without a matrix: how many contenders, 1 to 60. */
  readonly contenders?: number;
  readonly matrix?: readonly { readonly path: string; readonly values: readonly string[] }[];
  readonly complete?: boolean;
  readonly hostile?: boolean;
  readonly seeds?: number;
  readonly notes?: number;
  readonly servers?: number;
}

export const HOSTILE = [
  `</script><script>window.pwned=1</script>`,
  `<img src=x onerror=window.pwned=1>`,
  `"onmouseover="window.pwned=1" x="`,
  `'><svg/onload=window.pwned=1>`,
  `=HYPERLINK("http://evil.example","x")|@cmd`,
  `| a \`b\` [c](javascript:window.pwned=1) <!-- ]]> \${1+1} __proto__`,
  `__proto__`,
  `constructor`,
] as const;

const NAMES = [
  'without breaker',
  'counter breaker',
  'failure-rate breaker',
  'outlier ejection',
  'breaker and retry budget',
] as const;

export const makeResults = (options: FixtureOptions = {}): Results => {
  const { complete = true, hostile = false, seeds = 10, matrix = null } = options;
  const cells = matrix === null ? null : combinations(matrix.map((axis) => axis.values.length));
  const count = cells?.length ?? options.contenders ?? 2;
  const contenders = Array.from({ length: count }, (_, index) =>
    makeContender(index, count, cells?.[index] ?? null, options),
  );
  const question = hostile
    ? `Does ${HOSTILE[0]} pay & "why"?`
    : matrix === null
      ? 'Does a per-server circuit breaker pay when two of six servers turn flaky?'
      : 'Which failure threshold and recovery time suit servers that turn flaky?';
  const setup = makeSetup(hostile);
  const comparisons = contenders.slice(1).flatMap((other) => compare(contenders[0]!, other));
  return {
    format: 'windtunnel/results',
    version: 1,
    mode: 'sim',
    complete,
    scenario: {
      name: hostile ? HOSTILE[1] : 'flaky',
      question,
      duration: 300_000,
      warmup: 30_000,
      seeds: Array.from({ length: seeds }, (_, seed) => seed + 1),
      judge: ['errorRate', 'latencyMsP99'],
      margin: 0.05,
      base: setup,
      contenders: contenders.map((contender) => ({
        name: contender.name,
        changes: {},
        cell: contender.cell,
        setup,
      })),
      matrix,
    },
    source: {
      file: hostile ? HOSTILE[2] : 'scenarios/flaky.yaml',
      text: hostile ? HOSTILE.join('\n') : SOURCE,
    },
    scenarioHash: 'sha256:5f1d7c0e4ac3b1d09a3e',
    command: hostile
      ? `windtunnel sim '${HOSTILE[0]}'`
      : 'npx windtunnel sim scenarios/flaky.yaml --seeds 10',
    independent: false,
    environment: {
      windtunnel: '0.1.0',
      node: 'v20.20.2',
      platform: 'linux x64',
      workers: 2,
      startedAt: '2026-11-23T08:00:00.000Z',
      tookMs: 4210,
    },
    faults: [
      { label: hostile ? HOSTILE[1] : 'errors 50% on s1, s2', from: 60_000, to: 180_000 },
      { label: hostile ? HOSTILE[0] : 'slow 5x on s3', from: 220_000, to: 250_000 },
    ],
    contenders,
    comparisons,
    answer: hostile ? `Use ${HOSTILE[1]} (${HOSTILE[5]}).` : answer(contenders, comparisons),
    warnings: [
      ...(complete ? [] : ['The run was interrupted: 4 of 10 seeds are in it.']),
      ...(seeds < 10 ? ['Fewer than 10 seeds: exploratory, nothing is decided.'] : []),
      ...(hostile ? HOSTILE : []),
    ],
  };
};

const makeSetup = (hostile: boolean): Setup => ({
  traffic: {
    arrivals: { kind: 'poisson', rate: 120 },
    era: 'modern',
    timeout: 2000,
    retries: { attempts: 2, backoff: { kind: 'constant', value: 50 } },
    sessions: null,
    keys: null,
    hedging: null,
    budget: null,
    calls: [
      {
        name: hostile ? HOSTILE[3] : 'search',
        share: 0.7,
        work: { kind: 'lognormal', mean: 40, cv: 1 },
        safe: true,
      },
      { name: 'report', share: 0.3, work: { kind: 'exponential', mean: 200 }, safe: false },
    ],
  },
  servers: {
    count: 6,
    groups: [
      {
        name: 'servers',
        count: 6,
        speed: 1,
        weight: 1,
        slots: 8,
        queue: 64,
        patience: null,
      },
    ],
    startup: 10_000,
    discipline: 'fifo',
    overload: 'reject',
  },
  network: { kind: 'constant', value: 1 },
  faults: [
    {
      at: 60_000,
      for: 120_000,
      every: null,
      servers: [0, 1],
      healthOk: false,
      effect: { kind: 'errors', share: 0.5 },
      label: 'errors 50% on s1, s2',
    },
  ],
  balancer: { name: 'round-robin', options: {} },
  affinity: 'none',
  ...UNGUARDED,
  health: { name: 'probe', options: { interval: 10_000 } },
  breaker: { name: 'none', options: {} },
  autoscaler: { name: 'none', options: {} },
  drain: 30_000,
  slo: [],
});

/** A reproducible stand-in for chance in -1..1, keyed by any numbers. */
const noise = (...keys: readonly number[]): number => {
  const mixed = keys.reduce(
    (sum, key, place) => sum + Math.sin((key + 1.7) * (place * 9.31 + 12.9898)) * 43758.5453,
    0,
  );
  return (mixed - Math.floor(mixed)) * 2 - 1;
};

const combinations = (lengths: readonly number[]): number[][] =>
  lengths.reduce<number[][]>(
    (cells, length) =>
      cells.flatMap((cell) => Array.from({ length }, (_, index) => [...cell, index])),
    [[]],
  );

/** How well a contender copes, 0..1: 0 for the baseline, a bowl over a matrix. */
const skill = (index: number, cell: readonly number[] | null): number => {
  if (cell === null)
    return index === 0
      ? 0
      : [0, 0.86, 0.8, 0.55, 0.9][index % 5]! - (index > 4 ? 0.1 * ((index % 7) / 7) : 0);
  const [x = 0, y = 0] = cell;
  return 0.95 - 0.06 * (x - 1.4) ** 2 - 0.09 * (y - 1.2) ** 2;
};

const makeContender = (
  index: number,
  count: number,
  cell: readonly number[] | null,
  options: FixtureOptions,
): ContenderResults => {
  const { hostile = false, seeds = 10, matrix } = options;
  const name =
    cell !== null
      ? cell
          .map(
            (at, axis) => `${matrix![axis]!.path.split('.').at(-1)} ${matrix![axis]!.values[at]}`,
          )
          .join(', ')
      : hostile
        ? `${HOSTILE[index % HOSTILE.length]}${index >= HOSTILE.length ? index : ''}`
        : (NAMES[index] ?? `contender number ${index + 1}`);
  const good = skill(index, cell);
  const runs = Array.from({ length: seeds }, (_, seed) => makeRun(seed + 1, index, good, options));
  const metrics: { [name in MetricName]?: Estimate } = {};
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const values = runs.map((run) => run.metrics[metric]).filter((value) => value !== undefined);
    if (values.length > 0) metrics[metric] = estimate(values);
  }
  const stable = !(count > 6 && index % 11 === 10);
  return {
    name,
    policies: {
      balancer: { name: 'round-robin', options: {} },
      breaker:
        index === 0
          ? { name: 'none', options: {} }
          : { name: 'counter', options: { failures: 5, recovery: '30s' } },
      retries: { attempts: 2, backoff: { kind: 'constant', value: '50ms' } },
      timeout: '2s',
    },
    cell,
    runs,
    metrics,
    percentiles: makePercentiles(good, index),
    series: makeSeries(good, index),
    tools: [
      tool(hostile ? HOSTILE[3] : 'search', 25_200, good, 1),
      tool('report', 10_800, good, 3.4),
    ],
    servers: Array.from({ length: options.servers ?? 6 }, (_, server) => ({
      name: `s${server + 1}`,
      group: hostile ? HOSTILE[0] : 'servers',
      attempts: 6200 + Math.round(noise(index, server) * 240) - (server < 2 ? good * 2300 : 0),
      errorRate: server < 2 ? 0.2 - 0.16 * good : 0.0004,
      utilisation: 0.27 + noise(index, server, 2) * 0.03,
      waitMsMean: 1.6 + noise(index, server, 3) * 0.7,
      readySeconds: 300,
      breakerOpens: index === 0 || server > 1 ? 0 : 4.2,
      ejections: server === 0 ? 0.6 : 0,
      remarkable: server < 2 ? 10 - server : 0,
    })),
    sessions:
      index % 2 === 0 ? { started: 840, lost: 12.5, recovered: 11.9, callsMean: 11.8 } : null,
    strips: index === 0 && cell === null ? [] : makeStrips(index),
    slo: [sloRow('latencyMsP99', 500, metrics), sloRow('errorRate', 0.01, metrics)],
    failures: { 'http-5xx': 1800 * (1 - good) + 40, timeout: 12 },
    stable,
  };
};

const sloRow = (
  metric: MetricName,
  limit: number,
  metrics: ContenderResults['metrics'],
): ContenderResults['slo'][number] => {
  const mean = metrics[metric]?.mean ?? null;
  return { metric, limit, mean, met: mean !== null && mean <= limit };
};

const makeRun = (seed: number, index: number, good: number, options: FixtureOptions): Run => {
  const weather = noise(seed, 77);
  const own = noise(seed, index, 5);
  const errorRate = Math.max(0, 0.069 * (1 - good) + 0.0022 + 0.002 * weather + 0.0006 * own);
  const p99 = 1180 - 800 * good + 60 * weather + 16 * own;
  const requests = 32_400 + Math.round(300 * weather);
  const failed = Math.round(requests * errorRate);
  const metrics: Metrics = {
    arrived: requests + 14,
    requests,
    completed: requests - failed,
    failed,
    errorRate,
    toolErrorRate: 0.004,
    goodputRps: (requests - failed) / 270,
    throughputRps: requests / 266,
    latencyMsMean: 104 + 30 * (1 - good) + 3 * weather,
    latencyMsP50: 56 + 3 * (1 - good) + weather,
    latencyMsP90: 236 + 60 * (1 - good) + 6 * weather,
    latencyMsP95: 330 + 180 * (1 - good) + 9 * weather,
    latencyMsP99: p99,
    latencyMsP999: p99 * 1.9,
    latencyMsMax: p99 * 2.6,
    waitMsMean: 1.6,
    waitMsP99: 24 + 2 * weather,
    attempts: requests * 1.04,
    retries: Math.round(requests * 0.04 * (1.3 - good)),
    timeouts: Math.round(20 * (1.2 - good)),
    rejected: 0,
    utilisation: 0.27 + 0.01 * weather,
    serverSeconds:
      1800 +
      (options.contenders === undefined && options.matrix === undefined
        ? 0
        : index * 97 + 20 * own * Math.min(index, 1)),
    imbalance: 1.04 + 0.3 * good,
    breakerOpens: index === 0 ? 0 : 8 + Math.round(own * 2),
    ejections: index === 0 ? 0 : 1,
    ...(index === 0 ? {} : { detectionMsMean: 4200 + 900 * own }),
  };
  const notes = makeNotes(index, options);
  return {
    seed,
    metrics,
    notes: seed === 1 ? notes : notes.slice(0, 3),
    notesTotal: notes.length + 31,
    stable: true,
  };
};

const makeNotes = (index: number, options: FixtureOptions): Note[] =>
  Array.from({ length: options.notes ?? 14 }, (_, at): Note => ({
    at: 60_400 + at * 9731.25 + index * 13,
    kind: at % 5 === 4 ? 'health' : 'breaker',
    server: `s${(at % 2) + 1}`,
    text: options.hostile
      ? HOSTILE[at % HOSTILE.length]!
      : `breaker of s${(at % 2) + 1} ${at % 3 === 0 ? 'opened' : at % 3 === 1 ? 'half-opened' : 'closed'}`,
    because: options.hostile
      ? HOSTILE[(at + 1) % HOSTILE.length]!
      : at % 3 === 0
        ? '5 failures, the last: http-5xx'
        : 'recovery time passed',
  }));

const makePercentiles = (good: number, index: number): ContenderResults['percentiles'] =>
  [
    0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.9625, 0.975,
    0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999, 0.9995,
  ].map((q) => {
    const depth = -Math.log10(1 - q);
    const mean =
      22 * Math.exp(1.15 * depth) * (depth > 1.2 ? 1 + (1 - good) * (depth - 1.2) * 1.3 : 1) +
      index * 0.4;
    const half = mean * (0.01 + 0.03 * depth);
    return { q, mean, low: mean - half, high: mean + half };
  });

const makeSeries = (good: number, index: number): ContenderResults['series'] => {
  const at = Array.from({ length: 100 }, (_, bin) => bin * 3000);
  const trouble = at.map((t) =>
    t >= 60_000 && t < 180_000 ? 1 : t >= 220_000 && t < 250_000 ? 0.4 : 0,
  );
  const make = (value: (bin: number, trouble: number) => number | null, spread: number): Band => {
    const mean = at.map((_, bin) => value(bin, trouble[bin]!));
    return {
      mean,
      low: mean.map((v) => (v === null ? null : Math.max(0, v * (1 - spread)))),
      high: mean.map((v) => (v === null ? null : v * (1 + spread))),
    };
  };
  const bands: { [name in SeriesName]: Band } = {
    arrivalsRps: make((bin) => 120 + 9 * noise(bin, 3), 0.05),
    goodputRps: make((bin, bad) => 119 + 9 * noise(bin, 3) - bad * 14 * (1 - good), 0.05),
    latencyMsP99: make(
      (bin, bad) =>
        bin === 0 ? null : 300 + 20 * noise(bin, index, 4) + bad * 1500 * (1 - good) * (1 - good),
      0.12,
    ),
    errorRate: make(
      (bin, bad) => 0.001 + bad * (0.15 * (1 - good) + 0.004) * (1 + 0.2 * noise(bin, index, 6)),
      0.3,
    ),
    serversWanted: make((_bin, bad) => 6 + Math.round(bad * index * 0.5), 0.02),
    serversReady: make((bin, bad) => 6 + (bin > 24 ? Math.round(bad * index * 0.5) : 0), 0.02),
    inFlight: make((bin, bad) => 13 + 2 * noise(bin, index, 8) + bad * 24 * (1 - good), 0.2),
    queued: make((bin, bad) => Math.max(0, 0.8 + noise(bin, index, 9) + bad * 6 * (1 - good)), 0.4),
  };
  return { binMs: 3000, at, bands };
};

const makeStrips = (index: number): Strip[] =>
  [1, 2].map((server): Strip => ({
    server: `s${server}`,
    spans: [
      { from: 0, to: 61_000 + server * 900, state: 'closed' },
      { from: 61_000 + server * 900, to: 91_900, state: 'open' },
      { from: 91_900, to: 93_500 + index * 60, state: 'half-open' },
      { from: 93_500 + index * 60, to: 124_000, state: 'open' },
      { from: 124_000, to: 126_000, state: 'half-open' },
      { from: 126_000, to: 168_000, state: server === 1 ? 'unhealthy' : 'open' },
      { from: 168_000, to: 196_000, state: server === 1 ? 'down' : 'half-open' },
      { from: 196_000, to: 214_000, state: server === 1 ? 'starting' : 'closed' },
      { from: 214_000, to: 300_000, state: 'closed' },
    ],
  }));

const tool = (
  name: string,
  requests: number,
  good: number,
  factor: number,
): ContenderResults['tools'][number] => ({
  name,
  requests,
  errorRate: 0.07 * (1 - good) + 0.002,
  toolErrorRate: 0.004,
  latencyMsMean: 62 * factor,
  latencyMsP50: 38 * factor,
  latencyMsP99: (1180 - 800 * good) * (factor > 2 ? 1.2 : 0.6),
});

const estimate = (values: readonly number[]): Estimate => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, low: null, high: null };
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = 2.262 * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
};

const compare = (baseline: ContenderResults, contender: ContenderResults): Comparison[] =>
  (Object.keys(METRICS) as MetricName[]).flatMap((metric): Comparison[] => {
    const { better } = METRICS[metric];
    const base = baseline.metrics[metric];
    if (better === 'none' || base === undefined || contender.metrics[metric] === undefined)
      return [];
    const difference = estimate(
      contender.runs.map(
        (run, seed) => (run.metrics[metric] ?? 0) - (baseline.runs[seed]!.metrics[metric] ?? 0),
      ),
    );
    const relative =
      base.mean === 0
        ? null
        : {
            mean: difference.mean / base.mean,
            low: difference.low === null ? null : difference.low / base.mean,
            high: difference.high === null ? null : difference.high / base.mean,
          };
    return [
      {
        baseline: baseline.name,
        contender: contender.name,
        metric,
        judged: metric === 'errorRate' || metric === 'latencyMsP99',
        difference,
        relative,
        verdict: verdictOf(difference, Math.abs(base.mean) * 0.05, better),
        seedsToSettle: null,
      },
    ];
  });

const verdictOf = (difference: Estimate, margin: number, better: 'lower' | 'higher'): Verdict => {
  const { mean, low, high } = difference;
  if (low === null || high === null) return 'undecided';
  if (low >= -margin && high <= margin) return 'equivalent';
  if ((low > 0 || high < 0) && Math.abs(mean) > margin)
    return mean > 0 === (better === 'higher') ? 'better' : 'worse';
  return 'undecided';
};

const answer = (
  contenders: readonly ContenderResults[],
  comparisons: readonly Comparison[],
): string => {
  const row = comparisons.find((comparison) => comparison.metric === 'errorRate');
  if (row === undefined || contenders.length === 1)
    return 'baseline misses both objectives: error rate 7.1 % (limit 1 %), p99 latency 1,180 ms (limit 500 ms).';
  const points = (value: number | null): string => (Math.abs(value ?? 0) * 100).toFixed(1);
  return `Yes: ${row.contender} cuts the error rate by ${points(row.difference.mean)} points (95 % interval ${points(row.difference.high)} to ${points(row.difference.low)}) and p99 latency by 58 % against ${row.baseline}, over 10 seeds.`;
};

const SOURCE = `# yaml-language-server: $schema=../scenario.schema.json
question: Does a per-server circuit breaker pay when two of six servers turn flaky?
duration: 5m
warmup: 30s
seeds: 10

traffic:
  arrivals: { poisson: { rate: 120/s } }
  timeout: 2s
  retries: { attempts: 2, backoff: 50ms }
  calls:
    search: { share: 70%, work: { lognormal: { mean: 40ms, cv: 1 } } }
    report: { share: 30%, work: { exponential: { mean: 200ms } }, safe: false }

servers: { count: 6, slots: 8, queue: 64, startup: 10s }

faults:
  - { at: 60s, for: 120s, servers: 2, errors: 50% }
  - { at: 220s, for: 30s, servers: [3], slow: 5x }

contenders:
  without breaker: { breaker: none }
  counter breaker: { breaker: counter }

slo: { latency: { p99: 500ms }, errors: 1% }
`;
