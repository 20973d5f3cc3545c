/**
 * The results file: the one truth that reports are drawn from. Plain JSON; see docs/architecture.md for the walk from a
 * run to this. Same scenario and seeds give the same bytes but for `environment`.
 * Durations in ms, shares 0..1, rates a second, `*At` ms since the run began.
 */
import type { MetricName, Metrics } from '../core/metrics.ts';
import type { Failure } from '../core/outcome.ts';
import type { Scenario, Setup } from '../scenario/scenario.ts';

export const RESULTS_FORMAT = 'windtunnel/results';
export const RESULTS_VERSION = 1;

export interface Results {
  readonly format: typeof RESULTS_FORMAT;
  readonly version: typeof RESULTS_VERSION;
  readonly mode: 'sim' | 'live' | 'load';
  /** False when the run was interrupted: only seeds that every contender finished are in it. */
  readonly complete: boolean;
  readonly scenario: Scenario;
  /** The file as given and its text, verbatim. */
  readonly source: { readonly file: string; readonly text: string };
  /** `sha256:...` over demand and world, not over policies or seeds. */
  readonly scenarioHash: string;
  /** What reproduces it, as typed. */
  readonly command: string;
  /** True with `--independent`: common random numbers were off. */
  readonly independent: boolean;
  readonly environment: Environment;
  /** When faults really held, over the whole run; the same for every contender. */
  readonly faults: readonly FaultSpan[];
  readonly contenders: readonly ContenderResults[];
  readonly comparisons: readonly Comparison[];
  /** One sentence. */
  readonly answer: string;
  /** Things a reader must know before believing a number: few seeds, few requests, an interruption. */
  readonly warnings: readonly string[];
  /** Live: how late the driver sent what it meant to send, a row for each contender. */
  readonly lag?: readonly LagRow[];
  /** Live with its simulated twin: the same seeds in the simulator, a row for each contender. */
  readonly twin?: readonly TwinRow[];
}

/** From the intended instant to the sending, ms; each figure that of the contender's worst run. */
export interface LagRow {
  readonly contender: string;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** A p99 above this colours the result. */
  readonly limit: number;
  /** No run was above its limit. */
  readonly valid: boolean;
}

export interface TwinRow {
  readonly contender: string;
  /** Latency by quantile in the simulator. */
  readonly percentiles: readonly PercentilePoint[];
  readonly errors: readonly TwinError[];
}

/** What the live world measured, what the simulator said, and how far apart they are. */
export interface TwinError {
  readonly metric: MetricName;
  readonly live: number;
  readonly sim: number;
  /** (sim - live) / live; for a share sim - live, in points. Null where live is 0. */
  readonly error: number | null;
}

export interface Environment {
  readonly windtunnel: string;
  readonly node: string;
  readonly platform: string;
  readonly workers: number;
  readonly startedAt: string;
  /** All runs, without loading and reports. */
  readonly tookMs: number;
}

/** Mean over runs with its plain 95 % t interval; low and high are null with a single run. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface ContenderResults {
  readonly name: string;
  /**
   * Its resolved policies, their options as one would write them (`recovery: 15s`): balancer, affinity, health, breaker,
   * autoscaler, drain, traffic's timeout and retries, and each further guard that is on.
   */
  readonly policies: Readonly<Record<string, unknown>>;
  /** Index on each axis of `scenario.matrix`. */
  readonly cell: readonly number[] | null;
  readonly runs: readonly Run[];
  readonly metrics: { readonly [name in MetricName]?: Estimate };
  /** Latency by quantile, from each run's merged histogram; ends where fewer than 10 requests a run lie beyond. */
  readonly percentiles: readonly PercentilePoint[];
  readonly series: Series;
  /** Failed requests by the reason of their last attempt, means over runs, most frequent first. */
  readonly failures: { readonly [reason in Failure]?: number };
  readonly tools: readonly ToolRow[];
  readonly servers: readonly ServerRow[];
  readonly sessions: SessionRow | null;
  /** State of breakers and health over time in the first run, for servers that changed state. */
  readonly strips: readonly Strip[];
  readonly slo: readonly SloRow[];
  /** False: the backlog grew, and the means are not judged. */
  readonly stable: boolean;
}

export interface Run {
  readonly seed: number;
  readonly metrics: Metrics;
  readonly notes: readonly Note[];
  /** Notes made, of which `notes` holds the first. */
  readonly notesTotal: number;
  readonly stable: boolean;
}

/** Something the fleet decided, and why. */
export interface Note {
  readonly at: number;
  readonly kind: NoteKind;
  /** Server name, if about one. */
  readonly server: string | null;
  /** "breaker of s3 opened" */
  readonly text: string;
  /** "5 failures, the last: timeout" */
  readonly because: string;
}

export type NoteKind = 'breaker' | 'health' | 'scaling' | 'server' | 'session' | 'fault';

export interface PercentilePoint extends Estimate {
  /** 0..1, e.g. 0.99. */
  readonly q: number;
}

/** At most 120 points; `at` is the start of each bin, ms. Bands are over runs; NaN-free: null where nothing happened. */
export interface Series {
  readonly binMs: number;
  readonly at: readonly number[];
  readonly bands: { readonly [name in SeriesName]?: Band };
}

export const SERIES = {
  arrivalsRps: { label: 'arrivals', unit: 'perSecond' },
  goodputRps: { label: 'goodput', unit: 'perSecond' },
  latencyMsP99: { label: 'p99 latency', unit: 'ms' },
  errorRate: { label: 'error rate', unit: 'share' },
  serversWanted: { label: 'servers wanted', unit: 'count' },
  serversReady: { label: 'servers the fleet holds ready', unit: 'count' },
  inFlight: { label: 'in flight', unit: 'count' },
  queued: { label: 'queued at servers and balancer', unit: 'count' },
} as const;
export type SeriesName = keyof typeof SERIES;

export interface Band {
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** Per tool, means over runs. */
export interface ToolRow {
  readonly name: string;
  readonly requests: number;
  readonly errorRate: number;
  readonly toolErrorRate: number;
  readonly latencyMsMean: number | null;
  readonly latencyMsP50: number | null;
  readonly latencyMsP99: number | null;
}

/** Per server, means over runs. */
export interface ServerRow {
  readonly name: string;
  readonly group: string;
  /** Attempts sent to it. */
  readonly attempts: number;
  readonly errorRate: number;
  readonly utilisation: number | null;
  readonly waitMsMean: number | null;
  /** Time its process was up, ready or not: while it drains or fails its checks as well. */
  readonly readySeconds: number;
  readonly breakerOpens: number;
  readonly ejections: number;
  /** 0 = unremarkable; the report shows the 20 highest. */
  readonly remarkable: number;
}

/** Means over runs. */
export interface SessionRow {
  readonly started: number;
  readonly lost: number;
  readonly recovered: number;
  readonly callsMean: number | null;
}

export interface Strip {
  readonly server: string;
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly state: StripState;
  }[];
}
export type StripState =
  'closed' | 'open' | 'half-open' | 'unhealthy' | 'down' | 'draining' | 'starting';

export interface SloRow {
  readonly metric: MetricName;
  readonly limit: number;
  /** Null when no run has the metric. */
  readonly mean: number | null;
  readonly met: boolean;
}

export type Verdict = 'better' | 'worse' | 'equivalent' | 'undecided';

export interface Comparison {
  readonly baseline: string;
  readonly contender: string;
  readonly metric: MetricName;
  /** In the family of judged metrics, hence Holm-adjusted; otherwise exploratory. */
  readonly judged: boolean;
  /** contender - baseline, paired over equal seeds; judged rows carry the adjusted interval. */
  readonly difference: Estimate;
  /** The same over the baseline's mean; null when that is 0. */
  readonly relative: Estimate | null;
  readonly verdict: Verdict;
  /** Seeds that would settle an undecided verdict; null when decided or not foreseeable. */
  readonly seedsToSettle: number | null;
}

/** What one run hands over; summarise.ts turns those of a contender into ContenderResults. */
export interface RunRecord {
  readonly contender: number;
  readonly seed: number;
  readonly metrics: Metrics;
  readonly stable: boolean;
  readonly notes: readonly Note[];
  readonly notesTotal: number;
  /** Latencies of completed requests: counts of core/histogram.ts. */
  readonly latency: Uint32Array;
  /** Failed requests by reason. */
  readonly failures: { readonly [reason in Failure]?: number };
  readonly series: {
    readonly binMs: number;
    readonly at: readonly number[];
    readonly values: { readonly [name in SeriesName]?: readonly (number | null)[] };
  };
  readonly tools: readonly ToolRow[];
  readonly servers: readonly Omit<ServerRow, 'remarkable'>[];
  readonly sessions: SessionRow | null;
  readonly strips: readonly Strip[];
  /** Times each fault really began and ended, for the bands of the charts. */
  readonly faults: readonly FaultSpan[];
}

export interface FaultSpan {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export type { Setup };
