/**
 * Requests that never got an answer: a server hung, nobody set a deadline, and the run ended first. They are in no error
 * rate and in no latency, so a fleet that loses them looks flawless. Hence they are counted apart, and where they are
 * more than stragglers no objective on errors or latency is called met.
 */
import type { MetricName } from '../core/metrics.ts';
import type { Run } from './results.ts';

/** Calls still under way at the end of a run are a smaller share than this of any run worth reading. */
const STRAGGLERS = 0.001;

export interface Unanswered {
  /** Measured requests over all runs. */
  readonly arrived: number;
  /** Of them, those that had neither completed nor failed when their run ended. */
  readonly missing: number;
}

/** Null when there are no more of them than stragglers. */
export const unanswered = (runs: readonly Run[]): Unanswered | null => {
  const sum = (metric: MetricName): number =>
    runs.reduce((total, { metrics }) => total + (metrics[metric] ?? 0), 0);
  const arrived = sum('arrived');
  const missing = arrived - sum('requests');
  return missing > STRAGGLERS * arrived ? { arrived, missing } : null;
};

/** Metrics that speak of answered requests only. */
export const isOfAnswered = (metric: MetricName): boolean =>
  metric.startsWith('latencyMs') || metric === 'errorRate' || metric === 'toolErrorRate';
