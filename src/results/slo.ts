/**
 * Were the objectives met? The mean over runs against each limit. A metric that some run lacks cannot speak for the
 * objective: no p99 means that nothing was completed, and that is a miss. The exception are counts of mishaps (sessions
 * lost, retries): where nothing of the kind was counted there was none, and the objective is met; so whoever measures must
 * count them, or refuse the objective. Errors and latencies cannot be vouched for where requests had no answer at all.
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { SloLimit } from '../scenario/scenario.ts';
import { valuesOf } from './compare.ts';
import type { Run, SloRow } from './results.ts';
import { mean } from './statistics.ts';
import { isOfAnswered, unanswered } from './unanswered.ts';

/** `unheard`: for too much of the time nobody had an answer, whatever the figures say. */
export const sloRows = (
  limits: readonly SloLimit[],
  runs: readonly Run[],
  unheard = false,
): SloRow[] => {
  const silent = unheard || unanswered(runs) !== null;
  return limits.map(({ metric, limit }) => {
    const measured = runs.flatMap((run) => run.metrics[metric] ?? []);
    if (measured.length === 0) {
      return { metric, limit, mean: null, met: runs.length > 0 && isMishap(metric) };
    }
    const average = mean(measured);
    const everywhere = valuesOf(runs, metric) !== null || isMishap(metric);
    const known = everywhere && !(silent && isOfAnswered(metric));
    return { metric, limit, mean: average, met: known && isWithin(metric, average, limit) };
  });
};

const isMishap = (metric: MetricName): boolean => {
  const { unit, better } = METRICS[metric];
  return unit === 'count' && better === 'lower';
};

/** A missed objective may be within its limit all the same, where its figure is not vouched for. */
export const isWithin = (metric: MetricName, average: number, limit: number): boolean =>
  METRICS[metric].better === 'higher' ? average >= limit : average <= limit;
