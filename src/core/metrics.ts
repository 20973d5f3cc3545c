/**
 * The catalogue of metrics: one row for each figure a run yields, with its unit, its direction and its definition.
 * Validation, comparison, report and docs all read this table, so a metric cannot mean two things.
 * Durations in ms, shares 0..1, rates a second. Unless said otherwise a metric is taken over the requests that arrived
 * after the warm-up and before `duration`.
 */
export type Unit = 'ms' | 's' | 'share' | 'perSecond' | 'count' | 'ratio';
export type Direction = 'lower' | 'higher' | 'none';

export interface MetricInfo {
  readonly label: string;
  readonly unit: Unit;
  /** Which way is better; `none` for a metric that only describes. */
  readonly better: Direction;
  readonly definition: string;
}

const row = (label: string, unit: Unit, better: Direction, definition: string): MetricInfo => ({
  label,
  unit,
  better,
  definition,
});

const latency = (label: string, what: string): MetricInfo =>
  row(
    label,
    'ms',
    'lower',
    `${what} of the latency of completed requests, from the intended arrival to the last byte the client saw`,
  );

export const METRICS = {
  arrived: row('arrived', 'count', 'none', 'requests that arrived'),
  requests: row('requests', 'count', 'none', 'completed + failed requests'),
  completed: row(
    'completed',
    'count',
    'higher',
    'requests answered by the tool, tool errors included',
  ),
  failed: row('failed', 'count', 'lower', 'requests that ended in a failure after all attempts'),
  errorRate: row('error rate', 'share', 'lower', 'failed / requests'),
  toolErrorRate: row(
    'tool error rate',
    'share',
    'lower',
    'requests answered with a tool error / requests',
  ),
  goodputRps: row(
    'goodput',
    'perSecond',
    'higher',
    'requests that arrived in the measured time and were answered ok, also after its end, a second of it',
  ),
  throughputRps: row(
    'throughput',
    'perSecond',
    'none',
    'calls that servers finished within the measured time, abandoned ones too, a second of it',
  ),
  latencyMsMean: latency('mean latency', 'mean'),
  latencyMsP50: latency('p50 latency', 'median'),
  latencyMsP90: latency('p90 latency', '90th percentile'),
  latencyMsP95: latency('p95 latency', '95th percentile'),
  latencyMsP99: latency('p99 latency', '99th percentile'),
  latencyMsP999: latency('p99.9 latency', '99.9th percentile'),
  latencyMsMax: latency('max latency', 'maximum'),
  waitMsMean: row('mean wait', 'ms', 'lower', "mean time a call waited in a server's queue"),
  waitMsP99: row(
    'p99 wait',
    'ms',
    'lower',
    "99th percentile of the time a call waited in a server's queue",
  ),
  attempts: row('attempts', 'count', 'none', 'calls sent to servers'),
  retries: row('retries', 'count', 'lower', 'attempts after the first, hedges included'),
  timeouts: row('timeouts', 'count', 'lower', 'attempts that met their deadline'),
  rejected: row(
    'rejected',
    'count',
    'lower',
    'attempts answered 503, or not sent for want of a server',
  ),
  deferrals: row(
    'deferrals',
    'count',
    'lower',
    'calls that full servers sent away to come again; absent when none',
  ),
  utilisation: row(
    'utilisation',
    'share',
    'none',
    'busy slot time / slot time of servers that are up',
  ),
  serverSeconds: row(
    'server-seconds',
    's',
    'lower',
    'time servers were held, from start to exit, start-up included',
  ),
  imbalance: row(
    'imbalance',
    'ratio',
    'lower',
    'most / mean calls per second of being up, over the servers',
  ),
  sessions: row('sessions', 'count', 'none', 'sessions started'),
  sessionsLost: row(
    'sessions lost',
    'count',
    'lower',
    'sessions whose server died, or no longer knew them',
  ),
  scaleUps: row('scale-ups', 'count', 'none', 'servers started by the autoscaler'),
  scaleDowns: row('scale-downs', 'count', 'none', 'servers drained by the autoscaler'),
  breakerOpens: row('breaker opens', 'count', 'none', 'times a circuit opened'),
  ejections: row(
    'ejections',
    'count',
    'none',
    'times health checks or outlier ejection took a server out',
  ),
  detectionMsMean: row(
    'detection time',
    'ms',
    'lower',
    'mean time from the start of a fault to the ejection of its server',
  ),
} as const satisfies Record<string, MetricInfo>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** One run's figures; a metric that does not apply is absent. */
export type Metrics = { readonly [name in MetricName]?: number };
