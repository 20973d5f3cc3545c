/** Which metrics the leaderboard shows. */
import { expect, test } from 'vitest';
import type { MetricName } from '../../src/core/metrics.ts';
import { leaderboardMetrics } from '../../src/report/columns.ts';
import type { Results } from '../../src/results/results.ts';
import { makeResults } from './fixture.ts';

/** Results in which every contender has the same mean of `metric`. */
const sameFor = (metric: MetricName, judge: readonly MetricName[]): Results => {
  const results = makeResults({ contenders: 3 });
  return {
    ...results,
    scenario: { ...results.scenario, judge },
    contenders: results.contenders.map((contender) => ({
      ...contender,
      metrics: { ...contender.metrics, [metric]: { mean: 600, low: 600, high: 600 } },
    })),
  };
};

test('a metric that is the same for all takes no column', () => {
  expect(leaderboardMetrics(makeResults({ contenders: 3 }))).toContain('serverSeconds');
  expect(leaderboardMetrics(sameFor('serverSeconds', ['errorRate']))).not.toContain(
    'serverSeconds',
  );
});

test('but one that is judged does, as the answer rests on it', () => {
  expect(leaderboardMetrics(sameFor('serverSeconds', ['serverSeconds']))).toContain(
    'serverSeconds',
  );
});

test('and of a single contender all are shown', () => {
  expect(leaderboardMetrics(makeResults({ contenders: 1 }))).toContain('serverSeconds');
});
