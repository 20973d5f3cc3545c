/**
 * Which metrics a reader is shown, and in which order: first those the answer rests on, then the few that say what was
 * paid for it. A metric that no contender has is left out, and so is one that is zero everywhere. One in which nobody
 * differs (server-seconds of a fleet without an autoscaler) sets no contender apart: it is a sentence, not a column.
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

/** Those of them that tell contenders apart, and the judged ones. */
export const tellingMetrics = (results: Results): readonly MetricName[] =>
  mainMetrics(results).filter((metric) => !isCommon(results, metric));

/** The columns of the leaderboard. */
export const leaderboardMetrics = (results: Results): readonly MetricName[] =>
  present(results, [...results.scenario.judge, ...MAIN, ...FURTHER])
    .filter((metric) => !isCommon(results, metric))
    .slice(0, MOST_COLUMNS);

/** Main metrics in which no contender differs from another. */
export const commonMetrics = (results: Results): readonly MetricName[] =>
  mainMetrics(results).filter((metric) => isCommon(results, metric));

const isCommon = ({ contenders, scenario }: Results, metric: MetricName): boolean => {
  const [first, ...others] = contenders.map(({ metrics }) => metrics[metric]);
  return (
    others.length > 0 &&
    !scenario.judge.includes(metric) &&
    others.every((other) =>
      (['mean', 'low', 'high'] as const).every((end) => isSame(other?.[end], first?.[end])),
    )
  );
};

/** Sums of the same times may differ in their last bits. */
const isSame = (a: number | null = null, b: number | null = null): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.abs(b));

const present = (results: Results, metrics: readonly MetricName[]): readonly MetricName[] =>
  [...new Set(metrics)].filter((metric) => {
    const means = results.contenders.map((contender) => contender.metrics[metric]?.mean);
    const judged = results.scenario.judge.includes(metric);
    return means.some((mean) => mean !== undefined && (judged || mean !== 0));
  });
