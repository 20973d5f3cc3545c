/**
 * Which metrics a reader is shown, and in which order: first those the answer rests on, then the few that say what was
 * paid for it. A metric that no contender has is left out, and so is one that is zero everywhere; and from a leaderboard
 * one that is the same for all, which ranks nobody.
 */
import type { MetricName } from '../core/metrics.ts';
import type { Results } from '../results/results.ts';

const MAIN: readonly MetricName[] = [
  'errorRate',
  'latencyMsP50',
  'latencyMsP99',
  'goodputRps',
  'serverSeconds',
];
const FURTHER: readonly MetricName[] = [
  'utilisation',
  'waitMsP99',
  'retries',
  'timeouts',
  'rejected',
  'imbalance',
  'sessionsLost',
  'detectionMsMean',
];

const MOST_COLUMNS = 7;

/** The judged metrics and the main ones. */
export const mainMetrics = (results: Results): readonly MetricName[] =>
  present(results, [...results.scenario.judge, ...MAIN]);

/** The columns of the leaderboard. */
export const leaderboardMetrics = (results: Results): readonly MetricName[] =>
  telling(results, present(results, [...results.scenario.judge, ...MAIN, ...FURTHER])).slice(
    0,
    MOST_COLUMNS,
  );

/** The judged ones, and those that tell contenders apart. */
export const telling = (results: Results, metrics: readonly MetricName[]): readonly MetricName[] =>
  metrics.filter((metric) => results.scenario.judge.includes(metric) || differs(results, metric));

const differs = ({ contenders }: Results, metric: MetricName): boolean => {
  const means = contenders.map((contender) => contender.metrics[metric]?.mean ?? NaN);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  // NaN, for one who has none, differs from everything.
  return means.length === 1 || !(most - least <= SAME * Math.abs(most));
};

/** Sums of the same times may differ in their last bits. */
const SAME = 1e-9;

const present = (results: Results, metrics: readonly MetricName[]): readonly MetricName[] =>
  [...new Set(metrics)].filter((metric) => {
    const means = results.contenders.map((contender) => contender.metrics[metric]?.mean);
    const judged = results.scenario.judge.includes(metric);
    return means.some((mean) => mean !== undefined && (judged || mean !== 0));
  });
