/**
 * Were the objectives met? The mean over runs against each limit. A metric that some run lacks cannot speak for the
 * objective: no p99 means that nothing was completed, and that is a miss. The exception are counts of mishaps (sessions
 * lost, retries): where nothing of the kind was counted there was none, and the objective is met.
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { SloLimit } from '../scenario/scenario.ts';
import { valuesOf } from './compare.ts';
import type { Run, SloRow } from './results.ts';
import { mean } from './statistics.ts';

export const sloRows = (limits: readonly SloLimit[], runs: readonly Run[]): SloRow[] =>
  limits.map(({ metric, limit }) => {
    const measured = runs.flatMap((run) => run.metrics[metric] ?? []);
    if (measured.length === 0) {
      return { metric, limit, mean: null, met: runs.length > 0 && isMishap(metric) };
    }
    const average = mean(measured);
    const everywhere = valuesOf(runs, metric) !== null || isMishap(metric);
    return { metric, limit, mean: average, met: everywhere && isWithin(metric, average, limit) };
  });

const isMishap = (metric: MetricName): boolean => {
  const { unit, better } = METRICS[metric];
  return unit === 'count' && better === 'lower';
};

const isWithin = (metric: MetricName, average: number, limit: number): boolean =>
  METRICS[metric].better === 'higher' ? average >= limit : average <= limit;
