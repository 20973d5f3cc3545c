/**
 * What a leaderboard may claim with so many seeds. Below the least number nothing is tested, so nobody holds a place (a
 * table of nothing but first places reads like a draw, which nobody has shown), and a single seed has no interval.
 */
import { formatMetric } from '../core/format.ts';
import { METRICS } from '../core/metrics.ts';
import { marginRule } from '../results/margin.ts';
import { seedCount } from '../results/answer/words.ts';
import type { MetricName } from '../core/metrics.ts';
import type { ContenderResults, Results } from '../results/results.ts';
import { FEWEST_RUNS } from '../results/verdict.ts';
import { commonMetrics } from './columns.ts';

export const runsOf = ({ contenders }: Results): number => contenders[0]?.runs.length ?? 0;

export const isTested = (results: Results): boolean => runsOf(results) >= FEWEST_RUNS;

/** `not tested with 5 seeds`. */
export const notTested = (results: Results): string =>
  `not tested with ${seedCount(runsOf(results))}`;

interface Row {
  readonly rank: number | null;
  readonly contender: ContenderResults;
}

/** What the order of the rows means; `rows` as they are shown, from the top. Null when there is one, which has no order. */
export const rankingNote = (
  results: Results,
  metric: MetricName,
  rows: readonly Row[],
): string | null => {
  if (results.contenders.length < 2) return null;
  return isTested(results)
    ? `Ranked by ${METRICS[metric].label}; contenders not shown to differ by more than the margin share a rank${outOfOrder(metric, rows) ? ', so a wide interval can stand above a better mean' : ''}.`
    : `Ordered by mean ${METRICS[metric].label}; differences are ${notTested(results)}, so nobody has a rank.`;
};

/** `Margin: 5 %, but at least 0.1 points or 1 ms; a smaller difference does not matter.`; null where nothing is ruled. */
export const marginNote = (results: Results, metrics: readonly MetricName[]): string | null =>
  results.contenders.length < 2 || !isTested(results)
    ? null
    : marginSentence(metrics, results.scenario.margin);

/** `share`: the scenario's margin, 0..1. */
export const marginSentence = (metrics: readonly MetricName[], share: number): string =>
  `Margin: ${marginRule(metrics, share)}; a smaller difference does not matter.`;

/** `where`: what shows the intervals, e.g. `Brackets hold`; empty to begin with the intervals themselves. */
export const intervalNote = (results: Results, where: string): string => {
  const runs = runsOf(results);
  if (runs < 2)
    return `There are no intervals: ${runs === 0 ? 'no seed was' : 'only one seed was'} run.`;
  return `${where === '' ? '' : `${where} `}95 % intervals over ${runs} seeds.`;
};

/** `The same for all: server-seconds 1,620 s.`: what needs no column; null when every metric differs. */
export const commonNote = (results: Results): string | null => {
  const told = commonMetrics(results).map(
    (metric) =>
      `${METRICS[metric].label} ${formatMetric(metric, results.contenders[0]?.metrics[metric]?.mean)}`,
  );
  return told.length === 0 ? null : `The same for all: ${told.join(', ')}.`;
};

/** A ranked row has a better mean than the one above it. */
const outOfOrder = (metric: MetricName, rows: readonly Row[]): boolean => {
  const sign = METRICS[metric].better === 'higher' ? -1 : 1;
  const means = rows.flatMap(({ rank, contender }) =>
    rank === null ? [] : (contender.metrics[metric]?.mean ?? []),
  );
  return means.some((mean, index) => index > 0 && sign * (mean - (means[index - 1] ?? mean)) < 0);
};
