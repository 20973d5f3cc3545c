import { expect, test } from 'vitest';
import { liveJobs } from '../../src/cli/live-runs.ts';
import { makeResults } from '../report/fixture.ts';

test('contenders run forwards with odd seeds and backwards with even ones', () => {
  const { scenario } = makeResults({ contenders: 3 });
  const jobs = liveJobs({ ...scenario, seeds: [1, 2, 7] });
  expect(jobs.map(({ seed, contender }) => `${seed}:${contender}`)).toEqual([
    ...['1:0', '1:1', '1:2'],
    ...['2:2', '2:1', '2:0'],
    ...['7:0', '7:1', '7:2'],
  ]);
});
